"""Tags that AWS rejects, with each service's error code."""

from collections.abc import Callable
from typing import Any

import pytest

from emulator.testing.requests import subnet_group_request, subnets_of
from emulator.tests.aws.requests import Rejection, rejection

pytestmark = pytest.mark.emulator

CHARACTERS = "The tag {} has characters other than letters, digits, white space and _ . : / = + - @"
RESERVED = "The tag key {} begins with a reserved prefix."


def _pair(key: str, value: str) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value}]


REQUESTS: dict[str, tuple[str, Callable[[str, str], dict[str, Any]], str]] = {
    "secretsmanager": (
        "create_secret",
        lambda key, value: {"Name": "tagged", "Tags": _pair(key, value)},
        "InvalidParameterException",
    ),
    "kms": (
        "create_key",
        lambda key, value: {"Tags": [{"TagKey": key, "TagValue": value}]},
        "TagException",
    ),
    "sns": (
        "create_topic",
        lambda key, value: {"Name": "tagged", "Tags": _pair(key, value)},
        "InvalidParameter",
    ),
    "sqs": (
        "create_queue",
        lambda key, value: {"QueueName": "tagged", "tags": {key: value}},
        "InvalidParameterValue",
    ),
    "rds": (
        "create_db_cluster_parameter_group",
        lambda key, value: {
            "DBClusterParameterGroupName": "tagged",
            "DBParameterGroupFamily": "aurora-postgresql17",
            "Description": "tagged",
            "Tags": _pair(key, value),
        },
        "InvalidParameterValue",
    ),
    "cloudwatch": (
        "put_metric_alarm",
        lambda key, value: {
            "AlarmName": "tagged",
            "ComparisonOperator": "GreaterThanThreshold",
            "EvaluationPeriods": 1,
            "Tags": _pair(key, value),
        },
        "ValidationError",
    ),
}


@pytest.mark.parametrize("service", REQUESTS)
@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("aws:owner", "team", RESERVED.format("aws:owner")),
        ("AWS:owner", "team", RESERVED.format("AWS:owner")),
        ("owner", "a,b", CHARACTERS.format("owner")),
        ("owner", "a;b", CHARACTERS.format("owner")),
        ("own*er", "team", CHARACTERS.format("own*er")),
    ],
)
def test_an_invalid_tag_is_rejected_with_the_code_of_the_service(
    client: Callable[[str], Any], service: str, key: str, value: str, message: str
) -> None:
    operation, request, code = REQUESTS[service]
    answered = rejection(getattr(client(service), operation), **request(key, value))
    assert answered == Rejection(code, message)


def test_rds_reserves_its_own_prefix_too(rds: Any, ec2: Any, name: str) -> None:
    subnets = (subnet["SubnetId"] for subnet in subnets_of(ec2, "first"))
    request = subnet_group_request(name, *subnets)
    answered = rejection(rds.create_db_subnet_group, **request, Tags=_pair("rds:owner", "team"))
    assert answered == Rejection("InvalidParameterValue", RESERVED.format("rds:owner"))
    rds.create_db_subnet_group(**request, Tags=_pair("owner", "Größe 1_.:/=+-@"))


def test_a_value_may_be_empty_and_has_at_most_256_characters(
    client: Callable[[str], Any],
) -> None:
    kms = client("kms")
    kms.create_key(Tags=[{"TagKey": "a", "TagValue": ""}, {"TagKey": "b", "TagValue": "x" * 256}])
    answered = rejection(client("sqs").create_queue, QueueName="tagged", tags={"owner": "x" * 257})
    assert answered == Rejection(
        "InvalidParameterValue", "The value of the tag owner must have at most 256 characters."
    )


def test_ec2_accepts_any_character_but_not_the_reserved_prefix(ec2: Any) -> None:
    vpc_id = subnets_of(ec2, "first")[0]["VpcId"]
    ec2.create_tags(Resources=[vpc_id], Tags=_pair("owner", "a,b;c*"))
    answered = rejection(ec2.create_tags, Resources=[vpc_id], Tags=_pair("aws:owner", "x"))
    assert answered == Rejection("InvalidParameterValue", RESERVED.format("aws:owner"))


def test_keys_of_iam_tags_are_unique_regardless_of_case(client: Callable[[str], Any]) -> None:
    tags = [*_pair("Owner", "a"), *_pair("owner", "b")]
    request = {"RoleName": "tagged", "AssumeRolePolicyDocument": "{}", "Tags": tags}
    assert rejection(client("iam").create_role, **request) == Rejection(
        "InvalidInput",
        "Duplicate tag keys found. Please note that Tag keys are case insensitive.",
    )
    client("kms").create_key(
        Tags=[{"TagKey": "Owner", "TagValue": "a"}, {"TagKey": "owner", "TagValue": "b"}]
    )
