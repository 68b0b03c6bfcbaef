"""The dev stack, from preview to destroy."""

import json
import os
import re
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from pulumi.automation import EngineEvent, OpType, Stack

from components.aurora_data_platform.credentials.secret import INITIAL_VERSION_STAGE
from rehearsal import Rehearsal
from rehearsal.database import Login
from tests.engine.plans import RESOURCES, Plan, resources_of
from tools.repository import ROOT, read_yaml

CLUSTER = "dev-aurora-cluster-ue2"


@pytest.fixture(scope="module")
def dev(rehearsal: Rehearsal) -> Iterator[Stack]:
    stack = rehearsal.stack("dev")
    stack.up()
    yield stack
    stack.destroy()


def is_contained(text: str, password: str) -> bool:
    """Return whether a text contains the password, plain or JSON-escaped once or twice."""
    once = json.dumps(password)[1:-1]
    return any(form in text for form in (password, once, json.dumps(once)[1:-1]))


def labels(secrets: Any) -> dict[str, list[str]]:
    described = secrets.describe_secret(SecretId="/dev/rds/aurora/master-password")
    found: dict[str, list[str]] = described["VersionIdsToStages"]
    return found


def secret_value(envelope: dict[str, Any]) -> str:
    """Return the value of a secret in an exported state."""
    return str(json.loads(envelope["plaintext"]))


def test_a_preview_creates_nothing(rehearsal: Rehearsal, client: Callable[[str], Any]) -> None:
    changes = rehearsal.stack("dev").preview().change_summary
    assert changes == {OpType.CREATE: RESOURCES["dev"]}
    assert client("rds").describe_db_clusters()["DBClusters"] == []
    assert client("secretsmanager").list_secrets()["SecretList"] == []


def test_the_outputs_describe_the_created_resources(
    dev: Stack, client: Callable[[str], Any]
) -> None:
    outputs = {name: output.value for name, output in dev.outputs().items()}
    (cluster,) = client("rds").describe_db_clusters(DBClusterIdentifier=CLUSTER)["DBClusters"]
    group = client("ec2").describe_security_groups(
        Filters=[{"Name": "group-name", "Values": ["dev-rds-aurora-sg-ue2"]}]
    )["SecurityGroups"][0]
    key = client("kms").describe_key(KeyId="alias/dev-aurora-key-ue2")["KeyMetadata"]
    secret = client("secretsmanager").describe_secret(SecretId="/dev/rds/aurora/master-password")
    readme, setup = outputs.pop("readme"), outputs.pop("databaseSetup")
    assert "user trialfinder_app: created" in setup["changed"]
    assert (setup["warnings"], setup["remaining"]) == ([], [])
    assert outputs.pop("declaredState")["instanceIdentifiers"] == [f"{CLUSTER}-1"]
    assert outputs == {
        "clusterArn": f"arn:aws:rds:us-east-2:123456789012:cluster:{CLUSTER}",
        "clusterEndpoint": cluster["Endpoint"],
        "clusterIdentifier": CLUSTER,
        "clusterResourceId": cluster["DbClusterResourceId"],
        "customEndpoints": {},
        "dashboardUrl": "https://us-east-2.console.aws.amazon.com/cloudwatch/home"
        "?region=us-east-2#dashboards:name=dev-aurora-dashboard-ue2",
        "databaseName": "trialfinder",
        "engineVersion": "17.4",
        "kmsKeyArn": key["Arn"],
        "postgresqlLogGroupName": f"/aws/rds/cluster/{CLUSTER}/postgresql",
        "notificationsTopicArn": "arn:aws:sns:us-east-2:123456789012:dev-aurora-notifications-ue2",
        "port": 5432,
        "readerEndpoint": cluster["ReaderEndpoint"],
        "masterSecretArn": secret["ARN"],
        "securityGroupId": group["GroupId"],
        "users": {
            "trialfinder_app": {
                "authentication": "iam",
                "access": "readwrite",
                "databases": ["trialfinder"],
                "connectionString": f"postgresql://trialfinder_app@{cluster['Endpoint']}:5432/"
                "trialfinder?sslmode=verify-full&sslrootcert=global-bundle.pem",
                "connectPolicyArn": "arn:aws:iam::123456789012:policy/"
                "dev-aurora-trialfinder_app-connect-policy-ue2",
                "secretArn": None,
            }
        },
    }
    assert f"| writer | `{cluster['Endpoint']}:5432` |" in readme


