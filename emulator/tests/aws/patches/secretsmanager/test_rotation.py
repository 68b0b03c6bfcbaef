"""RotateSecret with a deployed function that needs no database."""

import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from emulator.aws.patches.secretsmanager.rotation_rules import next_date
from emulator.functions import FUNCTIONS_VARIABLE, rotation_driver
from emulator.testing.requests import ACCOUNT_ID, ROTATION_CODE, create_function
from emulator.tests.aws.requests import Rejection, rejection

pytestmark = pytest.mark.emulator

_RULES = {"ScheduleExpression": "rate(30 days)", "Duration": "3h"}
_FIRST, _SECOND, _THIRD = "1" * 32, "2" * 32, "3" * 32
_VALUE = "kept by every rotation"
_LAMBDA = f"arn:aws:lambda:us-east-2:{ACCOUNT_ID}:function:"


@dataclass(frozen=True)
class Rotated:
    """A secret, and the function that is deployed to rotate it."""

    name: str
    function_arn: str
    secrets: Any

    def rotate(self, **members: object) -> dict[str, Any]:
        request: dict[str, object] = {
            "SecretId": self.name,
            "RotationLambdaARN": self.function_arn,
            "RotationRules": _RULES,
            **members,
        }
        return self.secrets.rotate_secret(**request)

    def described(self) -> dict[str, Any]:
        return self.secrets.describe_secret(SecretId=self.name)

    def labels(self) -> dict[str, list[str]]:
        labels = self.described()["VersionIdsToStages"]
        return {version: sorted(found) for version, found in labels.items()}

    def current(self) -> str:
        return self.secrets.get_secret_value(SecretId=self.name)["SecretString"]

    def is_running(self) -> bool:
        return any(each.name == f"rotation of {self.name}" for each in threading.enumerate())

    def wait_for(self, condition: Callable[[], bool]) -> None:
        deadline = time.monotonic() + 30
        while not condition():
            assert time.monotonic() < deadline, self.described()
            time.sleep(0.1)


@pytest.fixture
def rotated(client: Callable[[str], Any], secrets: Any, name: str) -> Rotated:
    function_arn = create_function(client, name, ROTATION_CODE, Timeout=30)
    secrets.create_secret(Name=name, SecretString=_VALUE, ClientRequestToken=_FIRST)
    return Rotated(name, function_arn, secrets)


def test_a_rotation_runs_the_deployed_function_and_promotes_its_version(rotated: Rotated) -> None:
    answered = rotated.rotate(ClientRequestToken=_SECOND)
    assert (answered["Name"], answered["VersionId"]) == (rotated.name, _SECOND)
    rotated.wait_for(lambda: "LastRotatedDate" in rotated.described())
    assert rotated.labels() == {_FIRST: ["AWSPREVIOUS"], _SECOND: ["AWSCURRENT"]}
    assert rotated.current() == _VALUE
    described = rotated.described()
    assert described["RotationEnabled"] is True
    assert datetime.now(UTC) - described["LastRotatedDate"] < timedelta(minutes=1)


def test_a_rotation_that_waits_until_its_date_only_tests_the_function(rotated: Rotated) -> None:
    rotated.rotate(RotateImmediately=False)
    rotated.wait_for(lambda: rotated.labels() == {_FIRST: ["AWSCURRENT"]})
    assert "LastRotatedDate" not in rotated.described()


def test_an_unfinished_rotation_is_resumed(rotated: Rotated, client: Callable[[str], Any]) -> None:
    stored = client("lambda").update_function_configuration
    stored(FunctionName=rotated.name, Handler="module.missing")
    rotated.rotate(ClientRequestToken=_SECOND)
    pending = {_FIRST: ["AWSCURRENT"], _SECOND: ["AWSPENDING"]}
    rejected = Rejection(
        "InvalidRequestException",
        "A previous rotation isn't complete. That rotation will be reattempted.",
    )
    assert rotated.labels() == pending
    # A request during the failing run would not start another one.
    rotated.wait_for(lambda: not rotated.is_running())
    stored(FunctionName=rotated.name, Handler="module.handle")
    assert rejection(rotated.rotate) == rejected
    rotated.wait_for(lambda: "LastRotatedDate" in rotated.described())
    assert rotated.labels()[_SECOND] == ["AWSCURRENT"]


