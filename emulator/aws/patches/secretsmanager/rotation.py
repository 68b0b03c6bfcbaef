"""Rotation of secrets: Secrets Manager invokes the deployed Lambda function."""

import json
import logging
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from typing import Any
from weakref import WeakKeyDictionary

from moto.awslambda.models import LambdaFunction as MotoFunction
from moto.secretsmanager.models import FakeSecret

from emulator.aws.deployed_functions import are_run, deployed, is_throttled, runnable
from emulator.aws.errors import reject
from emulator.aws.moto_adapter.call import Answer, Call, Proceed, answer
from emulator.aws.patches.secretsmanager import rotation_rules
from emulator.aws.patches.secretsmanager.secrets import holder_of, stored_secret
from emulator.aws.registry import patch_operations
from emulator.functions import rotation_driver
from emulator.functions.lambda_function import LambdaFunction

_TEST = "secretsmanager/test_rotation"
_CURRENT, _PENDING = "AWSCURRENT", "AWSPENDING"
_PRINCIPAL = "secretsmanager.amazonaws.com"
_HOST_TIMEOUT_SECONDS = 60.0
_LOG = logging.getLogger(__name__)


@dataclass
class _Rotation:
    """The state of a secret's rotation that moto does not keep."""

    rules: dict[str, Any] = field(default_factory=dict[str, Any])
    since: datetime | None = None
    last: datetime | None = None
    thread: threading.Thread | None = None
    token: str = ""


_ROTATIONS: WeakKeyDictionary[FakeSecret, _Rotation] = WeakKeyDictionary()


@patch_operations(
    "secretsmanager:RotateSecret",
    moto_behaviour="any rotation rules are accepted",
    aws="InvalidParameterException",
    source="Secrets Manager API reference, RotateSecret and RotationRulesType",
    test=f"{_TEST}::test_invalid_rotation_rules_change_nothing",
)
def validate_rotation_rules(call: Call, proceed: Proceed) -> Answer:
    """Validate the rules before anything is stored."""
    rotation_rules.check(call.params.get("RotationRules", {}))
    return proceed()


@patch_operations(
    "secretsmanager:RotateSecret",
    moto_behaviour="a missing function, or one that Secrets Manager may not invoke, leaves "
    "rotation enabled",
    aws="the request is rejected and nothing changes; a permission with a source ARN is for the "
    "secrets whose ARN matches it, in which * stands for any characters",
    source="Secrets Manager user guide, Troubleshoot rotation and Permissions for rotation "
    "(aws:SourceArn); Lambda API reference, AddPermission, SourceArn",
    test=f"{_TEST}::test_a_function_that_cannot_be_invoked_leaves_the_secret_as_it_was",
)
def require_invocable_function(call: Call, proceed: Proceed) -> Answer:
    """Look up the function and its permission."""
    secret = stored_secret(call)
    if secret is None:
        return proceed()
    arn = call.params.get("RotationLambdaARN") or secret.rotation_lambda_arn
    if not arn:
        reject(
            "InvalidRequestException",
            "No Lambda rotation function ARN is associated with this secret.",
        )
    function = call.function(arn)
    if function is None:
        reject("ResourceNotFoundException", f"Resource not found for ARN '{arn}'.")
    statements: list[dict[str, Any]] = function.policy.statements
    if not any(_allows(item, secret.arn) for item in statements):
        reject(
            "AccessDeniedException",
            "Secrets Manager cannot invoke the specified Lambda function. Ensure that the function "
            f"policy grants access to the principal {_PRINCIPAL}.",
        )
    return proceed()


def _allows(statement: dict[str, Any], secret_arn: str) -> bool:
    if statement.get("Principal", {}).get("Service") != _PRINCIPAL:
        return False
    source = statement.get("Condition", {}).get("ArnLike", {}).get("AWS:SourceArn", "*")
    return fnmatchcase(secret_arn, source)


