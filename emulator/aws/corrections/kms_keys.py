"""Keys: the rotation period is kept, a deletion has its window, a dying key does not encrypt."""

from moto.kms.models import Key

from emulator.aws.errors import refuse
from emulator.aws.moto_internals import Answer, Call, Proceed, answer
from emulator.aws.registry import corrects

_TEST = "test_kms_keys"
DEFAULT_ROTATION_DAYS = 365


@corrects(
    "kms:EnableKeyRotation",
    fault="RotationPeriodInDays is dropped, and not checked",
    aws="it is kept, 365 unless sent; ValidationException outside 90 to 2560",
    source="KMS API reference, EnableKeyRotation",
    test=f"{_TEST}::test_the_rotation_period_is_read_back",
)
def rotation_period_is_kept(call: Call, proceed: Proceed) -> Answer:
    """Check the period and keep it on the key."""
    days = call.params.get("RotationPeriodInDays", DEFAULT_ROTATION_DAYS)
    _check_range("rotationPeriodInDays", days, 90, 2560)
    result = proceed()
    setattr(_key(call), "rotation_period_in_days", days)  # noqa: B010 - not declared by moto
    return result


@corrects(
    "kms:GetKeyRotationStatus",
    fault="answers KeyRotationEnabled alone",
    aws="answers the key's id and, while rotation is on, its period",
    source="KMS API reference, GetKeyRotationStatus",
    test=f"{_TEST}::test_the_rotation_period_is_read_back",
)
def rotation_status_is_complete(call: Call, proceed: Proceed) -> Answer:
    """Answer from the key."""
    proceed()  # moto's own refusal of an unknown key
    key = _key(call)
    members: dict[str, object] = {"KeyId": key.arn, "KeyRotationEnabled": key.key_rotation_status}
    if key.key_rotation_status:
        period = getattr(key, "rotation_period_in_days", DEFAULT_ROTATION_DAYS)
        members["RotationPeriodInDays"] = period
    return answer(members)


@corrects(
    "kms:ScheduleKeyDeletion",
    fault="a window of 3 days is taken and means nothing; the answer lacks state and window; a key "
    "is not found by its ARN",
    aws="ValidationException outside 7 to 30; a key that is already going is "
    "KMSInvalidStateException",
    source="KMS API reference, ScheduleKeyDeletion",
    test=f"{_TEST}::test_a_deletion_window_outside_seven_to_thirty_days_is_refused",
)
def deletion_has_its_window(call: Call, proceed: Proceed) -> Answer:
    """Check the window, then answer in full."""
    del proceed
    days = call.params.get("PendingWindowInDays", 30)
    _check_range("pendingWindowInDays", days, 7, 30)
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


@corrects(
    "kms:EnableKey",
    "kms:DisableKey",
    "kms:CancelKeyDeletion",
    fault="a key is not found by its ARN; cancelling works on a key that is not going, and answers "
    "its id",
    aws="a key's id and ARN both name it; KMSInvalidStateException; the answer is the ARN",
    source="KMS API reference, DisableKey and CancelKeyDeletion",
    test=f"{_TEST}::test_the_state_of_a_key_changes_by_its_id_and_its_arn",
)
def state_changes_by_arn(call: Call, proceed: Proceed) -> Answer:
    """Look the key up, then set its state."""
    del proceed
    key = _key(call)
    if call.operation == "CancelKeyDeletion":
        if key.key_state != "PendingDeletion":
            refuse("KMSInvalidStateException", f"{key.arn} is not pending deletion.")
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


@corrects(
    *(f"kms:{operation}" for operation in _NOT_WHILE_GOING),
    fault="a key that is disabled or pending deletion is still usable",
    aws="DisabledException; KMSInvalidStateException",
    source='KMS developer guide, "Key states of AWS KMS keys"',
    test=f"{_TEST}::test_a_key_pending_deletion_does_not_encrypt",
)
def dying_key_is_unusable(call: Call, proceed: Proceed) -> Answer:
    """Refuse what the state of the key does not allow."""
    name = call.params["TargetKeyId" if call.operation == "CreateAlias" else "KeyId"]
    key = _find(call, name)
    if key is not None:
        _check_state(key)
        if key.key_state == "Disabled" and call.operation in _NOT_WHILE_DISABLED:
            refuse("DisabledException", f"{key.arn} is disabled.")
    return proceed()


def _check_state(key: Key) -> None:
    if key.key_state == "PendingDeletion":
        refuse("KMSInvalidStateException", f"{key.arn} is pending deletion.")


def _check_range(member: str, value: int, low: int, high: int) -> None:
    if not low <= value <= high:
        bound = (
            f"greater than or equal to {low}" if value < low else f"less than or equal to {high}"
        )
        message = (
            f"1 validation error detected: Value '{value}' at '{member}' failed to satisfy "
            f"constraint: Member must have value {bound}"
        )
        refuse("ValidationException", message)


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
        refuse("NotFoundException", f"Key '{name}' does not exist")
    return key
