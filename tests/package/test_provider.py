"""The package, constructing its component under mocks."""

import json
from functools import cache
from typing import Any

import pulumi
import pytest

from package.provider import AuroraDataPlatformProvider
from tools.testing.golden import FOLDER, VIEWS
from tools.testing.packages import (
    CLIENT_SECURITY_GROUP_ID,
    NETWORK,
    construct,
    stack_arguments,
)
from tools.testing.recorder import ACCOUNT, FailedLookup, Recording

KEY_ARN = f"arn:aws:kms:us-east-2:{ACCOUNT}:key/1"
SMALLEST = {"environment": "demo", "costCenter": "orders", "network": dict(NETWORK)}


def rejected(arguments: Any, **options: Any) -> tuple[str, dict[str, str]]:
    """Return the message of the rejection, and reasons by property path."""
    with pytest.raises(pulumi.InputPropertiesError) as rejection:
        construct(arguments, **options)
    errors = rejection.value.errors or []
    return rejection.value.message, {each["property_path"]: each["reason"] for each in errors}


@cache
def constructed(stack: str) -> Recording:
    return construct(
        stack_arguments(stack, NETWORK, client_security_group_id=CLIENT_SECURITY_GROUP_ID)
    )


@pytest.mark.parametrize("stack", ["dev", "prod"])
@pytest.mark.parametrize("view", VIEWS)
def test_the_package_creates_what_the_program_creates(stack: str, view: str) -> None:
    golden = (FOLDER / f"{view}.{stack}.json").read_text(encoding="utf-8")
    recorded = VIEWS[view](constructed(stack))
    assert json.dumps(recorded, indent=2, sort_keys=True) + "\n" == golden


def test_the_smallest_program_gets_the_defaults_and_what_the_package_looks_up() -> None:
    recording = construct(SMALLEST, name="orders")
    cluster = recording.only(":Cluster").inputs
    assert (cluster["clusterIdentifier"], cluster["engineVersion"]) == (
        "demo-aurora-cluster-ue2",
        "17.4",
    )
    assert recording.only("SubnetGroup").inputs["subnetIds"] == NETWORK["subnetIds"]
    assert recording.only(":ClusterInstance").inputs["availabilityZone"] == "us-east-2a"
    assert recording.exports["clusterIdentifier"] == "demo-aurora-cluster-ue2"
    assert ACCOUNT in recording.exports["notificationsTopicArn"]


def test_an_engine_version_that_aws_no_longer_creates_is_replaced_by_the_closest() -> None:
    answers = {"aws:rds/getEngineVersion:getEngineVersion": {"versionActual": "17.6"}}
    recording = construct(SMALLEST, answers=answers)
    assert recording.only(":Cluster").inputs["engineVersion"] == "17.6"
    (asked,) = [
        arguments
        for token, arguments in recording.invokes
        if token == "aws:rds/getEngineVersion:getEngineVersion"
    ]
    assert asked["preferredVersions"][0] == "17.4"
    arguments = {**SMALLEST, "engine": {"engineVersionFallback": "none"}}
    (asked,) = [
        arguments["preferredVersions"]
        for token, arguments in construct(arguments).invokes
        if token == "aws:rds/getEngineVersion:getEngineVersion"
    ]
    assert asked == ["17.4"]


@pytest.mark.parametrize("preview", [True, False], ids=["preview", "deployment"])
def test_network_topics_key_and_role_may_be_outputs_of_other_resources(preview: bool) -> None:
    def build() -> dict[str, Any]:
        def output(value: Any) -> pulumi.Output[Any]:
            return pulumi.Output.from_input(value)

        return {
            "environment": "demo",
            "costCenter": "orders",
            "network": {
                "vpcId": output("vpc-1"),
                "subnetIds": [output("subnet-b"), output("subnet-a"), output("subnet-a2")],
                "clientSecurityGroupIds": {"service": output("sg-service")},
            },
            "encryption": {"kmsKeyArn": output(KEY_ARN)},
            "rotation": {"ecsTaskExecutionRoleName": output("execution")},
            "notifications": {
                "notificationTopicArns": [f"arn:aws:sns:us-east-2:{ACCOUNT}:a", output("topic-b")],
                "pagingTopicArn": output("pages"),
            },
        }

    def subnet(arguments: dict[str, Any]) -> dict[str, Any]:
        return {"availabilityZone": f"us-east-2{arguments['id'][7]}"}

    answers = {"aws:ec2/getSubnet:getSubnet": subnet}
    recording = construct(build, answers=answers, preview=preview)
    assert recording.only(":ClusterInstance").inputs["availabilityZone"] == "us-east-2a"
    assert recording.only(":VpcEndpoint").inputs["subnetIds"] == ["subnet-a", "subnet-b"]
    ingress = recording.named("aurora-ingress-from-service").inputs
    assert ingress["referencedSecurityGroupId"] == "sg-service"
    assert recording.only(":Cluster").inputs["kmsKeyId"] == KEY_ARN
    alarm = recording.named("aurora-alarm-memory-exhausted").inputs
    assert alarm["alarmActions"][1:] == [f"arn:aws:sns:us-east-2:{ACCOUNT}:a", "topic-b"]
    critical = recording.only(":CompositeAlarm").inputs
    assert critical["okActions"] == ["pages"]


