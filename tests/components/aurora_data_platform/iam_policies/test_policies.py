"""IAM policy documents, service endpoints and descriptions."""

from typing import Any

import pytest

from components.aurora_data_platform.arns import AwsScope
from components.aurora_data_platform.iam_policies.monitoring import monitoring_policy
from tools.testing.programs import run_program

SCOPE = AwsScope("aws", "us-east-2", "123456789012")
GROUP = "arn:aws:logs:us-east-2:123456789012:log-group:RDSOSMetrics"


def test_enhanced_monitoring_may_use_its_log_group_in_both_arn_forms() -> None:
    """CloudWatch Logs authorizes log group actions against the ARN with `:*`."""
    statements = {row["Sid"]: row for row in monitoring_policy(SCOPE)["Statement"]}  # pyright: ignore
    assert statements["CreateMetricsGroup"]["Resource"] == [GROUP, f"{GROUP}:*"]
    assert statements["WriteMetrics"]["Resource"] == f"{GROUP}:log-stream:*"


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
