"""Log groups: legal retention, a key that exists, and what is read back."""

import json

from emulator.aws.errors import refuse
from emulator.aws.moto_internals import Answer, Call, Proceed, answer
from emulator.aws.registry import corrects

_TEST = "test_log_groups"

RETENTION_DAYS = (
    *(1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731),
    *(1096, 1827, 2192, 2557, 2922, 3288, 3653),
)
"""CloudWatch Logs API reference, PutRetentionPolicy."""


@corrects(
    "logs:PutRetentionPolicy",
    fault="any number of days is taken",
    aws="InvalidParameterException outside the list",
    source="CloudWatch Logs API reference, PutRetentionPolicy",
    test=f"{_TEST}::test_a_retention_that_aws_has_not_is_refused",
)
def retention_is_legal(call: Call, proceed: Proceed) -> Answer:
    """Refuse days that are not in the list."""
    days = call.params["retentionInDays"]
    if days not in RETENTION_DAYS:
        message = (
            f"1 validation error detected: Value '{days}' at 'retentionInDays' failed to satisfy "
            f"constraint: Member must satisfy enum value set: {list(RETENTION_DAYS)}"
        )
        refuse("InvalidParameterException", message)
    return proceed()


@corrects(
    "logs:CreateLogGroup",
    fault="any text is a key; the group's class is not read back",
    aws="InvalidParameterException unless the key exists and is enabled; the class is STANDARD "
    "unless sent",
    source="CloudWatch Logs user guide, encryption with KMS; API reference, CreateLogGroup",
    test=f"{_TEST}::test_a_group_with_an_unknown_key_is_refused",
)
def log_group_key_exists(call: Call, proceed: Proceed) -> Answer:
    """Check the key, then keep the class."""
    if "kmsKeyId" in call.params:
        _check_key(call, call.params["kmsKeyId"])
    result = proceed()
    group = call.logs.groups[call.params["logGroupName"]]
    group_class = call.params.get("logGroupClass", "STANDARD")
    setattr(group, "log_group_class", group_class)  # noqa: B010 - not declared by moto
    return result


@corrects(
    "logs:AssociateKmsKey",
    "logs:DisassociateKmsKey",
    fault="not implemented",
    aws="puts a key on a group, or takes it off",
    source="CloudWatch Logs API reference, AssociateKmsKey",
    test=f"{_TEST}::test_the_key_of_a_group_is_changed_and_taken_off",
)
def log_group_key_is_changed(call: Call, proceed: Proceed) -> Answer:
    """Set the group's key."""
    del proceed
    name = call.params.get("logGroupName", call.params.get("resourceIdentifier", ""))
    name = name.rpartition("log-group:")[2]
    if name not in call.logs.groups:
        refuse("ResourceNotFoundException", "The specified log group does not exist.")
    key = call.params.get("kmsKeyId")
    if key is not None:
        _check_key(call, key)
    setattr(call.logs.groups[name], "kms_key_id", key)  # noqa: B010 - None takes it off
    return answer()


@corrects(
    "logs:DescribeLogGroups",
    fault="the group's class is not read back",
    aws="STANDARD, INFREQUENT_ACCESS or DELIVERY",
    source="CloudWatch Logs API reference, LogGroup",
    test=f"{_TEST}::test_the_class_of_a_group_is_read_back",
)
def log_group_class_is_read_back(call: Call, proceed: Proceed) -> Answer:
    """Add the class to what moto lists."""
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
        refuse("InvalidParameterException", f"{message}: {arn}")
