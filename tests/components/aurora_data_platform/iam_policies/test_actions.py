"""Policy documents of the program, compared with AWS's Service Authorization Reference."""

import json
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple, cast

import pytest

from tests.components.aurora_data_platform.platforms import USERS
from tests.components.aurora_data_platform.test_backups import FULL_PLAN, OTHER_ACCOUNT
from tools.repository import read_yaml
from tools.testing.iam_database import (
    action_exists,
    arn_format,
    arn_formats,
    matching_actions,
    overlap,
    supports_condition_key,
)
from tools.testing.programs import run_program
from tools.testing.recorder import Resource

DATA: dict[str, Any] = read_yaml(Path(__file__).with_name("actions.yaml"))
PROGRAMS: dict[str, tuple[str, dict[str, Any]]] = {
    "dev": ("dev", {}),
    "prod": ("prod", {}),
    "users": ("prod", {"users": USERS}),
    "backups": ("prod", {"backupPlan": FULL_PLAN}),
    "copies in another account": ("prod", {"backupPlan": FULL_PLAN | {"copyTo": OTHER_ACCOUNT}}),
}


class Finding(NamedTuple):
    """A difference from the reference."""

    statement: str
    action: str
    problem: str


def statements(resource: Resource) -> Iterator[dict[str, Any]]:
    """Statements of every policy document among a resource's inputs, at any depth."""
    values: list[Any] = [dict(resource.inputs)]
    while values:
        value = values.pop()
        if isinstance(value, dict):
            values += cast("dict[str, Any]", value).values()
        elif isinstance(value, list):
            values += cast("list[Any]", value)
        elif isinstance(value, str) and '"Statement"' in value:
            yield from json.loads(value)["Statement"]


def as_list(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


def resource_arns(statement: dict[str, Any], type_token: str) -> list[str]:
    """ARNs of a statement in the form that they have on AWS."""
    given = as_list(statement.get("Resource", "*"))
    attached_to = DATA["attached_to"].get(type_token)
    if given == ["*"] and attached_to:
        return [arn_format(*attached_to)]
    services = [(arn, arn.split(":")[2] if arn != "*" else "") for arn in given]
    mocked = DATA["mocked_arns"]
    return [arn_format(*mocked[name]) if name in mocked else arn for arn, name in services]


def problems(action: str, arns: Iterable[str], keys: Iterable[str]) -> Iterator[str]:
    """Differences of a permission from the reference's entry of its action."""
    formats = arn_formats(action)
    for arn in arns:
        if arn == "*":
            if formats:
                yield "every resource"
        elif not any(overlap(arn, each) for each in formats):
            yield "unsupported resource type"
    for key in keys:
        if key not in DATA["global_condition_keys"] and not supports_condition_key(action, key):
            yield f"unsupported condition key {key}"


def findings(resource: Resource) -> set[Finding]:
    found: set[Finding] = set()
    for statement in statements(resource):
        name = statement.get("Sid", resource.name)
        arns = resource_arns(statement, resource.type)
        keys = [key for row in statement.get("Condition", {}).values() for key in row]
        for pattern in as_list(statement["Action"]):
            actions = matching_actions(pattern) if "*" in pattern else [pattern]
            if not actions or not all(map(action_exists, actions)):
                found.add(Finding(name, pattern, "unknown action"))
                continue
            found |= {
                Finding(name, pattern, problem)
                for action in actions
                for problem in problems(action, arns, keys)
            }
    return found


@cache
def resources() -> list[Resource]:
    return [
        each
        for stack, changes in PROGRAMS.values()
        for each in run_program(stack, **changes).resources
    ]


def listed() -> set[Finding]:
    return {
        Finding(row["statement"], action, row["problem"])
        for row in DATA["differences"]
        for action in row["actions"]
    }


def test_every_kind_of_policy_document_is_examined() -> None:
    assert {each.type for each in resources() if any(statements(each))} == {
        "aws:ec2/vpcEndpoint:VpcEndpoint",
        "aws:iam/policy:Policy",
        "aws:iam/role:Role",
        "aws:kms/key:Key",
        "aws:sns/topicPolicy:TopicPolicy",
    }


def test_every_permission_is_one_that_iam_supports() -> None:
    found = {finding for each in resources() for finding in findings(each)}
    assert sorted(found - listed()) == []
    assert sorted(listed() - found) == [], "a listed difference does not occur"


def test_every_difference_has_a_reason() -> None:
    assert [row for row in DATA["differences"] if len(row["reason"]) < 40] == []


def test_the_listed_global_condition_keys_are_those_in_use() -> None:
    used = {
        key
        for each in resources()
        for statement in statements(each)
        for row in statement.get("Condition", {}).values()
        for key in row
    }
    assert sorted(key for key in used if key.startswith("aws:")) == DATA["global_condition_keys"]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, []),
        ({"Action": "kms:Decypt"}, ["unknown action"]),
        ({"Action": "kms:Decypt*"}, ["unknown action"]),
        ({"Action": ["sqs:SendMessage"]}, ["unsupported resource type"]),
        ({"Resource": "arn:aws:kms:us-east-2:1:alias/a"}, ["unsupported resource type"]),
        ({"Resource": "*"}, ["every resource"]),
        ({"Action": "kms:ListAliases", "Resource": "*"}, []),
        ({"Action": "kms:ListAliases"}, ["unsupported resource type"]),
        (
            {"Condition": {"Bool": {"kms:GrantIsForAWSResource": "true"}}},
            ["unsupported condition key kms:GrantIsForAWSResource"],
        ),
        (
            {"Condition": {"StringEquals": {"aws:SourceAcount": "1"}}},
            ["unsupported condition key aws:SourceAcount"],
        ),
        ({"Condition": {"StringEquals": {"kms:EncryptionContext:a": "b"}}}, []),
    ],
)
def test_a_permission_that_iam_does_not_support_is_reported(
    change: dict[str, Any], expected: list[str]
) -> None:
    statement = {
        "Sid": "UseKey",
        "Action": "kms:Decrypt",
        "Resource": "arn:aws:kms:us-east-2:123456789012:key/1",
    } | change
    policy = Resource(
        "aws:iam/policy:Policy", "p", {"policy": json.dumps({"Statement": [statement]})}
    )
    assert [each.problem for each in findings(policy)] == expected
