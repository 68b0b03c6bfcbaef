"""KMS keys: rotation, deletion and states."""

import json

from moto.kms.models import Key

from emulator.aws.errors import reject
from emulator.aws.moto_adapter.call import Answer, Call, Proceed, answer
from emulator.aws.registry import patch_operations

_TEST = "kms/test_keys"
DEFAULT_ROTATION_DAYS = 365
MIN_WINDOW_DAYS, MAX_WINDOW_DAYS = 7, 30
"""KMS API reference, ScheduleKeyDeletion; the service model allows 1 to 365."""


@patch_operations(
    "kms:CreateKey",
    moto_behaviour="a key without KeyUsage has none",
    aws="KeyUsage is ENCRYPT_DECRYPT by default",
    source="KMS API reference, CreateKey, KeyUsage",
    test=f"{_TEST}::test_a_key_encrypts_and_decrypts_by_default",
)
def default_key_usage(call: Call, proceed: Proceed) -> Answer:
    """Set the default usage on the new key."""
    result = json.loads(str(proceed()))
    usage = call.params.get("KeyUsage", "ENCRYPT_DECRYPT")
    call.kms.keys[result["KeyMetadata"]["KeyId"]].key_usage = usage
    result["KeyMetadata"]["KeyUsage"] = usage
    return json.dumps(result)


@patch_operations(
    "kms:EnableKeyRotation",
    moto_behaviour="RotationPeriodInDays is dropped",
    aws="the period is stored, 365 days by default",
    source="KMS API reference, EnableKeyRotation",
    test=f"{_TEST}::test_the_rotation_period_is_read_back",
)
def keep_rotation_period(call: Call, proceed: Proceed) -> Answer:
    """Store the period with the key."""
    days = call.params.get("RotationPeriodInDays", DEFAULT_ROTATION_DAYS)
    result = proceed()
    setattr(_key(call), "rotation_period_in_days", days)  # noqa: B010 - not declared by moto
    return result


@patch_operations(
    "kms:GetKeyRotationStatus",
    moto_behaviour="only KeyRotationEnabled is returned",
    aws="the key's id and, while rotation is on, its period are returned",
    source="KMS API reference, GetKeyRotationStatus",
    test=f"{_TEST}::test_the_rotation_period_is_read_back",
)
def complete_rotation_status(call: Call, proceed: Proceed) -> Answer:
    """Return the key's stored rotation."""
    proceed()  # moto rejects an unknown key
    key = _key(call)
    members: dict[str, object] = {"KeyId": key.arn, "KeyRotationEnabled": key.key_rotation_status}
    if key.key_rotation_status:
        period = getattr(key, "rotation_period_in_days", DEFAULT_ROTATION_DAYS)
        members["RotationPeriodInDays"] = period
    return answer(members)


@patch_operations(
    "kms:ScheduleKeyDeletion",
    moto_behaviour="a window of 3 days is accepted and ignored; the response lacks state and "
    "window; a key is not found by its ARN",
    aws="ValidationException outside 7 to 30 days; KMSInvalidStateException if deletion is "
    "already scheduled",
    source="KMS API reference, ScheduleKeyDeletion",
    test=f"{_TEST}::test_a_deletion_window_outside_seven_to_thirty_days_is_rejected",
)
def schedule_deletion(call: Call, proceed: Proceed) -> Answer:
    """Validate the window and return the complete response."""
    del proceed
    days = call.params.get("PendingWindowInDays", 30)
    if not MIN_WINDOW_DAYS <= days <= MAX_WINDOW_DAYS:
        _reject_window(days)
    key = _key(call)
    _check_state(key)
    deletion = call.kms.schedule_key_deletion(key.id, days)
    return answer(
        {
            "KeyId": key.arn,
            "DeletionDate": deletion,
            "KeyState": key.key_state,
            "PendingWindowInDays": days,
        }
    )


@patch_operations(
    "kms:EnableKey",
    "kms:DisableKey",
    "kms:CancelKeyDeletion",
    moto_behaviour="a key is not found by its ARN; CancelKeyDeletion accepts any key and "
    "returns its id",
    aws="keys are found by id and ARN; KMSInvalidStateException; the response has the ARN",
    source="KMS API reference, DisableKey and CancelKeyDeletion",
    test=f"{_TEST}::test_the_state_of_a_key_changes_by_its_id_and_its_arn",
)
def change_state(call: Call, proceed: Proceed) -> Answer:
    """Find the key and set its state."""
    del proceed
    key = _key(call)
    if call.operation == "CancelKeyDeletion":
        if key.key_state != "PendingDeletion":
            reject("KMSInvalidStateException", f"{key.arn} is not pending deletion.")
        call.kms.cancel_key_deletion(key.id)
        return answer({"KeyId": key.arn})
    _check_state(key)
    change = call.kms.enable_key if call.operation == "EnableKey" else call.kms.disable_key
    change(key.id)
    return answer()


_NOT_WHILE_DISABLED = ("Encrypt", "GenerateDataKey", "EnableKeyRotation", "DisableKeyRotation")
_NOT_WHILE_GOING = (
    *_NOT_WHILE_DISABLED,
    "CreateAlias",
    "TagResource",
    "UntagResource",
    "UpdateKeyDescription",
)


@patch_operations(
    *(f"kms:{operation}" for operation in _NOT_WHILE_GOING),
    moto_behaviour="a key that is disabled or pending deletion remains usable",
    aws="DisabledException or KMSInvalidStateException",
    source='KMS developer guide, "Key states of AWS KMS keys"',
    test=f"{_TEST}::test_a_key_pending_deletion_does_not_encrypt",
)
def require_usable_key(call: Call, proceed: Proceed) -> Answer:
    """Reject what the key's state does not allow."""
    name = call.params["TargetKeyId" if call.operation == "CreateAlias" else "KeyId"]
    key = _find(call, name)
    if key is not None:
        _check_state(key)
        if key.key_state == "Disabled" and call.operation in _NOT_WHILE_DISABLED:
            reject("DisabledException", f"{key.arn} is disabled.")
    return proceed()


def _check_state(key: Key) -> None:
    if key.key_state == "PendingDeletion":
        reject("KMSInvalidStateException", f"{key.arn} is pending deletion.")


def _reject_window(days: int) -> None:
    bound = (
        f"greater than or equal to {MIN_WINDOW_DAYS}"
        if days < MIN_WINDOW_DAYS
        else f"less than or equal to {MAX_WINDOW_DAYS}"
    )
    message = (
        f"1 validation error detected: Value '{days}' at 'pendingWindowInDays' failed to satisfy "
        f"constraint: Member must have value {bound}"
    )
    reject("ValidationException", message)


def _find(call: Call, name: str) -> Key | None:
    alias = f"alias/{name.partition('alias/')[2]}" if "alias/" in name else None
    key_id = name.rpartition("/")[2]
    for key in call.kms.keys.values():
        if key.id == key_id or (alias is not None and alias in key.aliases):
            return key
    return None


def _key(call: Call) -> Key:
    name = call.params["KeyId"]
    key = _find(call, name)
    if key is None:
        reject("NotFoundException", f"Key '{name}' does not exist")
    return key