def test_every_invalid_property_is_reported_at_once_with_its_path() -> None:
    arguments = {
        "environment": "demo",
        "network": {"vpcId": "vpc-1", "subnets": ["subnet-a"], "port": 80},
        "capacity": {"auroraMinCapacity": 0.7},
        "engine": {"clusterParameters": {"app.a.b": "1", "work_mem": "4parsecs"}},
        "access": {"users": {"app": {"authentication": "iam", "access": "everything"}}},
        "backups": "weekly",
        "color": "blue",
    }
    message, reasons = rejected(arguments)
    assert message == "10 invalid properties; nothing was deployed"
    assert sorted(reasons) == [
        'access.users["app"].access',
        "backups",
        "capacity.auroraMinCapacity",
        "color",
        "costCenter",
        'engine.clusterParameters["app.a.b"]',
        'engine.clusterParameters["work_mem"]',
        "network.port",
        "network.subnetIds",
        "network.subnets",
    ]
    assert reasons["network.subnets"] == "unknown key; did you mean 'subnetIds'?"
    assert reasons["backups"] == "allowed: an object"
    assert reasons["network.subnetIds"] == (
        "required; allowed: the IDs of private subnets in at least two Availability Zones"
    )
    assert reasons["network.port"] == "allowed: 1150 to 65535; RDS API, Port"


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("environment", "demo"),
        ("access.users", {"app": {"authentication": "iam", "access": "owner"}}),
        ("capacity", {"instanceCount": 2}),
        ("network.clientSecurityGroupIds", {"service": "sg-1"}),
        ("notifications.notificationTopicArns", []),
    ],
)
@pytest.mark.parametrize("wrap", [pulumi.Output.from_input, pulumi.Output.secret])
def test_what_decides_what_is_created_may_be_neither_an_output_nor_secret(
    path: str, value: Any, wrap: Any
) -> None:
    group, _, key = path.partition(".")

    def build() -> dict[str, Any]:
        given: Any = {**SMALLEST.get(group, {}), key: wrap(value)} if key else wrap(value)  # pyright: ignore
        return {**SMALLEST, group: given}

    message, reasons = rejected(build)
    assert message == "1 invalid property; nothing was deployed"
    # The space keeps the engine from printing the value.
    assert list(reasons) == [f"{path} "]
    assert reasons[f"{path} "].endswith(
        "it decides what is created, so it must be known before the deployment and not secret"
    )


@pytest.mark.parametrize(
    ("key", "value", "reason"),
    [
        ("vpcId", 5, "allowed: text"),
        ("subnetIds", "subnet-a", "allowed: a list"),
        ("clientSecurityGroupIds", ["sg-1"], "allowed: an object"),
    ],
)
def test_a_value_of_the_wrong_shape_is_rejected(key: str, value: Any, reason: str) -> None:
    network = {**NETWORK, key: value}
    _, reasons = rejected({**SMALLEST, "network": network})
    assert reasons[f"network.{key}"] == reason


@pytest.mark.parametrize(
    ("group", "member", "value", "path", "reason"),
    [
        ("encryption", "kmsKeyArn", "alias/data", "", "the ARN of a KMS key"),
        (
            "rotation",
            "ecsTaskExecutionRoleName",
            "arn:aws:iam::1:role/x",
            "",
            "the name of a role, without path and ARN",
        ),
        (
            "network",
            "clientSecurityGroupIds",
            {"a.b": "orders-service", "c": "sg-1"},
            '["a.b"]',
            "the ID of a security group",
        ),
    ],
)
def test_a_text_that_is_not_what_its_name_says_is_rejected(
    group: str, member: str, value: Any, path: str, reason: str
) -> None:
    members = {**dict(SMALLEST.get(group, {})), member: value}  # pyright: ignore
    _, reasons = rejected({**SMALLEST, group: members})
    assert reasons == {f"{group}.{member}{path}": f"allowed: {reason}"}


def test_failed_lookups_are_reported_together() -> None:
    answers = {
        "aws:ec2/getSubnet:getSubnet": FailedLookup("InvalidSubnetID.NotFound"),
        "aws:rds/getEngineVersion:getEngineVersion": FailedLookup("no matching version"),
    }
    connectivity = {"secretsManagerConnectivity": "existing-endpoint"}
    arguments = {**SMALLEST, "network": {**NETWORK, **connectivity}}
    _, reasons = rejected(arguments, answers=answers)
    assert list(reasons) == [
        "engine.engineVersion",
        "network.subnetIds",
        "network.secretsEndpointSecurityGroupId",
    ]
    assert "InvalidSubnetID.NotFound" in reasons["network.subnetIds"]


def test_ids_of_the_wrong_kind_are_rejected_before_they_are_looked_up() -> None:
    _, reasons = rejected({**SMALLEST, "network": {"vpcId": "orders", "subnetIds": ["a"]}})
    assert reasons["network.vpcId"] == "allowed: vpc- and hexadecimal digits, or empty"
    assert reasons["network.subnetIds"] == "allowed: a list of subnet IDs"


def test_an_aws_provider_without_a_region_is_reported() -> None:
    answers = {"aws:index/getRegion:getRegion": FailedLookup("Missing region configuration")}
    _, reasons = rejected(SMALLEST, answers=answers)
    assert list(reasons) == ["aws:region"]
    assert "Missing region configuration" in reasons["aws:region"]


def test_a_resource_type_of_another_name_is_rejected() -> None:
    with pytest.raises(pulumi.InputPropertiesError) as rejection:
        AuroraDataPlatformProvider().construct("x", "aurora-data-platform:index:Aurora", {}, None)
    assert "the package has aurora-data-platform:index:AuroraDataPlatform" in str(rejection.value)