def test_a_rotation_requested_while_the_previous_run_ends_is_not_lost(
    rotated: Rotated, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = rotation_driver.rotate

    def run_with_a_slow_end(*args: Any, **members: Any) -> rotation_driver.Outcome:
        outcome = run(*args, **members)
        time.sleep(1)
        return outcome

    monkeypatch.setattr(rotation_driver, "rotate", run_with_a_slow_end)
    rotated.rotate(ClientRequestToken=_SECOND)
    rotated.wait_for(lambda: rotated.labels()[_SECOND] == ["AWSCURRENT"])
    assert rotated.is_running()
    rotated.rotate(ClientRequestToken=_THIRD)
    rotated.wait_for(lambda: rotated.labels().get(_THIRD) == ["AWSCURRENT"])
    assert rotated.labels()[_SECOND] == ["AWSPREVIOUS"]


def test_no_rotation_begins_while_functions_are_off(
    rotated: Rotated, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(FUNCTIONS_VARIABLE, "off")
    rotated.rotate(ClientRequestToken=_SECOND)
    assert not rotated.is_running()
    assert rotated.labels() == {_FIRST: ["AWSCURRENT"], _SECOND: ["AWSPENDING"]}


def test_a_function_without_concurrency_leaves_the_rotation_unfinished(
    rotated: Rotated, client: Callable[[str], Any]
) -> None:
    limit = client("lambda").put_function_concurrency
    limit(FunctionName=rotated.name, ReservedConcurrentExecutions=0)
    rotated.rotate(ClientRequestToken=_SECOND)
    assert not rotated.is_running()
    assert rotated.labels() == {_FIRST: ["AWSCURRENT"], _SECOND: ["AWSPENDING"]}
    assert "LastRotatedDate" not in rotated.described()


def test_memory_and_time_of_the_functions_configuration_end_a_rotation(
    client: Callable[[str], Any],
    secrets: Any,
    name: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    cases = {
        "time": ("    import time\n    time.sleep(60)\n", {"Timeout": 1, "MemorySize": 512}),
        "memory": ("    bytearray(400 * 1024 * 1024)\n", {"Timeout": 30, "MemorySize": 256}),
    }
    for what, (body, limits) in cases.items():
        arn = create_function(
            client, f"{name}-{what}", f"def handle(event, context):\n{body}", **limits
        )
        secrets.create_secret(Name=f"{name}-{what}", SecretString=json.dumps({"of": "nobody"}))
        secrets.rotate_secret(SecretId=f"{name}-{what}", RotationLambdaARN=arn)
    deadline = time.monotonic() + 30
    while len(_warnings(caplog)) < 2:
        assert time.monotonic() < deadline, caplog.text
        time.sleep(0.1)
    assert sorted(_warnings(caplog)) == [
        f"the rotation of {name}-memory failed in createSecret: MemoryError: ",
        f"the rotation of {name}-time failed in createSecret: Task timed out after 1.00 seconds",
    ]


def _warnings(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [text for _, _, text in caplog.record_tuples if text.startswith("the rotation of ")]


@pytest.mark.parametrize(
    ("rules", "message"),
    [
        (
            {"AutomaticallyAfterDays": 30, "ScheduleExpression": "rate(30 days)"},
            "You cannot specify both rotation frequency and schedule expression together.",
        ),
        (
            {"ScheduleExpression": "every month"},
            "The schedule expression every month is not valid.",
        ),
        ({"ScheduleExpression": "rate(3 hours)"}, "A secret is rotated every four hours at most."),
        ({"ScheduleExpression": "rate(1000 days)"}, "The maximum rotation period is 999 days."),
    ],
)
def test_invalid_rotation_rules_change_nothing(
    rotated: Rotated, rules: dict[str, Any], message: str
) -> None:
    before = rotated.described()
    answered = rejection(rotated.rotate, RotationRules=rules)
    assert answered == Rejection("InvalidParameterException", message)
    assert _without_metadata(rotated.described()) == _without_metadata(before)


def test_a_function_that_cannot_be_invoked_leaves_the_secret_as_it_was(
    rotated: Rotated, client: Callable[[str], Any]
) -> None:
    before = rotated.described()
    missing = f"{_LAMBDA}missing"
    assert rejection(rotated.rotate, RotationLambdaARN=missing) == Rejection(
        "ResourceNotFoundException", f"Resource not found for ARN '{missing}'."
    )
    assert rejection(rotated.secrets.rotate_secret, SecretId=rotated.name) == Rejection(
        "InvalidRequestException",
        "No Lambda rotation function ARN is associated with this secret.",
    )
    client("lambda").remove_permission(FunctionName=rotated.name, StatementId="secrets-manager")
    assert rejection(rotated.rotate) == Rejection(
        "AccessDeniedException",
        "Secrets Manager cannot invoke the specified Lambda function. Ensure that the function "
        "policy grants access to the principal secretsmanager.amazonaws.com.",
    )
    assert _without_metadata(rotated.described()) == _without_metadata(before)


@pytest.mark.parametrize(
    ("source", "invokes"),
    [("{arn}", True), ("{prefix}*", True), ("{prefix}", False), ("{arn}0", False)],
)
def test_a_permission_with_a_source_is_for_the_secrets_that_match_it(
    rotated: Rotated, client: Callable[[str], Any], source: str, invokes: bool
) -> None:
    functions, arn = client("lambda"), rotated.described()["ARN"]
    functions.remove_permission(FunctionName=rotated.name, StatementId="secrets-manager")
    functions.add_permission(
        FunctionName=rotated.name,
        StatementId="secrets-manager",
        Action="lambda:InvokeFunction",
        Principal="secretsmanager.amazonaws.com",
        SourceArn=source.format(arn=arn, prefix=arn[:-9]),
    )
    if invokes:
        rotated.rotate()
    else:
        assert rejection(rotated.rotate).code == "AccessDeniedException"


def test_rules_are_described_as_given_with_the_end_of_the_next_window(rotated: Rotated) -> None:
    rotated.rotate(RotateImmediately=False)
    described = rotated.described()
    midnight = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    assert described["RotationRules"] == _RULES
    assert described["NextRotationDate"] == midnight + timedelta(days=30, hours=3)
    rotated.secrets.cancel_rotate_secret(SecretId=rotated.name)
    cancelled = rotated.described()
    assert (cancelled["RotationEnabled"], "NextRotationDate" in cancelled) == (False, False)
    assert cancelled["RotationRules"] == _RULES


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        ({"AutomaticallyAfterDays": 30}, "2026-12-25T23:59:59+00:00"),
        ({"ScheduleExpression": "rate(1 day)", "Duration": "2h"}, "2026-11-26T02:00:00+00:00"),
        ({"ScheduleExpression": "rate(8 hours)"}, "2026-11-25T19:30:00+00:00"),
        ({"ScheduleExpression": "cron(0 6 1 * ? *)"}, None),
    ],
)
def test_the_next_date_is_the_end_of_a_window(rules: dict[str, Any], expected: str | None) -> None:
    found = next_date(rules, datetime(2026, 11, 25, 10, 30, tzinfo=UTC))
    assert (found.isoformat() if found else None) == expected


def _without_metadata(described: dict[str, Any]) -> str:
    members = {key: value for key, value in described.items() if key != "ResponseMetadata"}
    return json.dumps(members, default=str, sort_keys=True)
