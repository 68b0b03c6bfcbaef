"""The whole platform, deployed by the program under mocks."""

import inspect
from dataclasses import replace
from typing import Any

import pulumi
import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.aurora_data_platform import AuroraDataPlatform, PlatformSettings
from components.aurora_data_platform.errors import ConfigError
from tests.components.aurora_data_platform.platforms import arguments, platform
from tools.testing.programs import run_program
from tools.testing.recorder import Recording, record


def test_an_existing_key_encrypts_everything_and_no_key_is_created() -> None:
    arn = "arn:aws:kms:us-east-2:123456789012:key/ours"
    recording = platform(kms_key_arn=arn)
    assert recording.of_type(":Key") == recording.of_type(":Alias") == []
    assert {each.inputs["kmsKeyId"] for each in recording.of_type(":LogGroup")} == {arn}
    assert recording.only(":Cluster").inputs["kmsKeyId"] == arn
    assert recording.only(":Secret").inputs["kmsKeyId"] == arn
    assert recording.only(":ClusterInstance").inputs["performanceInsightsKmsKeyId"] == arn


def test_roles_are_optional() -> None:
    recording = platform()
    assert {each.name for each in recording.of_type(":RolePolicyAttachment")} == {
        *("p-monitoring-attachment", "p-rotation-attachment", "p-setup-attachment")
    }
    assert "p-secret-read-policy" not in {each.name for each in recording.resources}


def test_every_tagged_resource_has_the_required_tags() -> None:
    untagged = {
        *("Dashboard", "Alias", "RolePolicyAttachment", "SecretVersion"),
        *("RandomPassword", "RandomId", "Permission", "SecretRotation"),
        *("EventTarget", "LogMetricFilter", "TopicPolicy", "Invocation"),
    }
    for each in run_program("prod", tags={"Team": "data"}).resources:
        if ":index:AuroraDataPlatform" in each.type or each.type.startswith("aurora-data-platform"):
            continue
        if each.type.rpartition(":")[2] in untagged:
            assert "tags" not in each.inputs
            continue
        assert {
            "Environment": "prod",
            "ManagedBy": "pulumi",
            "Project": "trialfinder-v2",
            "CostCenter": "trialfinder-prod",
            "DataClassification": "confidential",
            "Team": "data",
        }.items() <= each.inputs["tags"].items(), each.name


def test_two_platforms_in_one_program_do_not_conflict() -> None:
    def build() -> None:
        AuroraDataPlatform("first", arguments())
        AuroraDataPlatform("second", arguments(platform_name="reports"))

    recording = record(build)
    assert len({(each.type, each.name) for each in recording.resources}) == len(recording.resources)
    physical = [
        each.inputs.get(key)
        for each in recording.resources
        for key in ("name", "identifier", "clusterIdentifier", "dashboardName", "alarmName")
        if each.type.startswith("aws:")
        and key in each.inputs
        # Instances also have a clusterIdentifier, that of their cluster.
        and not (key == "clusterIdentifier" and each.type.endswith(":ClusterInstance"))
        # The name of a metric filter is unique within its log group only.
        and not each.type.endswith(":LogMetricFilter")
    ]
    assert len(set(physical)) == len(physical)


def test_a_preview_with_unknown_values_registers_the_same_resources() -> None:
    known, unknown = run_program("prod"), run_program("prod", preview=True)
    assert {each.name for each in unknown.resources} == {each.name for each in known.resources}


def test_deployment_values_may_be_outputs_of_other_resources() -> None:
    def build() -> None:
        later = pulumi.Output.from_input("vpc-later")
        subnets = pulumi.Output.from_input(["subnet-x", "subnet-y"])
        AuroraDataPlatform("p", arguments(vpc_id=later, subnet_ids=subnets))

    recording = record(build)
    assert {each.inputs["vpcId"] for each in recording.of_type(":SecurityGroup")} == {"vpc-later"}
    assert recording.only(":SubnetGroup").inputs["subnetIds"] == ["subnet-x", "subnet-y"]


@pytest.mark.parametrize("preview", [True, False], ids=["preview", "deployment"])
def test_topics_and_zones_may_be_outputs_of_other_resources(preview: bool) -> None:
    def build() -> dict[str, Any]:
        zones = pulumi.Output.from_input(["us-east-2b", "us-east-2a"])
        args = arguments(
            instance_count=2,
            availability_zones=zones,
            notification_topic_arns=[pulumi.Output.from_input("topic-a"), "topic-b"],
            paging_topic_arn=pulumi.Output.from_input("pages"),
        )
        return dict(AuroraDataPlatform("p", args).outputs())

    recording = record(build, preview=preview)
    alarm = recording.named("p-alarm-rotation-failed").inputs
    assert alarm["alarmActions"][1:] == ["topic-a", "topic-b", "pages"]
    assert recording.only(":CompositeAlarm").inputs["alarmActions"][1:] == ["pages"]
    assert recording.named("p-instance-1").inputs["availabilityZone"] == "us-east-2a"
    assert recording.exports["declaredState"]["availabilityZones"] == ["us-east-2a", "us-east-2b"]


def test_more_topics_than_an_alarm_accepts_are_rejected() -> None:
    topics = [pulumi.Output.from_input(f"topic-{number}") for number in range(4)]
    with pytest.raises(ConfigError) as rejection:
        arguments(notification_topic_arns=topics)
    (issue,) = rejection.value.issues
    assert (issue.key, issue.expected) == ("notificationTopicArns", "at most 3 SNS topic ARNs")


def test_settings_report_every_issue_at_once_however_they_are_built() -> None:
    with pytest.raises(ConfigError) as error:
        PlatformSettings(
            region="us-east-2",
            environment="test",
            cost_center="c",
            port=1,
            backup_retention_days=99,
        )
    assert [issue.key for issue in error.value.issues] == ["port", "backupRetentionDays"]


def test_subnets_in_one_zone_are_rejected() -> None:
    with pytest.raises(ConfigError, match="Aurora requires subnets in at least two Availability"):
        arguments(availability_zones=["us-east-2a", "us-east-2a"])


def test_the_constructor_is_a_list_of_at_most_seventy_lines() -> None:
    assert len(inspect.getsource(AuroraDataPlatform.__init__).splitlines()) <= 70


TEXT = st.text(max_size=20)
ANYTHING = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), TEXT, st.lists(TEXT, max_size=3)
) | st.dictionaries(TEXT, TEXT, max_size=3)
DEPLOYED: dict[str, Recording] = {}
"""Platforms by settings: most valid settings are the defaults."""


@given(
    st.dictionaries(
        st.one_of(st.sampled_from(sorted(PlatformSettings.model_fields)), TEXT), ANYTHING
    )
)
def test_any_settings_give_a_platform_or_a_list_of_issues(changes: dict[str, Any]) -> None:
    try:
        settings = PlatformSettings.model_validate(
            {"region": "us-east-2", "environment": "test", "cost_center": "tests", **changes}
        )
        key = settings.model_dump_json()
        if key not in DEPLOYED:
            args = replace(arguments(), settings=settings)
            DEPLOYED[key] = record(lambda: AuroraDataPlatform("p", args).outputs())
    except ConfigError as error:
        assert "nothing was deployed" in str(error)  # noqa: PT017 - both results are valid
    else:
        assert DEPLOYED[key].only(":Cluster").inputs["storageEncrypted"] is True
