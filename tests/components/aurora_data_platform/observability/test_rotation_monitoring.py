"""Monitoring of rotations: failures, and the age of secrets."""

import json
from typing import Any

from components.aurora_data_platform.observability.events import (
    FAILED_ROTATION_PATHS,
    FAILED_ROTATION_TEXT,
)
from components.database_functions.rotation import age, age_event
from tests.components.aurora_data_platform.platforms import USERS
from tools.testing.programs import run_program
from tools.testing.recorder import Recording

TOPIC = "arn:aws:topic:us-east-2:123456789012:aurora-notifications"


def inputs(recording: Recording, name: str) -> Any:
    return recording.named(name).inputs


def test_a_failed_rotation_of_the_secret_is_reported_in_a_sentence() -> None:
    recording = run_program("prod")
    rule = inputs(recording, "aurora-rotation-failures")
    assert json.loads(rule["eventPattern"]) == {
        "source": ["aws.secretsmanager"],
        "detail-type": ["AWS Service Event via CloudTrail"],
        "detail": {
            "eventSource": ["secretsmanager.amazonaws.com"],
            "eventName": ["RotationAbandoned", "RotationFailed", "TestRotationFailed"],
            "additionalEventData": {"SecretId": [recording.exports["masterSecretArn"]]},
        },
    }
    target = inputs(recording, "aurora-rotation-failures-target")
    assert target["arn"] == TOPIC
    assert target["inputTransformer"] == {
        "inputPaths": dict(FAILED_ROTATION_PATHS),
        "inputTemplate": '"<event>: the rotation of <secret> failed at <time>. The current password '
        'still works. Runbook: docs/runbooks/alarms/rotation-failed.md"',
    }


def test_the_sentence_uses_exactly_the_values_extracted_from_the_event() -> None:
    used = {name for name in FAILED_ROTATION_PATHS if f"<{name}>" in FAILED_ROTATION_TEXT}
    assert used == FAILED_ROTATION_PATHS.keys()


def test_the_function_reports_the_age_twice_a_day() -> None:
    recording = run_program("prod")
    assert inputs(recording, "aurora-rotation-age")["scheduleExpression"] == "rate(12 hours)"
    event = json.loads(inputs(recording, "aurora-rotation-age-target")["input"])
    assert event == {"Check": "RotationAge", "SecretIds": [recording.exports["masterSecretArn"]]}
    assert age.is_age_check(event)


def test_only_that_schedule_may_invoke_the_function() -> None:
    permission = inputs(run_program("prod"), "aurora-rotation-age-permission")
    assert permission["principal"] == "events.amazonaws.com"
    assert permission["sourceArn"].endswith(":us-east-2:123456789012:aurora-rotation-age")
    assert "sourceAccount" not in permission


def test_the_alarm_uses_the_age_extracted_from_the_functions_log() -> None:
    recording = run_program("prod")
    counted = inputs(recording, "aurora-rotation-age-metric")
    assert counted["logGroupName"] == "/aws/lambda/prod-aurora-rotation-ue2"
    assert counted["pattern"] == '{ $.event = "rotation_age" }'
    transformation = counted["metricTransformation"]
    assert transformation["value"] == f"$.{age_event.DAYS}"
    alarm = inputs(recording, "aurora-alarm-rotation-overdue")
    assert (alarm["namespace"], alarm["metricName"]) == (
        *(transformation["namespace"], transformation["name"]),
    )
    assert alarm["threshold"] == 32


def test_the_rotation_of_users_is_monitored_like_the_master_users() -> None:
    recording = run_program("prod", users=USERS)
    own = {
        each.name.removeprefix("aurora-users-"): each
        for each in recording.resources
        if each.name.startswith("aurora-users-rotation-")
    }
    monitoring = {name for name in own if name.startswith(("rotation-failures", "rotation-age"))}
    assert monitoring == {
        *("rotation-failures", "rotation-failures-target"),
        *("rotation-age", "rotation-age-target", "rotation-age-permission", "rotation-age-metric"),
    }
    alarms = {each.inputs["name"] for each in recording.of_type(":MetricAlarm")}
    cluster = "prod-aurora-cluster-ue2"
    both = [name for name in alarms if name.startswith(f"{cluster}-users-rotation-")]
    assert sorted(both) == [
        f"{cluster}-users-rotation-dead-letters",
        f"{cluster}-users-rotation-failed",
        f"{cluster}-users-rotation-function-errors",
        f"{cluster}-users-rotation-function-throttles",
        f"{cluster}-users-rotation-overdue",
    ]
    pattern = json.loads(inputs(recording, "aurora-users-rotation-failures")["eventPattern"])
    prefix = "arn:aws:secretsmanager:us-east-2:123456789012:secret:/prod/rds/aurora/users/"
    assert pattern["detail"]["additionalEventData"] == {"SecretId": [{"prefix": prefix}]}
    request = json.loads(inputs(recording, "aurora-users-rotation-age-target")["input"])
    assert request["SecretIds"] == ["/prod/rds/aurora/users/reports"]
    overdue = inputs(recording, "aurora-alarm-users-rotation-overdue")
    assert "rotation of /prod/rds/aurora/users/* is overdue" in overdue["alarmDescription"]
