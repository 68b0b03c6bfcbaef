"""The whole platform, deployed by the program under mocks."""

import inspect
import json
import re
from dataclasses import fields, replace
from typing import Any

import pulumi
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic.alias_generators import to_camel

from components.aurora_data_platform import (
    AuroraDataPlatform,
    AuroraDataPlatformArgs,
    PlatformSettings,
)
from components.aurora_data_platform.credentials.secret import INITIAL_VERSION_STAGE
from components.aurora_data_platform.errors import ConfigError
from components.aurora_data_platform.instances import least_used_zone
from tools.testing.programs import run_program
from tools.testing.recorder import (
    PASSWORD,
    FailedLookup,
    Recording,
    record,
    recorded_once,
    revealed,
)

OUTPUTS = {
    *("clusterEndpoint", "readerEndpoint", "clusterIdentifier", "clusterResourceId", "clusterArn"),
    "customEndpoints",
    *("engineVersion", "port", "databaseName", "securityGroupId", "kmsKeyArn"),
    *("masterSecretArn", "users", "databaseSetup", "postgresqlLogGroupName", "dashboardUrl"),
    *("notificationsTopicArn", "declaredState", "readme"),
}


USERS = {
    "web": {"authentication": "iam", "access": "readwrite", "taskRoles": ["web-task"]},
    "reports": {
        "authentication": "password",
        "access": "readonly",
        "taskRoles": ["reports-task"],
        "executionRoles": ["reports-execution"],
    },
}
"""One user of each kind."""


def arguments(**changes: Any) -> AuroraDataPlatformArgs:
    """Return the platform's arguments with changes by name, of settings or of other arguments."""
    settings: dict[str, Any] = {
        "region": "us-east-2",
        "environment": "test",
        "cost_center": "tests",
    }
    base: dict[str, Any] = {
        "partition": "aws",
        "account_id": "123456789012",
        "vpc_id": "vpc-1",
        "subnet_ids": ["subnet-a", "subnet-b"],
        "client_security_group_ids": {"app": "sg-app"},
    }
    own = {field.name for field in fields(AuroraDataPlatformArgs)}
    for name, value in changes.items():
        (base if name in own and name != "engine_version" else settings)[name] = value
    return AuroraDataPlatformArgs(settings=PlatformSettings(**settings), **base)


@recorded_once
def platform(**changes: Any) -> Recording:
    return record(lambda: AuroraDataPlatform("p", arguments(**changes)).outputs())


def test_the_program_exports_exactly_the_documented_outputs() -> None:
    assert run_program("dev").exports.keys() == OUTPUTS


def test_no_output_contains_the_password() -> None:
    assert PASSWORD not in json.dumps(run_program("prod").exports)


def test_the_readme_shows_how_to_log_in_with_a_token() -> None:
    readme = run_program("dev").exports["readme"]
    assert "--hostname writer.example --port 5432 --username trialfinder_app" in readme
    assert "{" not in readme


def test_the_password_is_secret_in_every_resource() -> None:
    recording = run_program("dev")
    assert revealed(recording.only(":Cluster").inputs["masterPassword"]) == PASSWORD
    assert json.loads(revealed(recording.only(":SecretVersion").inputs["secretString"])) == {
        "engine": "postgres",
        "host": "writer.example",
        "port": 5432,
        "username": "aurora_master",
        "password": PASSWORD,
        "dbname": "trialfinder",
        "dbClusterIdentifier": "dev-aurora-cluster-ue2",
    }


def test_pulumi_ignores_what_rotations_and_upgrades_change() -> None:
    recording = run_program("prod")
    assert recording.options["aurora-secret-version"].ignore_changes == [
        "secretString",
        "versionStages",
    ]
    assert recording.only(":SecretVersion").inputs["versionStages"] == [
        "AWSCURRENT",
        INITIAL_VERSION_STAGE,
    ]
    assert recording.options["aurora-cluster"].ignore_changes == [
        *("masterPassword", "snapshotIdentifier", "restoreToPointInTime"),
        *("engineLifecycleSupport", "engineVersion"),
    ]


UPGRADE: dict[str, Any] = {"allowEngineUpgrade": True, "engineVersion": "18.4"}


def test_an_allowed_upgrade_compares_the_engine_version() -> None:
    recording = run_program("prod", **UPGRADE)
    assert recording.options["aurora-cluster"].ignore_changes == [
        *("masterPassword", "snapshotIdentifier", "restoreToPointInTime", "engineLifecycleSupport")
    ]
    assert recording.only(":Cluster").inputs["allowMajorVersionUpgrade"] is True


def test_prod_protects_everything_that_stores_or_serves_data() -> None:
    recording = run_program("prod")
    protected = {name for name, options in recording.options.items() if options.protect}
    assert protected == {
        *("aurora-cluster", "aurora-instance-1", "aurora-instance-2"),
        *("aurora-key", "aurora-password", "aurora-secret", "aurora-secret-version"),
        *("aurora-log-postgresql", "aurora-log-iam-db-auth-error"),
    }


def test_the_key_outlives_the_stack_while_backups_need_it() -> None:
    """Which backups outlive the cluster is a table in `settings/test_backup_plan.py`."""
    without = platform(skip_final_snapshot=True, delete_automated_backups=True)
    assert platform().options["p-key"].retain_on_delete is True
    assert without.options["p-key"].retain_on_delete is False