@patch_operations(
    "secretsmanager:RotateSecret",
    moto_behaviour="the function never runs, nothing is promoted, a test leaves AWSPENDING "
    "behind, and rules other than days are lost",
    aws="a version without a value is labeled AWSPENDING and the steps run in the background, "
    "unless the function has no concurrency; with RotateImmediately=false only testSecret runs, "
    "on a temporary version",
    source="Secrets Manager user guide, Rotation by Lambda function; API reference, RotateSecret; "
    "Lambda developer guide, Configuring reserved concurrency",
    test=f"{_TEST}::test_a_rotation_runs_the_deployed_function_and_promotes_its_version",
)
def rotate(call: Call, proceed: Proceed) -> Answer:
    """Store the rules, label the version and start."""
    secret = stored_secret(call)
    if secret is None:
        return proceed()
    arn = call.params.get("RotationLambdaARN") or secret.rotation_lambda_arn
    function = call.function(arn)
    if function is None:
        return proceed()
    rotation = _ROTATIONS.setdefault(secret, _Rotation())
    rotation.rules = dict(call.params.get("RotationRules") or rotation.rules)
    rotation.since = datetime.now(UTC)
    secret.rotation_requested, secret.rotation_enabled = True, True
    secret.rotation_lambda_arn = arn
    unfinished = holder_of(secret, _PENDING)
    if unfinished not in (None, holder_of(secret, _CURRENT)):
        _start(call, secret, function, str(unfinished), rotation_driver.STEPS)
        reject(
            "InvalidRequestException",
            "A previous rotation isn't complete. That rotation will be reattempted.",
        )
    token = call.params["ClientRequestToken"]
    immediately = call.params.get("RotateImmediately", True)
    _stage(secret, token, _value(secret) if not immediately else None)
    _start(
        call,
        secret,
        function,
        token,
        rotation_driver.STEPS if immediately else rotation_driver.PROBE,
    )
    return answer({"ARN": secret.arn, "Name": secret.name, "VersionId": token})


@patch_operations(
    "secretsmanager:DescribeSecret",
    moto_behaviour="rules are reduced to their days, and the dates are those of the request",
    aws="rules are returned as sent; LastRotatedDate is the last completed rotation, "
    "NextRotationDate the end of the next window",
    source="Secrets Manager API reference, DescribeSecret",
    test=f"{_TEST}::test_rules_are_described_as_given_with_the_end_of_the_next_window",
)
def describe_rotation(call: Call, proceed: Proceed) -> Answer:
    """Adjust moto's description."""
    secret = stored_secret(call)
    rotation = _ROTATIONS.get(secret) if secret is not None else None
    described = proceed()
    if secret is None or rotation is None:
        return described
    members: dict[str, Any] = json.loads(str(described))
    members["RotationRules"] = rotation.rules
    since = rotation.last or rotation.since
    following = rotation_rules.next_date(rotation.rules, since) if since else None
    dates = {
        "LastRotatedDate": rotation.last,
        "NextRotationDate": following if secret.rotation_enabled else None,
    }
    members |= {name: when.timestamp() if when else None for name, when in dates.items()}
    return json.dumps(members)


def _value(secret: FakeSecret) -> str | None:
    version: dict[str, Any] = secret.versions.get(holder_of(secret, _CURRENT) or "", {})
    return version.get("secret_string")


def _stage(secret: FakeSecret, token: str, value: str | None) -> None:
    secret.remove_version_stages_from_old_versions([_PENDING])
    version = {
        "createdate": int(datetime.now(UTC).timestamp()),
        "version_id": token,
        "version_stages": [_PENDING],
    }
    secret.versions[token] = version if value is None else {**version, "secret_string": value}


def _start(
    call: Call, secret: FakeSecret, moto_function: MotoFunction, token: str, steps: Sequence[str]
) -> None:
    rotation = _ROTATIONS[secret]
    previous = rotation.thread if rotation.thread and rotation.thread.is_alive() else None
    if previous is not None and rotation.token == token:
        return
    if is_throttled(moto_function):
        _LOG.warning(
            "the rotation of %s is throttled: the function has no concurrency", secret.name
        )
        return
    if not are_run():
        _LOG.warning("the secret %s is not rotated, because functions are off", secret.name)
        return
    function, url = deployed(moto_function), call.server_url

    def run() -> None:
        # The last step of the previous rotation moves the labels before its run has ended.
        if previous is not None:
            previous.join()
        _run(secret, function, url, token, steps)

    rotation.token = token
    rotation.thread = threading.Thread(target=run, name=f"rotation of {secret.name}", daemon=True)
    rotation.thread.start()


def _run(
    secret: FakeSecret, function: LambdaFunction, url: str, token: str, steps: Sequence[str]
) -> None:
    host, port = _endpoint(secret)
    if host:
        rotation_driver.await_host(host, port, _HOST_TIMEOUT_SECONDS)
    outcome = rotation_driver.rotate(runnable(function, url), secret.arn, token, steps=steps)
    if outcome.failure is not None:
        _LOG.warning("the rotation of %s failed in %s", secret.name, outcome.failure)
    if steps is rotation_driver.PROBE:
        # A version without labels is not listed and is removed when the next one is created.
        secret.versions[token]["version_stages"].clear()
    elif outcome.failure is None:
        _ROTATIONS[secret].last = datetime.now(UTC)


def _endpoint(secret: FakeSecret) -> tuple[str, int]:
    """Return the database's host and port; an empty host if the secret is not a database's."""
    try:
        content: dict[str, Any] = json.loads(_value(secret) or "{}")
        return str(content.get("host", "")), int(content.get("port", 5432))
    except ValueError:
        return "", 0
