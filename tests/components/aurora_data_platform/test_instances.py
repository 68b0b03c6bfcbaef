"""The instances: their order, zones and monitoring."""

import pytest

from components.aurora_data_platform.instances import least_used_zone
from tests.components.aurora_data_platform.platforms import platform
from tools.testing.programs import run_program


def test_instances_are_created_one_after_the_other_and_spread_over_the_zones() -> None:
    recording = run_program("prod", instanceCount=4)
    instances = {each.name: each.inputs for each in recording.of_type(":ClusterInstance")}
    assert [
        (row["promotionTier"], row["availabilityZone"]) for _, row in sorted(instances.items())
    ] == [(0, "us-east-2a"), (1, "us-east-2b"), (1, "us-east-2c"), (1, "us-east-2a")]
    assert sorted(recording.depends_on("aurora-instance-1")) == ["aurora-monitoring-attachment"]
    for number in (2, 3, 4):
        assert sorted(recording.depends_on(f"aurora-instance-{number}")) == [
            f"aurora-instance-{number - 1}",
            "aurora-monitoring-attachment",
        ]


@pytest.mark.parametrize(
    ("zones", "used", "expected"),
    [
        (["b", "a"], [], "a"),
        (["a", "b", "c"], ["b"], "a"),
        (["a", "b", "c"], ["b", "a"], "c"),
        (["a", "b"], ["a", "b", "b"], "a"),
        (["a", "b"], ["gone"], "a"),
    ],
)
def test_an_instance_gets_a_zone_with_the_fewest_instances(
    zones: list[str], used: list[str], expected: str
) -> None:
    assert least_used_zone(zones, used) == expected


UNMONITORED = {"monitoring_interval_seconds": 0, "performance_insights_enabled": False}


def test_without_enhanced_monitoring_there_is_no_role() -> None:
    recording = platform(**UNMONITORED)
    assert "p-monitoring-role" not in {each.name for each in recording.resources}
    assert "monitoringRoleArn" not in recording.only(":ClusterInstance").inputs


def test_without_performance_insights_there_is_no_insights_key() -> None:
    inputs = platform(**UNMONITORED).only(":ClusterInstance").inputs
    assert inputs["performanceInsightsEnabled"] is False
    assert not inputs.keys() & {
        "performanceInsightsKmsKeyId",
        "performanceInsightsRetentionPeriod",
    }