def test_resources_with_data_are_never_deleted_before_their_replacement_exists() -> None:
    """The provider deletes named resources before replacing them, unless an option overrides it."""
    recording = run_program("prod", users=USERS)
    explicit = {
        name
        for name, options in recording.options.items()
        if options.delete_before_replace is False
    }
    kinds = (":Cluster", ":ClusterInstance", ":ClusterParameterGroup", ":Key", ":Secret")
    holders = {each.name for kind in kinds for each in recording.of_type(kind)}
    logs = {f"aurora-log-{log}" for log in ("postgresql", "iam-db-auth-error")}
    assert holders | logs <= explicit


def test_dev_can_be_destroyed() -> None:
    recording = run_program("dev")
    assert not any(options.protect for options in recording.options.values())
    cluster = recording.only(":Cluster").inputs
    assert cluster["deletionProtection"] is False
    assert cluster["skipFinalSnapshot"] is False
    assert cluster["finalSnapshotIdentifier"] == "dev-aurora-cluster-ue2-final-0badcafe"


@pytest.mark.parametrize(
    ("changes", "at_once"),
    [({}, False), (UPGRADE, True)],
)
def test_an_upgrade_does_not_wait_for_the_maintenance_window(
    changes: dict[str, Any], at_once: bool
) -> None:
    """Otherwise the deletion of the old parameter group, which is in use, would fail."""
    cluster = run_program("prod", **changes).only(":Cluster").inputs
    assert cluster["applyImmediately"] is at_once


@pytest.mark.parametrize("storage", ["aurora", "aurora-iopt1"])
def test_the_storage_type_is_always_sent(storage: str) -> None:
    """The provider treats an unset one as no change, so `aurora` would not end I/O-Optimized."""
    cluster = run_program("prod", storageType=storage).only(":Cluster").inputs
    assert cluster["storageType"] == storage


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


def test_log_groups_exist_before_the_cluster_writes_to_them() -> None:
    recording = run_program("dev")
    assert sorted(recording.depends_on("aurora-cluster")) == [
        "aurora-log-iam-db-auth-error",
        "aurora-log-postgresql",
    ]


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


def test_every_output_is_documented_and_typed() -> None:
    """Every output is an attribute with a type and a docstring, for editors and the API reference."""
    outputs = AuroraDataPlatform.__annotations__
    source = inspect.getsource(AuroraDataPlatform)
    documented = re.findall(r'^    (\w+): pulumi\.Output\[[^\n]+\]\n    """', source, re.MULTILINE)
    assert documented == list(outputs)
    assert {to_camel(name) for name in outputs} == OUTPUTS


def test_the_constructor_is_a_list_of_at_most_seventy_lines() -> None:
    assert len(inspect.getsource(AuroraDataPlatform.__init__).splitlines()) <= 70


@pytest.mark.parametrize(
    ("token", "key"),
    [
        ("aws:ec2/getVpcs:getVpcs", "vpcTags"),
        ("aws:ec2/getSecurityGroup:getSecurityGroup", "clientSecurityGroups"),
        ("aws:iam/getRole:getRole", "ecsTaskExecutionRoleName"),
        ("aws:rds/getEngineVersion:getEngineVersion", "engineVersion"),
    ],
)
def test_a_failed_lookup_is_reported_with_its_key(token: str, key: str) -> None:
    with pytest.raises(pulumi.RunError) as error:
        run_program("dev", answers={token: FailedLookup("no such thing")})
    assert f"  {key}\n" in str(error.value)
    assert "no such thing" in str(error.value)


def test_subnets_found_in_one_zone_are_rejected_before_anything_is_created() -> None:
    one_zone = {"vpcId": "vpc-1", "availabilityZone": "us-east-2a", "mapPublicIpOnLaunch": False}
    with pytest.raises(
        pulumi.RunError, match="found 3 in us-east-2a; Aurora requires at least two"
    ):
        run_program("dev", answers={"aws:ec2/getSubnet:getSubnet": one_zone})


def test_a_subnet_that_assigns_public_addresses_is_rejected() -> None:
    public = {"vpcId": "vpc-1", "availabilityZone": "us-east-2a", "mapPublicIpOnLaunch": True}
    with pytest.raises(
        pulumi.RunError, match=r"public subnet \(auto-assigns public IPv4 addresses\)"
    ):
        run_program("dev", answers={"aws:ec2/getSubnet:getSubnet": public})


def test_a_subnet_of_another_vpc_is_rejected() -> None:
    other = {"vpcId": "vpc-2", "availabilityZone": "us-east-2a", "mapPublicIpOnLaunch": False}
    with pytest.raises(pulumi.RunError, match="subnet-a: in vpc-2, not in vpc-1"):
        run_program("dev", answers={"aws:ec2/getSubnet:getSubnet": other})


def test_an_existing_key_is_resolved_to_its_arn() -> None:
    recording = run_program("dev", kmsKeyId="alias/shared-database")
    assert recording.exports["kmsKeyArn"] == "arn:aws:kms:us-east-2:123456789012:key/adopted"


def test_a_disabled_key_is_rejected() -> None:
    disabled = {"arn": "arn:key", "enabled": False, "keyState": "PendingDeletion"}
    with pytest.raises(pulumi.RunError, match="arn:key is PendingDeletion"):
        run_program("dev", kmsKeyId="alias/old", answers={"aws:kms/getKey:getKey": disabled})


def test_a_retired_version_is_replaced_by_the_closest_with_a_warning(
    caplog: pytest.LogCaptureFixture,
) -> None:
    recording = run_program(
        "dev",
        answers={"aws:rds/getEngineVersion:getEngineVersion": {"versionActual": "17.5"}},
    )
    assert recording.only(":Cluster").inputs["engineVersion"] == "17.5"
    assert (
        "engineVersion 17.4 (end of standard support 2026-11-30): AWS no longer creates clusters "
        "on it; a new cluster gets 17.5, the closest later minor version"
    ) in caplog.text


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