def test_aws_has_the_required_values(dev: Stack, client: Callable[[str], Any]) -> None:
    (cluster,) = client("rds").describe_db_clusters(DBClusterIdentifier=CLUSTER)["DBClusters"]
    wanted: dict[str, Any] = {
        "Engine": "aurora-postgresql",
        "EngineVersion": "17.4",
        "EngineMode": "provisioned",
        "ServerlessV2ScalingConfiguration": {"MinCapacity": 0.5, "MaxCapacity": 128.0},
        "DeletionProtection": False,
        "BackupRetentionPeriod": 7,
        "PreferredBackupWindow": "03:00-04:00",
        "PreferredMaintenanceWindow": "sun:04:00-sun:05:00",
        "StorageEncrypted": True,
        "IAMDatabaseAuthenticationEnabled": True,
        "EnabledCloudwatchLogsExports": ["postgresql", "iam-db-auth-error"],
        "CopyTagsToSnapshot": True,
        "DatabaseName": "trialfinder",
        "DBClusterParameterGroup": "dev-aurora-postgresql17-ue2",
        "DBSubnetGroup": "dev-aurora-subnet-group-ue2",
    }
    assert {key: cluster[key] for key in wanted} == wanted
    parameters = client("rds").describe_db_cluster_parameters(
        DBClusterParameterGroupName="dev-aurora-postgresql17-ue2", Source="user"
    )["Parameters"]
    assert {
        row["ParameterName"]: (row["ParameterValue"], row["ApplyMethod"]) for row in parameters
    } == {
        "auto_explain.log_min_duration": ("1000", "immediate"),
        "log_min_duration_statement": ("1000", "immediate"),
        "log_statement": ("all", "immediate"),
        "maintenance_work_mem": ("262144", "immediate"),
        "max_connections": ("1000", "pending-reboot"),
        "pg_stat_statements.track_utility": ("0", "immediate"),
        "shared_preload_libraries": ("pg_stat_statements,auto_explain", "pending-reboot"),
        "work_mem": ("4096", "immediate"),
    }
    (instance,) = client("rds").describe_db_instances()["DBInstances"]
    assert (instance["DBInstanceClass"], instance["PromotionTier"]) == ("db.serverless", 0)
    assert instance["MonitoringInterval"] == 60
    assert instance["PerformanceInsightsRetentionPeriod"] == 7


def test_a_second_preview_and_a_refresh_change_nothing(dev: Stack, rehearsal: Rehearsal) -> None:
    assert dev.preview(expect_no_changes=True).change_summary == {OpType.SAME: RESOURCES["dev"]}
    rehearsal.database(dev).wait_for_first_rotation()
    # The first rotation has moved AWSCURRENT away from the version that Pulumi created, which
    # ignores the change of its stages.
    refreshed = dev.refresh(expect_no_changes=True).summary.resource_changes
    assert refreshed == {OpType.SAME: RESOURCES["dev"]}
    assert dev.preview(expect_no_changes=True).change_summary == {OpType.SAME: RESOURCES["dev"]}


def test_no_output_and_no_file_contains_the_password(
    dev: Stack, client: Callable[[str], Any], rehearsal: Rehearsal
) -> None:
    rehearsal.database(dev).wait_for_first_rotation()
    value = client("secretsmanager").get_secret_value(
        SecretId="/dev/rds/aurora/master-password", VersionStage="AWSCURRENT"
    )["SecretString"]
    content = json.loads(value)
    assert {key: content[key] for key in content if key not in ("host", "password")} == {
        "engine": "postgres",
        "port": 5432,
        "username": "aurora_master",
        "dbname": "trialfinder",
        "dbClusterIdentifier": CLUSTER,
    }
    (first,) = [
        secret_value(row["outputs"]["result"])
        for row in resources_of(dev)
        if row["type"] == "random:index/randomPassword:RandomPassword"
    ]
    passwords = [content["password"], first]
    assert all(re.fullmatch(r".{32}", password) for password in passwords)
    events: list[EngineEvent] = []
    result = dev.up(show_secrets=False, on_event=events.append)
    exported = subprocess.run(
        [rehearsal.launcher, "stack", "export", "--stack", "dev"], capture_output=True, check=True
    ).stdout.decode()
    event_log = json.dumps([vars(event) for event in events], default=vars)
    assert all("::aurora-password" in text for text in (exported, event_log))
    for text in (exported, event_log, result.stdout, result.stderr):
        assert not any(is_contained(text, password) for password in passwords)
    folders = (rehearsal.folder, rehearsal.databases)
    files = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    names = {path.name for path in files}
    assert {"dev.json", "server.log", "log"} <= names, "the files include the state and both logs"
    texts = {path: path.read_text(errors="replace") for path in files}
    assert [
        path
        for path, text in texts.items()
        if any(is_contained(text, password) for password in passwords)
    ] == []


def test_a_change_made_outside_pulumi_is_reported_as_drift_and_corrected(
    dev: Stack, client: Callable[[str], Any]
) -> None:
    rds = client("rds")
    rds.modify_db_cluster(DBClusterIdentifier=CLUSTER, BackupRetentionPeriod=3)
    plan = Plan()
    dev.preview(refresh=True, on_event=plan.record)
    assert plan.steps["aurora-cluster"].operation == "update"
    assert plan.steps["aurora-cluster"].changed == ("backupRetentionPeriod",)
    dev.up(refresh=True)
    (cluster,) = rds.describe_db_clusters(DBClusterIdentifier=CLUSTER)["DBClusters"]
    assert cluster["BackupRetentionPeriod"] == 7


