"""Checks of secrets, their rotation and their versions."""

import re

from ...pack.registry import Findings, property_check, resource_check, stack_check
from ...pack.stack import Stack
from ...reading.policy_documents import LIMITED, public_principals
from ...reading.resource_types import SECRET, SECRET_ROTATION, SECRET_VERSION
from ...reading.resources import Resource
from ...reading.values import (
    MINIMUM_DESCRIPTION,
    UNKNOWN,
    Value,
    contains,
    describe,
    get,
    in_range,
    is_customer_managed_key,
    is_description,
    is_one_of,
    is_set,
)

CURRENT = "AWSCURRENT"
VALUES = ("secretString", "secretBinary")
_RATE = re.compile(r"rate\(([0-9]{1,6}) (hour|day)s?\)")

property_check("secret-cmk", "kmsKeyId", is_customer_managed_key, "a customer managed key")
property_check(
    "secret-description",
    "description",
    is_description,
    f"at least {MINIMUM_DESCRIPTION} characters long",
)


@stack_check("secret-rotation")
def secret_is_rotated(stack: Stack) -> Findings:
    """Every secret has a rotation with a function and a schedule."""
    for secret in stack.of_type(SECRET):
        rotations = stack.dependents(secret, SECRET_ROTATION)
        if not rotations:
            yield secret.finding("number of rotations", "at least 1", "0")
        for rotation in rotations:
            if not is_set(rotation["rotationLambdaArn"]):
                yield rotation.finding("rotationLambdaArn", "set")
            if not is_set(_interval(rotation)):
                yield rotation.finding("rotationRules", "a number of days or a schedule")


@resource_check("secret-rotation-period")
def rotates_often_enough(rotation: Resource) -> Findings:
    """The interval does not exceed the maximum."""
    maximum = rotation.parameters.number("maximumDays")
    days = rotation["rotationRules.automaticallyAfterDays"]
    schedule = rotation["rotationRules.scheduleExpression"]
    if is_set(days):
        if not in_range(days, 1, maximum):
            yield rotation.finding("rotationRules.automaticallyAfterDays", f"1 to {maximum:g}")
        return
    every = _days_of(schedule)
    listed = is_one_of(schedule, rotation.parameters.words("allowedSchedules"))
    if not listed and (every is None or every > maximum):
        required = f"rate({maximum:g} days) or more frequent, or an allowed schedule"
        found = describe(schedule) if every is None else f"every {every:g} days"
        yield rotation.finding("rotationRules.scheduleExpression", required, found)


@resource_check("secret-policy-not-public")
def secret_policy_is_not_public(resource: Resource) -> Findings:
    """The policy of a secret limits its callers."""
    for principal in public_principals(resource["policy"], "policy"):
        yield resource.finding(principal, LIMITED, "everyone")


@resource_check("secret-recovery-window")
def secret_can_be_restored(secret: Resource) -> Findings:
    """A deleted secret can be restored for some time."""
    minimum, window = secret.parameters.number("minimumDays"), secret["recoveryWindowInDays"]
    if window is not None and not in_range(window, minimum):
        yield secret.finding("recoveryWindowInDays", f"at least {minimum:g}")


@stack_check("secret-version-not-literal")
def secret_value_is_not_literal(stack: Stack) -> Findings:
    """The value of a secret is write-only, generated, or a secret of the configuration."""
    required = "write-only, generated, or a secret of the stack configuration"
    for version in stack.of_type(SECRET_VERSION):
        for path in VALUES:
            if is_set(version[path]) and not stack.supplies(version, path):
                yield version.finding(path, required, "a literal")


@stack_check("secret-version-not-replaced")
def version_is_of_a_new_secret(stack: Stack) -> Findings:
    """No version is created in a secret that exists, where it would replace the current value."""
    for version in stack.of_type(SECRET_VERSION):
        if get(version.outputs, "versionId") is not UNKNOWN:
            continue  # It exists, or the resource is not part of a preview.
        stages = version["versionStages"]
        becomes_current = not is_set(stages) or contains(stages, CURRENT)
        if becomes_current and _exists(stack, version):
            required = "a new secret; import the version of an existing one into the state"
            yield version.finding("secretId", required, "an existing secret")


def _exists(stack: Stack, version: Resource) -> bool:
    """Return whether the secret of a version exists: its ARN is known then."""
    secrets = version.property_dependencies.get("secretId", frozenset())
    own = [each for each in stack.of_type(SECRET) if each.urn in secrets]
    if own:
        return any(isinstance(get(each.outputs, "arn"), str) for each in own)
    # Otherwise the program refers to a secret that it does not create.
    return isinstance(version["secretId"], str)


def _interval(rotation: Resource) -> Value:
    days = rotation["rotationRules.automaticallyAfterDays"]
    return days if is_set(days) else rotation["rotationRules.scheduleExpression"]


def _days_of(schedule: Value) -> float | None:
    match = _RATE.fullmatch(schedule) if isinstance(schedule, str) else None
    if match is None:
        return None
    return int(match[1]) / (24 if match[2] == "hour" else 1)
