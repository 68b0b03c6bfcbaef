"""Every constraint of a service model, at its limit and beyond."""

import re
from typing import Any

import pytest
from botocore.model import ServiceModel
from botocore.session import get_session

from emulator.aws.validation.constraints import summary, violations
from emulator.aws.validation.patterns import compiled

MODEL = ServiceModel(
    {
        "operations": {"Put": {"name": "Put", "input": {"shape": "PutInput"}}},
        "shapes": {
            "PutInput": {
                "type": "structure",
                "required": ["Name"],
                "members": {
                    "Name": {"shape": "Name"},
                    "Days": {"shape": "Days"},
                    "Mode": {"shape": "Mode"},
                    "Tags": {"shape": "Tags"},
                    "Labels": {"shape": "Labels"},
                    "Secret": {"shape": "Secret"},
                    "Data": {"shape": "Data"},
                },
            },
            "Name": {"type": "string", "min": 2, "max": 4, "pattern": "[a-z]+"},
            "Days": {"type": "integer", "min": 7, "max": 30},
            "Mode": {"type": "string", "enum": ["on", "off"]},
            "Tags": {"type": "list", "member": {"shape": "Tag"}, "max": 2},
            "Tag": {"type": "structure", "members": {"Key": {"shape": "Name"}}},
            "Labels": {"type": "map", "key": {"shape": "Name"}, "value": {"shape": "Mode"}},
            "Secret": {"type": "string", "max": 3, "sensitive": True},
            "Data": {"type": "blob", "max": 2},
        },
    }
)
SHAPE: Any = MODEL.operation_model("Put").input_shape


@pytest.mark.parametrize(
    "member",
    [
        {"Name": "ab"},
        {"Name": "abcd"},
        {"Days": 7},
        {"Days": 30},
        {"Mode": "off"},
        {"Tags": [{"Key": "ab"}, {"Key": "cd"}]},
        {"Labels": {"ab": "on"}},
        {"Secret": "abc"},
        {"Data": b"ab"},
    ],
)
def test_a_value_at_its_limit_is_valid(member: dict[str, Any]) -> None:
    assert violations(SHAPE, {"Name": "ab", **member}) == []


@pytest.mark.parametrize(
    ("member", "violation"),
    [
        ({"Name": None}, "Value null at 'name' {}: Member must not be null"),
        (
            {"Name": "a"},
            "Value 'a' at 'name' {}: Member must have length greater than or equal to 2",
        ),
        (
            {"Name": "abcde"},
            "Value 'abcde' at 'name' {}: Member must have length less than or equal to 4",
        ),
        (
            {"Name": "ab\n"},
            "Value 'ab\n' at 'name' {}: Member must satisfy regular expression pattern: [a-z]+",
        ),
        ({"Days": 6}, "Value '6' at 'days' {}: Member must have value greater than or equal to 7"),
        ({"Days": 31}, "Value '31' at 'days' {}: Member must have value less than or equal to 30"),
        ({"Mode": "ON"}, "Value 'ON' at 'mode' {}: Member must satisfy enum value set: [on, off]"),
        (
            {"Tags": [{"Key": "ab"}, {"Key": "a"}]},
            "Value 'a' at 'tags.2.member.key' {}: Member must have length greater than or equal to 2",
        ),
        (
            {"Labels": {"ab": "x"}},
            "Value 'x' at 'labels.ab.member' {}: Member must satisfy enum value set: [on, off]",
        ),
        (
            {"Secret": "hush"},
            "Value at 'secret' {}: Member must have length less than or equal to 3",
        ),
        (
            {"Data": b"abc"},
            "Value 'b'abc'' at 'data' {}: Member must have length less than or equal to 2",
        ),
    ],
)
def test_a_value_beyond_its_limit_violates_the_model(
    member: dict[str, Any], violation: str
) -> None:
    found = violations(SHAPE, {"Name": "ab", **member})
    assert found == [violation.format("failed to satisfy constraint")]


def test_violations_are_counted_in_the_message() -> None:
    assert summary(["a"]) == "1 validation error detected: a"
    assert summary(["a", "b"]) == "2 validation errors detected: a; b"


@pytest.mark.parametrize(
    ("pattern", "valid", "invalid"),
    [
        (r"[\p{L}\p{Z}\p{N}_.:/=+\-@]*", "Größe 12 №.:/=+-@ 価格"[:9] + "価格", "a~b"),
        (r"[\w-_]*", "a-b_c", "a b"),
        (r"^([\p{L}\p{Z}\p{N}_.:/=+\-@]+)$", "Ⅷ x", "a,b"),
    ],
)
def test_java_patterns_match_as_in_java(pattern: str, valid: str, invalid: str) -> None:
    assert compiled(pattern).fullmatch(valid)
    assert not compiled(pattern).fullmatch(invalid)


def test_every_pattern_of_the_services_in_use_compiles() -> None:
    session: Any = get_session()
    failed: dict[str, str] = {}
    for service in (
        *("cloudwatch", "ec2", "events", "iam", "kms", "lambda", "logs", "rds"),
        *("secretsmanager", "sns", "sqs", "sts"),
    ):
        model = session.get_service_model(service)
        patterns = {model.shape_for(name).metadata.get("pattern") for name in model.shape_names}
        for pattern in patterns - {None}:
            try:
                compiled(pattern)
            except re.error as error:
                failed[f"{service} {pattern}"] = str(error)
    assert failed == {}
