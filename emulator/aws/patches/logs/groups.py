"""Log groups: retention, KMS key and class."""

import json

from emulator.aws.errors import reject
from emulator.aws.moto_adapter.call import Answer, Call, Proceed, answer
from emulator.aws.registry import patch_operations

_TEST = "logs/test_groups"

RETENTION_DAYS = (
    *(1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731),
    *(1096, 1827, 2192, 2557, 2922, 3288, 3653),
)
"""CloudWatch Logs API reference, PutRetentionPolicy."""


@patch_operations(
    "logs:PutRetentionPolicy",
    moto_behaviour="any number of days is accepted",
    aws="InvalidParameterException for a number that is not in the list",
    source="CloudWatch Logs API reference, PutRetentionPolicy",
    test=f"{_TEST}::test_an_unsupported_retention_period_is_rejected",
)
def validate_retention(call: Call, proceed: Proceed) -> Answer:
    """Reject other retention periods."""
    days = call.params["retentionInDays"]
    if days not in RETENTION_DAYS:
        message = (
            f"1 validation error detected: Value '{days}' at 'retentionInDays' failed to satisfy "
            f"constraint: Member must satisfy enum value set: {list(RETENTION_DAYS)}"
        )
        reject("InvalidParameterException", message)
    return proceed()


@patch_operations(
    "logs:CreateLogGroup",
    moto_behaviour="any text is a KMS key, and the log group class is not returned",
    aws="InvalidParameterException unless the key exists and is enabled; the class is STANDARD "
    "by default",
    source="CloudWatch Logs user guide, encryption with KMS; API reference, CreateLogGroup",
    test=f"{_TEST}::test_a_group_with_an_unknown_key_is_rejected",
)
def require_log_group_key(call: Call, proceed: Proceed) -> Answer:
    """Check the key and store the class."""
    if "kmsKeyId" in call.params:
        _check_key(call, call.params["kmsKeyId"])
    result = proceed()
    group = call.logs.groups[call.params["logGroupName"]]
    group_class = call.params.get("logGroupClass", "STANDARD")
    setattr(group, "log_group_class", group_class)  # noqa: B010 - not declared by moto
    return result


@patch_operations(
    "logs:AssociateKmsKey",
    "logs:DisassociateKmsKey",
    moto_behaviour="not implemented",
    aws="associates a KMS key with a log group, or disassociates it",
    source="CloudWatch Logs API reference, AssociateKmsKey",
    test=f"{_TEST}::test_the_key_of_a_group_is_changed_and_removed",
)
def change_log_group_key(call: Call, proceed: Proceed) -> Answer:
    """Set the log group's key."""
    del proceed
    name = call.params.get("logGroupName", call.params.get("resourceIdentifier", ""))
    name = name.rpartition("log-group:")[2]
    if name not in call.logs.groups:
        reject("ResourceNotFoundException", "The specified log group does not exist.")
    key = call.params.get("kmsKeyId")
    if key is not None:
        _check_key(call, key)
    setattr(call.logs.groups[name], "kms_key_id", key)  # noqa: B010 - None removes it
    return answer()


@patch_operations(
    "logs:DescribeLogGroups",
    moto_behaviour="the log group class is not returned",
    aws="STANDARD, INFREQUENT_ACCESS or DELIVERY",
    source="CloudWatch Logs API reference, LogGroup",
    test=f"{_TEST}::test_the_class_of_a_group_is_read_back",
)
def return_log_group_class(call: Call, proceed: Proceed) -> Answer:
    """Add the class to moto's list."""
    listed = json.loads(str(proceed()))
    for members in listed["logGroups"]:
        group = call.logs.groups[members["logGroupName"]]
        members["logGroupClass"] = getattr(group, "log_group_class", "STANDARD")
    return json.dumps(listed)


def _check_key(call: Call, arn: str) -> None:
    key = call.kms.keys.get(arn.rpartition("/")[2])
    if key is None or key.key_state != "Enabled" or key.arn != arn:
        message = (
            "The specified KMS key does not exist or is not allowed to be used with the log group"
        )
        reject("InvalidParameterException", f"{message}: {arn}")
