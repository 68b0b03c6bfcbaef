"""The policy pack, enforced by the real engine."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from rehearsal import Rehearsal
from tests.engine.policy_reports import expected, found, judge

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


@pytest.mark.parametrize("stack", ["dev", "prod"])
def test_the_platform_passes_with_the_documented_advice_only(
    rehearsal: Rehearsal, stack: str
) -> None:
    rehearsal.stack(stack)
    code, told = judge(rehearsal, "preview", stack, stack)
    assert code == 0, told
    assert found(told, "mandatory") == set()
    assert found(told, "advisory") == expected(stack)


def test_a_bad_program_is_stopped_with_the_exact_controls_and_creates_nothing(
    rehearsal: Rehearsal, client: Callable[[str], Any], tmp_path: Path
) -> None:
    (tmp_path / "__main__.py").write_text(BAD_PROGRAM)
    options = {"toolchain": "pip", "virtualenv": ".venv"}
    project = {"name": "bad", "runtime": {"name": "python", "options": options}}
    (tmp_path / "Pulumi.yaml").write_text(yaml.safe_dump(project))
    (tmp_path / "Pulumi.bad.yaml").write_text("config: {aws:region: us-east-2}\n")
    other = Rehearsal(rehearsal.folder, tmp_path, project_folder="bad")
    other.stack("bad")
    code, told = judge(other, "preview", "bad", "prod")
    assert code != 0
    assert found(told, "mandatory") == {
        *(
            "required-tags",
            "sg-no-public-ingress",
            "sg-db-ingress-scoped",
            "rds-cluster-storage-encrypted",
            "rds-cluster-cmk",
            "rds-cluster-deletion-protection",
            "rds-cluster-backup-retention",
            "rds-cluster-iam-auth",
            "rds-cluster-log-exports",
            "rds-cluster-copy-tags",
        ),
        *(
            "rds-cluster-multi-az",
            "rds-cluster-port-explicit",
            "rds-cluster-custom-admin",
            "rds-cluster-no-literal-password",
            "rds-cluster-final-snapshot",
            "rds-cluster-windows",
            "rds-cluster-network",
            "rds-cluster-parameter-group",
            "prod-protect",
        ),
    }
    assert "not-to-be-shown" not in told
    clusters = client("rds").describe_db_clusters()["DBClusters"]
    assert "open-house" not in {row["DBClusterIdentifier"] for row in clusters}
