from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from emulator.tests.aws.requests import UNKNOWN_KEY, Rejection, rejection

pytestmark = pytest.mark.emulator

_RANGE = (
    "1 validation error detected: Value '{}' at '{}' failed to satisfy constraint: "
    "Member must have value {} than or equal to {}"
)


def _new_key(kms: Any) -> str:
    return kms.create_key()["KeyMetadata"]["Arn"]


def _id_of(key: str) -> str:
    return key.rpartition("/")[2]


def _state_of(kms: Any, key: str) -> str:
    return kms.describe_key(KeyId=key)["KeyMetadata"]["KeyState"]


@pytest.mark.parametrize(
    ("members", "period"),
    [
        ({"RotationPeriodInDays": 90}, 90),
        ({"RotationPeriodInDays": 2560}, 2560),
        ({}, 365),
    ],
)
def test_the_rotation_period_is_read_back(kms: Any, members: dict[str, int], period: int) -> None:
    key = _new_key(kms)
    kms.enable_key_rotation(KeyId=key, **members)
    status = kms.get_key_rotation_status(KeyId=key)
    del status["ResponseMetadata"]
    assert status == {"KeyId": key, "KeyRotationEnabled": True, "RotationPeriodInDays": period}
    kms.disable_key_rotation(KeyId=key)
    status = kms.get_key_rotation_status(KeyId=_id_of(key))
    del status["ResponseMetadata"]
    assert status == {"KeyId": key, "KeyRotationEnabled": False}


def test_an_unsupported_rotation_period_is_rejected(kms: Any) -> None:
    key = _new_key(kms)
    assert rejection(kms.enable_key_rotation, KeyId=key, RotationPeriodInDays=2561) == Rejection(
        "ValidationException", _RANGE.format(2561, "rotationPeriodInDays", "less", 2560)
    )
    assert kms.get_key_rotation_status(KeyId=key)["KeyRotationEnabled"] is False


@pytest.mark.parametrize(("days", "bound"), [(6, ("greater", 7)), (31, ("less", 30))])
def test_a_deletion_window_outside_seven_to_thirty_days_is_rejected(
    kms: Any, days: int, bound: tuple[str, int]
) -> None:
    key = _new_key(kms)
    assert rejection(kms.schedule_key_deletion, KeyId=key, PendingWindowInDays=days) == Rejection(
        "ValidationException", _RANGE.format(days, "pendingWindowInDays", *bound)
    )
    assert _state_of(kms, key) == "Enabled"


@pytest.mark.parametrize(("members", "days"), [({}, 30), ({"PendingWindowInDays": 7}, 7)])
def test_a_deletion_is_scheduled_once_and_described_in_full(
    kms: Any, members: dict[str, int], days: int
) -> None:
    key = _new_key(kms)
    answered = kms.schedule_key_deletion(KeyId=key, **members)
    assert answered["KeyId"] == key
    assert answered["KeyState"] == "PendingDeletion"
    assert answered["PendingWindowInDays"] == days
    expected = datetime.now(UTC) + timedelta(days=days)
    assert abs(answered["DeletionDate"] - expected) < timedelta(minutes=5)
    assert rejection(kms.schedule_key_deletion, KeyId=_id_of(key)) == Rejection(
        "KMSInvalidStateException", f"{key} is pending deletion."
    )


@pytest.mark.parametrize("spelling", [str, _id_of], ids=["arn", "id"])
def test_the_state_of_a_key_changes_by_its_id_and_its_arn(kms: Any, spelling: Any) -> None:
    key = _new_key(kms)
    named = {"KeyId": spelling(key)}
    kms.disable_key(**named)
    assert _state_of(kms, key) == "Disabled"
    kms.enable_key(**named)
    assert _state_of(kms, key) == "Enabled"
    assert rejection(kms.cancel_key_deletion, **named) == Rejection(
        "KMSInvalidStateException", f"{key} is not pending deletion."
    )
    kms.schedule_key_deletion(**named)
    assert kms.cancel_key_deletion(**named)["KeyId"] == key
    assert _state_of(kms, key) == "Disabled"


_USES: list[tuple[str, dict[str, Any]]] = [
    ("encrypt", {"Plaintext": b"x"}),
    ("generate_data_key", {"KeySpec": "AES_256"}),
    ("enable_key_rotation", {}),
    ("disable_key_rotation", {}),
]


@pytest.mark.parametrize(
    ("operation", "members"),
    [
        *_USES,
        ("enable_key", {}),
        ("disable_key", {}),
        ("tag_resource", {"Tags": [{"TagKey": "Owner", "TagValue": "data"}]}),
        ("untag_resource", {"TagKeys": ["Owner"]}),
        ("update_key_description", {"Description": "Going"}),
    ],
)
def test_a_key_pending_deletion_does_not_encrypt(
    kms: Any, operation: str, members: dict[str, Any]
) -> None:
    key = _new_key(kms)
    kms.schedule_key_deletion(KeyId=key)
    assert rejection(getattr(kms, operation), KeyId=key, **members) == Rejection(
        "KMSInvalidStateException", f"{key} is pending deletion."
    )


@pytest.mark.parametrize(("operation", "members"), _USES)
def test_a_disabled_key_does_not_encrypt(kms: Any, operation: str, members: dict[str, Any]) -> None:
    key = _new_key(kms)
    kms.disable_key(KeyId=key)
    assert rejection(getattr(kms, operation), KeyId=key, **members) == Rejection(
        "DisabledException", f"{key} is disabled."
    )


def test_a_key_pending_deletion_keeps_its_aliases_and_its_policy(kms: Any, name: str) -> None:
    key = _new_key(kms)
    kms.create_alias(AliasName=f"alias/{name}", TargetKeyId=key)
    kms.schedule_key_deletion(KeyId=key)
    going = Rejection("KMSInvalidStateException", f"{key} is pending deletion.")
    assert rejection(kms.encrypt, KeyId=f"alias/{name}", Plaintext=b"x") == going
    assert rejection(kms.create_alias, AliasName=f"alias/{name}-2", TargetKeyId=key) == going
    kms.put_key_policy(KeyId=key, PolicyName="default", Policy="{}")
    assert kms.get_key_policy(KeyId=key, PolicyName="default")["Policy"] == "{}"


@pytest.mark.parametrize(
    "operation",
    [
        "schedule_key_deletion",
        "enable_key_rotation",
        "get_key_rotation_status",
        "disable_key",
        "cancel_key_deletion",
    ],
)
def test_a_key_that_does_not_exist_is_not_found(kms: Any, operation: str) -> None:
    answered = rejection(getattr(kms, operation), KeyId=UNKNOWN_KEY)
    assert (answered.code, answered.status) == ("NotFoundException", 400)
    assert UNKNOWN_KEY in answered.message


def test_a_key_encrypts_and_decrypts_by_default(kms: Any) -> None:
    created = kms.create_key()["KeyMetadata"]
    described = kms.describe_key(KeyId=created["KeyId"])["KeyMetadata"]
    assert (created["KeyUsage"], described["KeyUsage"]) == ("ENCRYPT_DECRYPT", "ENCRYPT_DECRYPT")
    signing = kms.create_key(KeyUsage="SIGN_VERIFY", KeySpec="RSA_2048")["KeyMetadata"]
    assert signing["KeyUsage"] == "SIGN_VERIFY"
