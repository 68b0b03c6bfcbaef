"""IAM policy documents, service endpoints and descriptions."""

from typing import Any, cast

import pytest

from components.aurora_data_platform.arns import AwsScope
from components.aurora_data_platform.iam_policies.backup import backup_policy
from components.aurora_data_platform.iam_policies.functions import rotation_policy
from components.aurora_data_platform.iam_policies.key import key_policy
from components.aurora_data_platform.iam_policies.monitoring import monitoring_policy
from components.aurora_data_platform.iam_policies.statements import PolicyDocument
from components.aurora_data_platform.settings.backup_plan import BackupPlan
from tools.testing.programs import run_program

SCOPE = AwsScope("aws", "us-east-2", "123456789012")
GROUP = "arn:aws:logs:us-east-2:123456789012:log-group:RDSOSMetrics"
DAILY = "cron(0 5 ? * * *)"
OTHER_REGION = "arn:aws:backup:us-west-2:123456789012:backup-vault:copies"
OTHER_ACCOUNT = "arn:aws:backup:us-east-2:210987654321:backup-vault:copies"


def rows(document: PolicyDocument) -> dict[str, dict[str, Any]]:
    """Return the statements by ID."""
    return {row["Sid"]: row for row in cast("list[dict[str, Any]]", document["Statement"])}


def test_enhanced_monitoring_may_use_its_log_group_in_both_arn_forms() -> None:
    """CloudWatch Logs authorizes log group actions against the ARN with `:*`."""
    statements = rows(monitoring_policy(SCOPE))
    assert statements["CreateMetricsGroup"]["Resource"] == [GROUP, f"{GROUP}:*"]
    assert statements["WriteMetrics"]["Resource"] == f"{GROUP}:log-stream:*"


@pytest.mark.parametrize(
    ("copy_to", "copying"),
    [
        ("", set[str]()),
        (
            OTHER_REGION,
            {"CopyFromVault", "CopyIntoVault", "WriteCopies"}
            | {"DescribeCopiesKey", "GrantCopiesKey"},
        ),
        (OTHER_ACCOUNT, {"CopyFromVault", "CopyIntoVault", "ShareSnapshots"}),
    ],
)
def test_backup_jobs_may_copy_only_to_where_the_plan_does(copy_to: str, copying: set[str]) -> None:
    plan = BackupPlan(schedule=DAILY, copy_to=copy_to)
    found = rows(backup_policy(SCOPE, plan, cluster_arn="c", vault_arn="v", key_arn="k"))
    assert found.keys() == copying | {
        *("CreateSnapshots", "ReadClusterAndSnapshots", "KeepSnapshots", "ReadVault"),
        *("TagRecoveryPoints", "FindResources", "DescribeSnapshotsKey", "GrantSnapshotsKey"),
    }


@pytest.mark.parametrize(
    ("plan", "backup", "shared"),
    [
        (BackupPlan(), False, False),
        (BackupPlan(schedule=DAILY), True, False),
        (BackupPlan(schedule=DAILY, copy_to=OTHER_REGION), True, False),
        (BackupPlan(schedule=DAILY, copy_to=OTHER_ACCOUNT), True, True),
    ],
)
def test_the_key_serves_aws_backup_with_a_plan_and_another_account_with_its_copies(
    plan: BackupPlan, *, backup: bool, shared: bool
) -> None:
    found = rows(key_policy(SCOPE, log_groups=["g"], backup_plan=plan))
    services = found["UseThroughServices"]["Condition"]["StringEquals"]["kms:ViaService"]
    assert [each.partition(".")[0] for each in services] == [
        *("lambda", "rds", "secretsmanager", "sqs"),
        *(["backup"] if backup else []),
    ]
    assert ("CopyToOtherAccount" in found) is ("GrantToOtherAccount" in found) is shared


@pytest.mark.parametrize("superuser", [None, "master"])
def test_a_rotation_function_changes_its_secrets_and_only_reads_the_superusers(
    superuser: str | None,
) -> None:
    document = rotation_policy(
        SCOPE,
        secrets_arn="users/*",
        key_arn="k",
        log_group="g",
        dead_letters_arn="q",
        superuser_secret_arn=superuser,
    )
    found = rows(document)
    assert found["RotateSecret"]["Resource"] == "users/*"
    assert [each["Resource"] for sid, each in found.items() if sid == "ReadSuperuserSecret"] == (
        [superuser] if superuser else []
    )


@pytest.mark.parametrize(
    ("partition", "endpoint"),
    [
        ("aws", "kms.us-east-2.amazonaws.com"),
        ("aws-us-gov", "kms.us-east-2.amazonaws.com"),
        ("aws-cn", "kms.us-east-2.amazonaws.com.cn"),
    ],
)
def test_service_endpoints_follow_the_partition(partition: str, endpoint: str) -> None:
    assert AwsScope(partition, "us-east-2", "1").service_endpoint("kms") == endpoint


def test_no_immutable_description_contains_a_setting_that_can_change() -> None:
    """IAM and RDS cannot change a description, so a different one would replace the resource."""
    changes: dict[str, Any] = {
        "users": {"trialfinder_app": {"authentication": "iam", "access": "owner"}},
        "port": 6432,
        "instanceCount": 3,
        "project": "x",
    }
    before, after = run_program("prod"), run_program("prod", **changes)
    immutable = (":Policy", ":SecurityGroup", ":ClusterParameterGroup", ":SubnetGroup", ":Role")
    for suffix in immutable:
        for each in before.of_type(suffix):
            assert after.named(each.name).inputs.get("description") == each.inputs.get(
                "description"
            )
