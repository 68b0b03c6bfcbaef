"""Scheduled rules of EventBridge: the emulated AWS runs none, so a caller fires them."""

import base64
import json
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from typing import Any

__all__ = ["ScheduleError", "ScheduledInvocation", "fire"]

_PRINCIPAL = "events.amazonaws.com"
_UNSUPPORTED = ("InputPath", "InputTransformer")


class ScheduleError(Exception):
    """EventBridge would not invoke the rule's functions; the message says why."""


@dataclass(frozen=True)
class ScheduledInvocation:
    """The result of one Lambda target.

    Attributes:
        function_arn: The function.
        failed: Whether the function failed.
        result: The handler's result, or Lambda's document of the error.
        log: The last 4 KiB of the function's output.
    """

    function_arn: str
    failed: bool
    result: Any
    log: str


def fire(connect: Callable[[str], Any], rule: str) -> list[ScheduledInvocation]:
    """Invoke every Lambda target of a scheduled rule once, as if its time had come.

    Unlike EventBridge it waits for the functions, so that a caller sees their results.

    Args:
        connect: Returns a boto3 client of the emulated AWS for a service's name.
        rule: Name of a rule of the default event bus.

    Returns:
        One result per Lambda target; targets of other services are ignored.

    Raises:
        ScheduleError: the rule is disabled or has no schedule, a function's policy does not let
            the rule invoke it, or a target has an unsupported input.
        botocore.exceptions.ClientError: the rule does not exist, or Lambda rejects an invocation.
    """
    events, functions = connect("events"), connect("lambda")
    described = events.describe_rule(Name=rule)
    if described["State"] != "ENABLED" or not described.get("ScheduleExpression"):
        message = f"rule {rule} is {described['State']}, and its schedule is "
        raise ScheduleError(message + repr(described.get("ScheduleExpression", "")))
    targets = events.list_targets_by_rule(Rule=rule)["Targets"]
    arn = described["Arn"]
    return [_invoke(functions, arn, target) for target in targets if ":lambda:" in target["Arn"]]


def _invoke(functions: Any, rule_arn: str, target: dict[str, Any]) -> ScheduledInvocation:
    function_arn: str = target["Arn"]
    unsupported = [member for member in _UNSUPPORTED if member in target]
    if unsupported:
        message = f"target {target['Id']} of {rule_arn} has {unsupported[0]}, which is unsupported"
        raise ScheduleError(message)
    if not any(_allows(statement, rule_arn) for statement in _statements(functions, function_arn)):
        message = f"the policy of {function_arn} does not let {rule_arn} invoke it"
        raise ScheduleError(message)
    payload = target.get("Input") or json.dumps(_scheduled_event(rule_arn))
    answered = functions.invoke(FunctionName=function_arn, Payload=payload.encode(), LogType="Tail")
    return ScheduledInvocation(
        function_arn,
        failed="FunctionError" in answered,
        result=json.loads(answered["Payload"].read()),
        log=base64.b64decode(answered["LogResult"]).decode(errors="replace"),
    )


def _statements(functions: Any, function_arn: str) -> Iterator[dict[str, Any]]:
    try:
        policy = functions.get_policy(FunctionName=function_arn)["Policy"]
    except functions.exceptions.ResourceNotFoundException:
        return
    yield from json.loads(policy)["Statement"]


def _allows(statement: dict[str, Any], rule_arn: str) -> bool:
    """Return whether a statement lets EventBridge invoke the function for the rule."""
    if statement["Principal"] != {"Service": _PRINCIPAL}:
        return False
    conditions = statement.get("Condition", {}).values()
    sources = [block["AWS:SourceArn"] for block in conditions if "AWS:SourceArn" in block]
    return all(fnmatchcase(rule_arn, source) for source in sources)


def _scheduled_event(rule_arn: str) -> dict[str, Any]:
    """Return the event of a target without input (EventBridge events reference, Scheduled)."""
    region, account = rule_arn.split(":")[3:5]
    return {
        "version": "0",
        "id": str(uuid.uuid4()),
        "detail-type": "Scheduled Event",
        "source": "aws.events",
        "account": account,
        "time": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "region": region,
        "resources": [rule_arn],
        "detail": {},
    }
