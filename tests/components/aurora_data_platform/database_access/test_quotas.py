"""What refers to many users stays within AWS's default quotas."""

import json
from collections import defaultdict
from collections.abc import Callable
from typing import Any

import pytest

from components.aurora_data_platform.errors import ConfigError
from components.aurora_data_platform.settings.warnings import warnings_for
from tests.components.aurora_data_platform.platforms import arguments, platform
from tools.testing.recorder import Recording

NAMES = [f"application_{number:08}" for number in range(40)]
"""Names of 20 characters."""


def users(names: list[str], **settings: object) -> dict[str, dict[str, object]]:
    declared = {"authentication": "password", "access": "readwrite", **settings}
    return dict.fromkeys(names, declared)


def sizes_of(recording: Recording, type_: str, *path: str) -> list[int]:
    """Return the sizes of a property of every resource of a type, without optional white space."""
    found: list[int] = []
    for each in recording.of_type(type_):
        value: Any = each.inputs
        for name in path:
            value = value.get(name) if value else None
        if value:
            document = json.loads(value) if isinstance(value, str) else value
            found.append(len(json.dumps(document, separators=(",", ":"))))
    return found


def function_policies(recording: Recording) -> list[int]:
    """Return the size of each function's policy, whose statements are those of Lambda."""
    statements: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    for each in recording.of_type("lambda/permission:Permission"):
        own, function = each.inputs, str(each.inputs["function"])
        condition = {"ArnLike": {"AWS:SourceArn": own["sourceArn"]}}
        if "sourceAccount" in own:
            condition["StringEquals"] = {"AWS:SourceAccount": own["sourceAccount"]}
        statements[function].append(
            {
                "Sid": own["statementId"],
                "Effect": "Allow",
                "Principal": {"Service": own["principal"]},
                "Action": own["action"],
                "Resource": f"arn:aws:lambda:us-east-2:123456789012:function:{function}",
                "Condition": condition,
            }
        )
    policies = [
        {"Version": "2012-10-17", "Id": "default", "Statement": each}
        for each in statements.values()
    ]
    return [len(json.dumps(each, separators=(",", ":"))) for each in policies]


def texts(recording: Recording, type_: str, name: str) -> list[int]:
    rows = recording.of_type(type_)
    return [len(each.inputs[name]) for each in rows if each.inputs.get(name)]


QUOTAS: dict[str, tuple[int, Callable[[Recording], list[int]]]] = {
    "EventBridge, Event pattern size": (
        2_048,
        lambda found: texts(found, ":EventRule", "eventPattern"),
    ),
    "EventBridge API, PutTargets, Input": (
        8_192,
        lambda found: texts(found, ":EventTarget", "input"),
    ),
    "IAM, Managed policy size": (
        6_144,
        lambda found: sizes_of(found, "iam/policy:Policy", "policy"),
    ),
    "IAM, Role trust policy length": (
        2_048,
        lambda found: sizes_of(found, "iam/role:Role", "assumeRolePolicy"),
    ),
    "Lambda, Function resource-based policy": (20_480, function_policies),
    "Lambda, Environment variables": (
        4_096,
        lambda found: sizes_of(found, ":Function", "environment", "variables"),
    ),
    "KMS, Key policy document size": (
        32_768,
        lambda found: sizes_of(found, "kms/key:Key", "policy"),
    ),
    "SNS, Topic policy": (
        30_720,
        lambda found: sizes_of(found, "sns/topicPolicy:TopicPolicy", "policy"),
    ),
}
"""Quota, and the sizes that it limits."""


@pytest.mark.parametrize("quota", QUOTAS)
def test_forty_users_with_passwords_stay_within_the_quotas(quota: str) -> None:
    limit, sizes = QUOTAS[quota]
    found = sizes(platform(users=users(NAMES)))
    assert found
    assert max(found) <= limit


@pytest.mark.parametrize(
    "quota",
    [
        "EventBridge, Event pattern size",
        "IAM, Managed policy size",
        "Lambda, Function resource-based policy",
    ],
)
def test_further_users_make_nothing_longer(quota: str) -> None:
    _, sizes = QUOTAS[quota]
    assert max(sizes(platform(users=users(NAMES)))) == max(sizes(platform(users=users(NAMES[:1]))))


def test_more_users_than_one_event_names_are_rejected() -> None:
    names = [f"application_{number:08}" for number in range(174)]
    fits = platform(users=users(names[:173]))
    assert max(texts(fits, ":EventTarget", "input")) <= 8_192
    with pytest.raises(ConfigError) as rejected:
        arguments(users=users(names))
    (issue,) = rejected.value.issues
    assert (issue.key, issue.value) == ("users", "174 users with authentication password")
    assert "EventBridge accepts 8192" in issue.reason
    arguments(users={**users(names[:173]), "web": {"authentication": "iam", "access": "owner"}})


@pytest.mark.parametrize(("count", "warned"), [(10, False), (11, True)])
def test_a_role_of_more_users_than_policies_fit_is_warned_of(count: int, warned: bool) -> None:
    settings = arguments(
        users=users(NAMES[:count], taskRoles=["task"], executionRoles=["task", "execution"])
    ).settings
    sentence = (
        f"users: execution ({count}), task ({count}): a role gets one policy per user, and AWS "
        "attaches at most 10 to a role unless the quota is raised"
    )
    assert (sentence in warnings_for(settings, [])) is warned
