from typing import Any

import pytest

from emulator.tests.aws.requests import UNKNOWN_KEY, Rejection, rejection

pytestmark = pytest.mark.emulator

_LEGAL_DAYS = (
    "[1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, "
    "3288, 3653]"
)


def _group(logs: Any, name: str) -> dict[str, Any]:
    (group,) = logs.describe_log_groups(logGroupNamePrefix=name)["logGroups"]
    return group


def _no_key(key: str) -> Rejection:
    return Rejection(
        "InvalidParameterException",
        "The specified KMS key does not exist or is not allowed to be used with the log group: "
        f"{key}",
    )


@pytest.mark.parametrize("days", [2, 31, 3654])
def test_an_unsupported_retention_period_is_rejected(logs: Any, name: str, days: int) -> None:
    logs.create_log_group(logGroupName=name)
    logs.put_retention_policy(logGroupName=name, retentionInDays=30)
    assert rejection(
        logs.put_retention_policy, logGroupName=name, retentionInDays=days
    ) == Rejection(
        "InvalidParameterException",
        f"1 validation error detected: Value '{days}' at 'retentionInDays' failed to satisfy "
        f"constraint: Member must satisfy enum value set: {_LEGAL_DAYS}",
    )
    assert _group(logs, name)["retentionInDays"] == 30


@pytest.mark.parametrize("state", ["unknown", "disabled", "named by its id"])
def test_a_group_with_an_unknown_key_is_rejected(
    logs: Any, kms: Any, name: str, state: str
) -> None:
    metadata = kms.create_key()["KeyMetadata"]
    if state == "disabled":
        kms.disable_key(KeyId=metadata["KeyId"])
    key = {"unknown": UNKNOWN_KEY, "disabled": metadata["Arn"]}.get(state, metadata["KeyId"])
    assert rejection(logs.create_log_group, logGroupName=name, kmsKeyId=key) == _no_key(key)
    assert logs.describe_log_groups(logGroupNamePrefix=name)["logGroups"] == []


def test_the_key_of_a_group_is_changed_and_removed(logs: Any, kms: Any, name: str) -> None:
    first, second = (kms.create_key()["KeyMetadata"]["Arn"] for _ in range(2))
    logs.create_log_group(logGroupName=name, kmsKeyId=first)
    assert _group(logs, name)["kmsKeyId"] == first
    logs.associate_kms_key(logGroupName=name, kmsKeyId=second)
    assert _group(logs, name)["kmsKeyId"] == second
    assert rejection(logs.associate_kms_key, logGroupName=name, kmsKeyId=UNKNOWN_KEY) == _no_key(
        UNKNOWN_KEY
    )
    arn = _group(logs, name)["logGroupArn"]
    logs.associate_kms_key(resourceIdentifier=arn, kmsKeyId=first)
    assert _group(logs, name)["kmsKeyId"] == first
    logs.disassociate_kms_key(logGroupName=name)
    assert "kmsKeyId" not in _group(logs, name)


@pytest.mark.parametrize(
    ("operation", "members"),
    [("associate_kms_key", {"kmsKeyId": UNKNOWN_KEY}), ("disassociate_kms_key", {})],
)
def test_the_key_of_a_missing_group_is_not_changed(
    logs: Any, name: str, operation: str, members: dict[str, str]
) -> None:
    assert rejection(getattr(logs, operation), logGroupName=name, **members) == Rejection(
        "ResourceNotFoundException", "The specified log group does not exist."
    )


@pytest.mark.parametrize(
    ("members", "group_class"),
    [({}, "STANDARD"), ({"logGroupClass": "INFREQUENT_ACCESS"}, "INFREQUENT_ACCESS")],
)
def test_the_class_of_a_group_is_read_back(
    logs: Any, name: str, members: dict[str, str], group_class: str
) -> None:
    logs.create_log_group(logGroupName=name, **members)
    assert _group(logs, name)["logGroupClass"] == group_class