def test_the_nightly_workflow_fails_on_drift_and_only_then(
    dev: Stack, client: Callable[[str], Any], rehearsal: Rehearsal, tmp_path: Path
) -> None:
    workflow = read_yaml(ROOT / ".github/workflows/drift.yml")
    (step,) = [row for row in workflow["jobs"]["preview"]["steps"] if row.get("id") == "preview"]
    script = step["run"].replace(".ci/pulumi", str(rehearsal.launcher))
    environment = os.environ | {"STACK": "dev", "RUNNER_TEMP": str(tmp_path)}

    def failed() -> bool:
        done = subprocess.run(["bash", "-e", "-c", script], env=environment, check=False)
        return done.returncode != 0

    assert not failed()
    rds = client("rds")
    rds.modify_db_cluster(DBClusterIdentifier=CLUSTER, BackupRetentionPeriod=3)
    assert failed()
    plan = (tmp_path / "plan.txt").read_text(encoding="utf-8")
    assert re.search(r"~ backupRetentionPeriod: 3 => 7", plan)
    assert "no changes were expected" in plan
    rds.modify_db_cluster(DBClusterIdentifier=CLUSTER, BackupRetentionPeriod=7)
    assert not failed()


def test_a_resource_deleted_outside_pulumi_is_created_again(
    dev: Stack, client: Callable[[str], Any]
) -> None:
    logs = client("logs")
    name = f"/aws/rds/cluster/{CLUSTER}/postgresql"
    logs.delete_log_group(logGroupName=name)
    plan = Plan()
    dev.up(refresh=True, on_event=plan.record)
    assert plan.steps["aurora-log-postgresql"].operation == "create"
    (group,) = logs.describe_log_groups(logGroupNamePrefix=name)["logGroups"]
    assert group["retentionInDays"] == 30


def test_three_rotations_cause_no_drift_and_the_login_works(
    dev: Stack, client: Callable[[str], Any], rehearsal: Rehearsal
) -> None:
    secrets = client("secretsmanager")
    database = rehearsal.database(dev)
    database.wait_for_first_rotation()
    (initial,) = [
        version for version, stages in labels(secrets).items() if INITIAL_VERSION_STAGE in stages
    ]
    seen = {initial}
    for _ in range(3):
        database.rotate()
        seen.add(database.secret().version)
        # What the nightly drift detection runs.
        drift = dev.preview(refresh=True, expect_no_changes=True)
        assert drift.change_summary == {OpType.SAME: RESOURCES["dev"]}
    assert len(seen) == 4, "each rotation has created a version"
    dev.refresh()
    assert dev.preview(expect_no_changes=True).change_summary == {OpType.SAME: RESOURCES["dev"]}
    dev.up(expect_no_changes=True)
    assert database.log_in() == Login("aurora_master", "17.10", encrypted=True)
    remaining = labels(secrets)
    assert remaining[initial] == [INITIAL_VERSION_STAGE], "Pulumi's own version is never removed"
    assert len(remaining) == 3, "versions without labels are removed"


def test_the_password_in_the_state_cannot_log_in(dev: Stack, rehearsal: Rehearsal) -> None:
    rehearsal.database(dev).wait_for_first_rotation()
    (known,) = [
        row["outputs"]["result"]
        for row in resources_of(dev)
        if row["type"] == "random:index/randomPassword:RandomPassword"
    ]
    content = rehearsal.database(dev).secret().content
    assert secret_value(known) != content["password"]
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(
            host=content["host"],
            user=content["username"],
            dbname=content["dbname"],
            password=secret_value(known),
        )


def test_destroying_keeps_the_final_snapshot_and_the_key_that_decrypts_it(
    dev: Stack, client: Callable[[str], Any]
) -> None:
    key = dev.outputs()["kmsKeyArn"].value
    assert dev.destroy().summary.resource_changes == {OpType.DELETE: RESOURCES["dev"]}
    rds = client("rds")
    assert rds.describe_db_clusters()["DBClusters"] == []
    assert rds.describe_db_instances()["DBInstances"] == []
    snapshots = rds.describe_db_cluster_snapshots(SnapshotType="manual")["DBClusterSnapshots"]
    (snapshot,) = [row for row in snapshots if row["KmsKeyId"] == key]
    assert re.fullmatch(rf"{CLUSTER}-final-[0-9a-f]{{8}}", snapshot["DBClusterSnapshotIdentifier"])
    assert client("secretsmanager").list_secrets()["SecretList"] == []
    groups = client("logs").describe_log_groups(logGroupNamePrefix="/aws/rds/cluster/dev-")
    assert groups["logGroups"] == []
    assert client("kms").describe_key(KeyId=key)["KeyMetadata"]["KeyState"] == "Enabled"
    rds.restore_db_cluster_from_snapshot(
        DBClusterIdentifier="restored",
        SnapshotIdentifier=snapshot["DBClusterSnapshotIdentifier"],
        Engine="aurora-postgresql",
    )
    (restored,) = rds.describe_db_clusters(DBClusterIdentifier="restored")["DBClusters"]
    assert restored["KmsKeyId"] == key
    rds.delete_db_cluster(DBClusterIdentifier="restored", SkipFinalSnapshot=True)
    dev.up()
    again = rds.describe_db_clusters(DBClusterIdentifier=CLUSTER)["DBClusters"]
    assert len(again) == 1, "the same names can be created again immediately"
