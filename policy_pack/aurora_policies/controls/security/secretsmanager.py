"""Controls of secrets."""

import re

from ...pack.registry import Findings, property_check, resource_check, stack_check
from ...pack.stack import Stack
from ...reading.policy_documents import NARROWED, statements
from ...reading.resource_types import SECRET, SECRET_ROTATION
from ...reading.resources import Resource
from ...reading.values import (
    MINIMUM_DESCRIPTION,
    Value,
    describe,
    in_range,
    is_customer_managed_key,
    is_description,
    is_one_of,
    is_set,
)

_RATE = re.compile(r"rate\((\d{1,6}) (hour|day)s?\)")


property_check("secret-cmk", "kmsKeyId", is_customer_managed_key, "a customer managed key")
property_check(
    "secret-description",
    "description",
    is_description,
    f"{MINIMUM_DESCRIPTION} characters or longer",
)


@stack_check("secret-rotation")
def secret_rotates(stack: Stack) -> Findings:
    """Every secret has a rotation with a function and a schedule."""
    for secret in stack.of_type(SECRET):
        rotations = stack.dependents(secret, SECRET_ROTATION)
        if not rotations:
            yield secret.finding("number of rotations", "1 or more", "0")
        for rotation in rotations:
            if not is_set(rotation["rotationLambdaArn"]):
                yield rotation.finding("rotationLambdaArn", "set")
            if not is_set(_interval(rotation)):
                yield rotation.finding("rotationRules", "a number of days or a schedule")


@resource_check("secret-rotation-period")
def rotates_often_enough(rotation: Resource) -> Findings:
    """The interval is known to be short enough."""
    most = rotation.parameters.number("maximumDays")
    days = rotation["rotationRules.automaticallyAfterDays"]
    schedule = rotation["rotationRules.scheduleExpression"]
    if is_set(days):
        if not in_range(days, 1, most):
            yield rotation.finding("rotationRules.automaticallyAfterDays", f"{most:g} or less")
        return
    every = _days_of(schedule)
    listed = is_one_of(schedule, rotation.parameters.words("allowedSchedules"))
    if not listed and (every is None or every > most):
        required = f"rate({most:g} days) or more often, or an allowed schedule"
        found = describe(schedule) if every is None else f"every {every:g} days"
        yield rotation.finding("rotationRules.scheduleExpression", required, found)


@resource_check("secret-policy-not-public")
def secret_policy_is_not_public(resource: Resource) -> Findings:
    """The policy of a secret names its callers."""
    for statement in statements(resource["policy"], "policy"):
        if statement.allows and statement.names_everyone and not statement.narrows_callers:
            yield resource.finding(f"{statement.path}.Principal", NARROWED, "everyone")


@resource_check("secret-recovery-window")
def secret_can_be_restored(secret: Resource) -> Findings:
    """A deleted secret waits before it is gone."""
    least, window = secret.parameters.number("minimumDays"), secret["recoveryWindowInDays"]
    if window is not None and not in_range(window, least):
        yield secret.finding("recoveryWindowInDays", f"{least:g} or more")


def _interval(rotation: Resource) -> Value:
    days = rotation["rotationRules.automaticallyAfterDays"]
    return days if is_set(days) else rotation["rotationRules.scheduleExpression"]


def _days_of(schedule: Value) -> float | None:
    match = _RATE.fullmatch(schedule) if isinstance(schedule, str) else None
    if match is None:
        return None
    return int(match[1]) / (24 if match[2] == "hour" else 1)
