"""Adoption of a cluster created by another tool, as in docs/runbooks/adopt-a-cluster.md."""

import json
import re
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pulumi.automation import OpType, Stack

from rehearsal import Rehearsal
from tests.engine.plans import RESOURCES, Plan
from tools.repository import ROOT

NAME, CLUSTER = "adopted", "dev-adopted-cluster-ue2"
OWNER, FIRST_PASSWORD = "orders_admin", "the-other-tools-password"
SECRET = f"/dev/rds/{NAME}/master-password"
DESCRIPTION = "created by another tool"


@pytest.fixture
def program(tmp_path: Path) -> Path:
    """Return a copy of the program that contains the runbook's code."""
    folder = tmp_path / "program"
    folder.mkdir()
    for path in ROOT.iterdir():
        if not path.name.startswith(".") and path.name != "__main__.py":
            (folder / path.name).symlink_to(path)
    page = (ROOT / "docs/runbooks/adopt-a-cluster.md").read_text(encoding="utf-8")
    (lines,) = re.findall(r"^```python\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    main, _, exports = (ROOT / "__main__.py").read_text(encoding="utf-8").partition("\nplatform = ")
    exports = exports[exports.index("\nfor ") :]
    (folder / "__main__.py").write_text(f"{main}\n{lines}{exports}", encoding="utf-8")
    return folder


@pytest.fixture
def existing(
    rehearsal: Rehearsal, program: Path, client: Callable[[str], Any]
) -> Iterator[tuple[Stack, dict[str, str]]]:
    """Yield an empty stack, and the IDs of its existing resources by logical name."""
    key = client("kms").create_key(Description=DESCRIPTION)["KeyMetadata"]["Arn"]
    changes = {
        "platformName": NAME,
        "kmsKeyId": key,
        "databaseName": "orders",
        "masterUsername": OWNER,
        "maintenanceWindow": "sun:06:00-sun:07:00",
    }
    adopting = Rehearsal(rehearsal.folder, program, "adopting")
    stack = adopting.stack(NAME, changes, like="dev")
    try:
        yield stack, create_resources(client, key)
    finally:
        stack.destroy()
        stack.workspace.remove_stack(NAME)
        # Restores the launcher for the other tests.
        rehearsal.stack("dev")


def create_resources(client: Callable[[str], Any], key: str) -> dict[str, str]:
    ec2, rds, secrets = client("ec2"), client("rds"), client("secretsmanager")
    subnets = ec2.describe_subnets(
        Filters=[
            {"Name": "tag:Tier", "Values": ["private"]},
            {"Name": "tag:Environment", "Values": ["dev"]},
        ]
    )["Subnets"]
    group = ec2.create_security_group(
        GroupName=f"dev-rds-{NAME}-sg-ue2", Description=DESCRIPTION, VpcId=subnets[0]["VpcId"]
    )["GroupId"]
    subnet_group, parameter_group = f"dev-{NAME}-subnet-group-ue2", f"dev-{NAME}-postgresql17-ue2"
    rds.create_db_subnet_group(
        DBSubnetGroupName=subnet_group,
        DBSubnetGroupDescription=DESCRIPTION,
        SubnetIds=[row["SubnetId"] for row in subnets],
    )
    rds.create_db_cluster_parameter_group(
        DBClusterParameterGroupName=parameter_group,
        DBParameterGroupFamily="aurora-postgresql17",
        Description=DESCRIPTION,
    )
    cluster = rds.create_db_cluster(
        DBClusterIdentifier=CLUSTER,
        Engine="aurora-postgresql",
        EngineVersion="17.4",
        DatabaseName="orders",
        MasterUsername=OWNER,
        MasterUserPassword=FIRST_PASSWORD,
        DBSubnetGroupName=subnet_group,
        DBClusterParameterGroupName=parameter_group,
        VpcSecurityGroupIds=[group],
        StorageEncrypted=True,
        KmsKeyId=key,
        ServerlessV2ScalingConfiguration={"MinCapacity": 0.5, "MaxCapacity": 8},
        PreferredBackupWindow="01:00-02:00",
        PreferredMaintenanceWindow="sun:06:00-sun:07:00",
    )["DBCluster"]
    rds.create_db_instance(
        DBInstanceIdentifier=f"{CLUSTER}-1",
        DBClusterIdentifier=CLUSTER,
        DBInstanceClass="db.serverless",
        Engine="aurora-postgresql",
        PreferredMaintenanceWindow="sun:06:00-sun:07:00",
    )
    content = {
        "engine": "postgres",
        "host": cluster["Endpoint"],
        "port": cluster["Port"],
        "username": OWNER,
        "password": FIRST_PASSWORD,
        "dbname": "orders",
    }
    secret = secrets.create_secret(Name=SECRET, KmsKeyId=key, SecretString=json.dumps(content))
    secrets.update_secret_version_stage(
        SecretId=SECRET, VersionStage="PULUMI_INITIAL", MoveToVersionId=secret["VersionId"]
    )
    return {
        f"{NAME}-cluster": CLUSTER,
        f"{NAME}-instance-1": f"{CLUSTER}-1",
        f"{NAME}-subnet-group": subnet_group,
        f"{NAME}-parameter-group-17": parameter_group,
        f"{NAME}-security-group": group,
        f"{NAME}-secret": secret["ARN"],
        f"{NAME}-secret-version": f"{secret['ARN']}|{secret['VersionId']}",
    }


def test_an_existing_cluster_is_adopted_with_its_data_and_its_password(
    existing: tuple[Stack, dict[str, str]],
    rehearsal: Rehearsal,
    client: Callable[[str], Any],
    tmp_path: Path,
) -> None:
    stack, identities = existing

    def pulumi(*words: str) -> None:
        command = [rehearsal.launcher, *words, "--stack", NAME, "--non-interactive"]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr

    def cluster() -> dict[str, Any]:
        return client("rds").describe_db_clusters(DBClusterIdentifier=CLUSTER)["DBClusters"][0]

    before = cluster()["DbClusterResourceId"]
    file = tmp_path / "import.json"
    pulumi("preview", "--import-file", str(file))
    content = json.loads(file.read_text(encoding="utf-8"))
    content["resources"] = [
        row if row.get("component") else {**row, "id": identities[row["name"]]}
        for row in content["resources"]
        if row.get("component") or row["name"] in identities
    ]
    file.write_text(json.dumps(content), encoding="utf-8")
    pulumi("import", "--file", str(file), "--protect=false", "--generate-code=false", "--yes")
    secret = client("secretsmanager").get_secret_value(SecretId=SECRET)
    assert json.loads(secret["SecretString"])["password"] == FIRST_PASSWORD

    plan = Plan()
    stack.preview(on_event=plan.record)
    assert {step.operation for step in plan.steps.values()} == {"create", "update"}
    created = {name for name, step in plan.steps.items() if step.operation == "create"}
    assert created.isdisjoint(identities)
    assert "masterPassword" not in plan.steps[f"{NAME}-cluster"].changed

    stack.up()
    database = rehearsal.database(stack)
    database.wait_for_first_rotation()
    assert database.log_in().user == OWNER
    assert cluster()["DbClusterResourceId"] == before
    # The platform creates neither a key nor an alias here.
    same = {OpType.SAME: RESOURCES["dev"] - 2}
    assert stack.preview(expect_no_changes=True).change_summary == same
    versions = client("secretsmanager").list_secret_version_ids(
        SecretId=SECRET, IncludeDeprecated=True
    )["Versions"]
    labels = {stage for row in versions for stage in row["VersionStages"]}
    assert labels == {"AWSCURRENT", "AWSPREVIOUS", "PULUMI_INITIAL"}
