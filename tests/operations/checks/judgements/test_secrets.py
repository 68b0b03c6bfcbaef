"""Judgements on secrets, their rotation and their logins."""

import json
from datetime import timedelta
from typing import Any

import pytest

from operations.checks.facts.database import Attempt
from operations.checks.judgement import NotApplicableError
from operations.checks.judgements import secrets
from operations.database.secret import SecretValue
from tests.operations.checks.judgements.examples import NOW, outputs


@pytest.mark.parametrize(("days", "passed"), [(30, True), (31, True), (32, False)])
def test_a_rotation_may_be_late_by_its_window(days: int, passed: bool) -> None:
    secret = {"LastRotatedDate": NOW - timedelta(days=days)}
    assert secrets.secret_rotated(outputs(rotationDays=30), secret, NOW).passed is passed
    assert secrets.secret_rotated(outputs(), {}, NOW).found == "never"


@pytest.mark.parametrize(
    ("rules", "found"),
    [
        ({"AutomaticallyAfterDays": 30}, "every 30 days"),
        ({"ScheduleExpression": "rate(30 days)"}, "every 30 days"),
        ({"ScheduleExpression": "rate(7 days)"}, "every 7 days"),
        ({"ScheduleExpression": "cron(0 4 1 * ? *)"}, "cron(0 4 1 * ? *)"),
    ],
)
def test_the_period_of_a_rotation_is_read_in_both_forms(rules: dict[str, Any], found: str) -> None:
    judged = secrets.secret_rotation(outputs(), {"RotationEnabled": True, "RotationRules": rules})
    assert (judged.found, judged.passed) == (found, found == "every 30 days")


def test_an_old_password_that_still_logs_in_fails() -> None:
    current = Attempt("2", None)
    judged = secrets.login_superseded(
        outputs(), {"AWSCURRENT": current, "AWSPREVIOUS": Attempt("1", None, is_current=False)}
    )
    assert (judged.passed, judged.found, judged.evidence) == (
        False,
        "a login",
        "version 1: accepted",
    )
    refused = Attempt("1", "password authentication failed", is_current=False)
    assert secrets.login_superseded(
        outputs(), {"AWSCURRENT": current, "AWSPREVIOUS": refused}
    ).passed
    with pytest.raises(NotApplicableError, match="no previous password"):
        secrets.login_superseded(outputs(), {"AWSCURRENT": current, "AWSPREVIOUS": current})


@pytest.mark.parametrize("content", [None, {}, {"password": "secret-value"}])
def test_a_secret_of_another_format_fails_and_its_values_are_not_shown(
    content: dict[str, Any] | None,
) -> None:
    judged = secrets.secret_format(outputs(), {"AWSCURRENT": SecretValue("1", content)})
    assert judged.passed is False
    assert "secret-value" not in json.dumps(vars(judged))
    assert "secret-value" not in repr(SecretValue("1", content))
