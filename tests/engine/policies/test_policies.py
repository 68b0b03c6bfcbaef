"""The policy pack, run by the real engine."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pulumi.automation import ConfigValue

from rehearsal import Rehearsal
from tests.engine.policy_reports import expected, found, program, run_pack

BAD_PROGRAM = """
import pulumi

pulumi.CustomResource(
    "aws:rds/cluster:Cluster",
    "open-house",
    {
        "clusterIdentifier": "open-house",
        "engine": "aurora-postgresql",
        "masterUsername": "postgres",
        "masterPassword": pulumi.Output.secret("not-to-be-shown"),
        "backupRetentionPeriod": 1,
        "skipFinalSnapshot": True,
    },
)
pulumi.CustomResource(
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
    "open-door",
    {
        "securityGroupId": "sg-1",
        "cidrIpv4": "0.0.0.0/0",
        "ipProtocol": "tcp",
        "fromPort": 0,
        "toPort": 65535,
        "description": "everybody",
    },
)
"""

SECRET_PROGRAM = """
import pulumi

password = pulumi.Config().get_secret("password") or pulumi.Output.secret("first")
secret = pulumi.CustomResource(
    "aws:secretsmanager/secret:Secret", "kept", {"name": "/kept/password", "arn": None}
)
pulumi.CustomResource(
    "aws:secretsmanager/secretVersion:SecretVersion",
    "kept-version",
    {"secretId": secret.id, "secretString": password, "versionId": None},
)
"""


@pytest.mark.parametrize("stack", ["dev", "prod"])
def test_the_platform_has_only_the_documented_advisory_violations(
    rehearsal: Rehearsal, stack: str
) -> None:
    rehearsal.stack(stack)
    code, report = run_pack(rehearsal, "preview", stack, stack)
    assert code == 0, report
    assert found(report, "mandatory") == set()
    assert found(report, "advisory") == expected(stack)


def test_a_violating_program_fails_with_the_exact_controls_and_creates_nothing(
    rehearsal: Rehearsal, client: Callable[[str], Any], tmp_path: Path
) -> None:
    other = program(rehearsal, tmp_path, "bad", BAD_PROGRAM)
    other.stack("bad")
    code, report = run_pack(other, "preview", "bad", "prod")
    assert code != 0
    assert found(report, "mandatory") == {
        *("required-tags", "sg-no-public-ingress", "sg-db-ingress-scoped"),
        *("rds-cluster-storage-encrypted", "rds-cluster-cmk", "rds-cluster-deletion-protection"),
        *("rds-cluster-backup-retention", "rds-cluster-iam-auth", "rds-cluster-log-exports"),
        *("rds-cluster-copy-tags", "rds-cluster-multi-az", "rds-cluster-port-explicit"),
        *("rds-cluster-custom-admin", "rds-cluster-no-literal-password"),
        *("rds-cluster-final-snapshot", "rds-cluster-windows", "rds-cluster-network"),
        *("rds-cluster-parameter-group", "prod-protect"),
    }
    assert "not-to-be-shown" not in report
    clusters = client("rds").describe_db_clusters()["DBClusters"]
    assert "open-house" not in {row["DBClusterIdentifier"] for row in clusters}


def test_a_version_is_not_added_to_an_existing_secret(rehearsal: Rehearsal, tmp_path: Path) -> None:
    other = program(rehearsal, tmp_path, "kept", SECRET_PROGRAM)
    stack = other.stack("kept")
    literal, replaced = "secret-version-not-literal", "secret-version-not-replaced"

    def mandatory() -> set[str]:
        _, report = run_pack(other, "preview", "kept", "dev")
        return found(report, "mandatory") & {literal, replaced}

    assert mandatory() == {literal}
    stack.up()
    assert mandatory() == {literal}
    state = stack.export_stack()
    deployment: Any = state.deployment
    before = len(deployment["resources"])
    deployment["resources"] = [
        row for row in deployment["resources"] if not row["urn"].endswith("::kept-version")
    ]
    assert len(deployment["resources"]) == before - 1
    stack.import_stack(state)
    assert mandatory() == {literal, replaced}
    stack.set_config("kept:password", ConfigValue("from-the-configuration", secret=True))
    assert mandatory() == {replaced}
    stack.destroy()
