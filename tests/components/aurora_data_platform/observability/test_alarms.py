"""Alarms as registered: complete, valid, and with recipients."""

import json
import re
from typing import Any

import pytest
from botocore.loaders import Loader
from botocore.model import ServiceModel
from botocore.validate import ParamValidator

from components.aurora_data_platform.observability.alarms import thresholds
from components.aurora_data_platform.observability.alarms.alarm import Severity, alarms_for
from components.aurora_data_platform.observability.alarms.catalogue import ALARM_CATALOGUE
from components.aurora_data_platform.settings.model import PlatformSettings
from tests.components.aurora_data_platform.platforms import USERS
from tools.reference.stacks import STACKS, settings_of
from tools.repository import ROOT
from tools.testing.programs import run_program
from tools.testing.recorder import Resource

PAGES = ROOT / "docs/runbooks/alarms"
TOPIC = "arn:aws:topic:us-east-2:123456789012:aurora-notifications"
PAGER = "arn:aws:sns:us-east-2:123456789012:pager"
CHAT = "arn:aws:sns:us-east-2:123456789012:chat"
RECIPIENTS: dict[str, Any] = {"notificationTopicArns": [CHAT], "pagingTopicArn": PAGER}
_MODEL = ServiceModel(Loader().load_service_model("cloudwatch", "service-2"))
_ACTIONS = ("alarmActions", "okActions", "insufficientDataActions")


def prod(**changes: Any) -> PlatformSettings:
    return settings_of("prod").model_copy(update=changes)


def keys(settings: PlatformSettings) -> set[str]:
    return {alarm.row.key for alarm in alarms_for(ALARM_CATALOGUE, settings)}


def threshold(key: str, settings: PlatformSettings) -> float:
    alarms = alarms_for(ALARM_CATALOGUE, settings)
    return next(alarm.threshold for alarm in alarms if alarm.row.key == key)


def request_of(alarm: Resource) -> dict[str, Any]:
    """Return the PutMetricAlarm request of the inputs, whose integers Pulumi sends as floats."""
    request: dict[str, Any] = {
        ("AlarmName" if key == "name" else f"{key[0].upper()}{key[1:]}"): (
            int(value) if isinstance(value, float) and value.is_integer() else value
        )
        for key, value in alarm.inputs.items()
        if key != "tags"
    }
    request["OKActions"] = request.pop("OkActions", [])
    dimensions = request.pop("Dimensions")
    request["Dimensions"] = [{"Name": key, "Value": dimensions[key]} for key in dimensions]
    request["Tags"] = [{"Key": k, "Value": v} for k, v in alarm.inputs["tags"].items()]
    return request


@pytest.mark.parametrize("stack", STACKS)
def test_every_alarm_is_a_valid_request_by_cloudwatchs_service_model(stack: str) -> None:
    shape = _MODEL.operation_model("PutMetricAlarm").input_shape
    assert shape is not None
    for alarm in run_program(stack).of_type(":MetricAlarm"):
        report = ParamValidator().validate(request_of(alarm), shape)
        assert report.generate_report() == "", alarm.name
        assert alarm.inputs["period"] * alarm.inputs["evaluationPeriods"] <= 7 * 86_400
        assert alarm.inputs["datapointsToAlarm"] <= alarm.inputs["evaluationPeriods"]


@pytest.mark.parametrize("stack", STACKS)
def test_every_alarm_notifies_the_platforms_topic(stack: str) -> None:
    recording = run_program(stack)
    alarms = [*recording.of_type(":MetricAlarm"), recording.only(":CompositeAlarm")]
    assert [each.name for each in alarms if TOPIC not in each.inputs["alarmActions"]] == []


def test_existing_topics_are_notified_of_alarms_and_a_pager_of_critical_ones_only() -> None:
    recording = run_program("prod", **RECIPIENTS)
    for alarm in recording.of_type(":MetricAlarm"):
        wanted = [TOPIC, CHAT]
        if alarm.name == "aurora-alarm-rotation-failed":
            wanted += [PAGER]
        assert alarm.inputs["alarmActions"] == wanted, alarm.name
    assert recording.only(":CompositeAlarm").inputs["alarmActions"] == [TOPIC, PAGER]


def test_an_alarm_never_has_more_actions_than_cloudwatch_accepts() -> None:
    arn = "arn:aws:sns:us-east-2:123456789012:topic"
    recording = run_program(
        "prod", notificationTopicArns=[f"{arn}-{n}" for n in range(3)], pagingTopicArn=PAGER
    )
    alarms = [*recording.of_type(":MetricAlarm"), recording.only(":CompositeAlarm")]
    assert max(len(each.inputs.get(key, [])) for each in alarms for key in _ACTIONS) == 5


def test_a_count_of_events_never_reports_its_return_to_ok() -> None:
    recording = run_program("prod", **RECIPIENTS)
    silent = {
        each.name.removeprefix("aurora-alarm-")
        for each in recording.of_type(":MetricAlarm")
        if "okActions" not in each.inputs
    }
    assert silent == {
        *("rotation-failed", "rotation-function-errors", "rotation-function-throttles"),
        *("login-failures", "fatal-errors", "setup-failed", "users-repaired"),
    }


def test_a_new_alarm_sends_no_ok_to_people() -> None:
    """Its first data moves an alarm from INSUFFICIENT_DATA to OK, which fires its OK actions."""
    recording = run_program("prod", **RECIPIENTS)
    alarms = [*recording.of_type(":MetricAlarm"), recording.only(":CompositeAlarm")]
    assert {arn for each in alarms for arn in each.inputs.get("okActions", [])} == {CHAT, PAGER}


def test_a_return_from_alarm_to_ok_is_reported_to_people() -> None:
    recording = run_program("prod")
    rule = recording.named("aurora-recoveries").inputs
    assert json.loads(rule["eventPattern"]) == {
        "source": ["aws.cloudwatch"],
        "detail-type": ["CloudWatch Alarm State Change"],
        "resources": [
            {"prefix": "arn:aws:cloudwatch:us-east-2:123456789012:alarm:prod-aurora-cluster-ue2-"}
        ],
        "detail": {"state": {"value": ["OK"]}, "previousState": {"value": ["ALARM"]}},
    }
    target = recording.named("aurora-recoveries-target").inputs
    assert target["arn"] == TOPIC
    assert target["inputTransformer"] == {
        "inputPaths": {
            "alarm": "$.detail.alarmName",
            "reason": "$.detail.state.reason",
            "time": "$.time",
        },
        "inputTemplate": '"OK: <alarm> at <time>. <reason>"',
    }


def test_an_age_that_is_no_longer_reported_notifies_people_and_the_pager() -> None:
    recording = run_program("prod", **RECIPIENTS)
    silent = {
        each.name: each.inputs["insufficientDataActions"]
        for each in recording.of_type(":MetricAlarm")
        if "insufficientDataActions" in each.inputs
    }
    assert silent == {"aurora-alarm-rotation-overdue": [TOPIC, CHAT, PAGER]}
    alarm = recording.named("aurora-alarm-rotation-overdue").inputs
    assert alarm["treatMissingData"] == "missing"


def test_the_composite_alarm_covers_every_critical_state() -> None:
    rule = run_program("prod").only(":CompositeAlarm").inputs["alarmRule"]
    cluster = "prod-aurora-cluster-ue2"
    assert rule.split(" OR ") == [
        f'ALARM("{cluster}-writer-metrics-missing")',
        f'ALARM("{cluster}-max-capacity-reached")',
        f'ALARM("{cluster}-memory-exhausted")',
        f'ALARM("{cluster}-connections-exhausted")',
        f'ALARM("{cluster}-transaction-ids-critical")',
        f'ALARM("{cluster}-rotation-overdue")',
    ]


@pytest.mark.parametrize("stack", STACKS)
def test_the_composite_alarm_names_existing_alarms_and_is_created_after_them(stack: str) -> None:
    recording = run_program(stack)
    named = set(re.findall(r'"([^"]+)"', recording.only(":CompositeAlarm").inputs["alarmRule"]))
    assert named <= {each.inputs["name"] for each in recording.of_type(":MetricAlarm")}
    assert set(recording.depends_on("aurora-alarm-critical")) == {
        each.name for each in recording.of_type(":MetricAlarm")
    }


def test_alarms_are_created_after_the_instances() -> None:
    recording = run_program("prod")
    for alarm in recording.of_type(":MetricAlarm"):
        assert set(recording.depends_on(alarm.name)) == {"aurora-instance-1", "aurora-instance-2"}


def test_an_alarm_monitors_only_what_the_program_creates() -> None:
    recording = run_program("prod", users=USERS)
    keys = ("name", "clusterIdentifier", "identifier")
    created = {
        each.inputs[key] for each in recording.resources for key in keys if key in each.inputs
    }
    roles = {"WRITER", "READER"}
    filters = recording.of_type(":LogMetricFilter")
    counted = {
        (
            each.inputs["metricTransformation"]["namespace"],
            each.inputs["metricTransformation"]["name"],
        )
        for each in filters
    }
    for alarm in recording.of_type(":MetricAlarm"):
        metric = (alarm.inputs["namespace"], alarm.inputs["metricName"])
        assert set(alarm.inputs["dimensions"].values()) <= created | roles, alarm.name
        assert metric[0].startswith("AWS/") or metric in counted, alarm.name


def test_the_key_and_the_topic_allow_cloudwatch_to_deliver_every_alarm() -> None:
    recording = run_program("prod")
    key = json.loads(recording.only(":Key").inputs["policy"])
    (statement,) = [row for row in key["Statement"] if row["Sid"] == "DeliverAlarms"]
    # A condition on the source could stop every notification.
    assert statement == {
        "Sid": "DeliverAlarms",
        "Effect": "Allow",
        "Principal": {"Service": "cloudwatch.amazonaws.com"},
        "Action": ["kms:Decrypt", "kms:GenerateDataKey"],
        "Resource": "*",
    }
    topic = json.loads(recording.only(":TopicPolicy").inputs["policy"])
    (pattern,) = {
        row["Condition"]["ArnLike"]["aws:SourceArn"].rpartition(":")[2]
        for row in topic["Statement"]
        if row["Principal"] == {"Service": "cloudwatch.amazonaws.com"}
    }
    names = [each.inputs["name"] for each in recording.of_type(":MetricAlarm")]
    names += [recording.only(":CompositeAlarm").inputs["alarmName"]]
    assert pattern.endswith("*")
    assert [name for name in names if not name.startswith(pattern[:-1])] == []


@pytest.mark.parametrize(
    ("key", "changes", "expected"),
    [
        ("max-capacity-reached", {"aurora_max_capacity": 100.0}, 90.0),
        ("memory-exhausted", {"aurora_max_capacity": 10.0}, 1_073_741_824),
        ("connections-exhausted", {"cluster_parameters": {"max_connections": 2000}}, 1600),
        # AWS caps the requested connections while the minimum capacity is below one ACU.
        ("connections-exhausted", {"aurora_min_capacity": 0.5}, 1600),
        # Without the parameter, AWS derives 1669 from eight ACU.
        ("connections-exhausted", {"cluster_parameters": {}, "aurora_max_capacity": 8.0}, 1335),
        ("load-above-cpus", {"aurora_max_capacity": 64.0}, 16.0),
        ("load-above-cpus", {"aurora_max_capacity": 2.0}, 1.0),
        # Two days after the rotation's date.
        *(("rotation-overdue", {"rotation_days": days}, days + 2) for days in (1, 30, 365)),
    ],
)
def test_a_threshold_follows_the_settings(
    key: str, changes: dict[str, Any], expected: float
) -> None:
    assert threshold(key, prod(**changes)) == expected


def test_the_effective_connections_are_the_requested_ones_up_to_the_cap() -> None:
    assert settings_of("prod").effective_connections == 5000
    assert settings_of("dev").effective_connections == 1000


@pytest.mark.parametrize(
    ("left_out", "changes"),
    [
        ({"writer-metrics-missing"}, {"aurora_min_capacity": 0.0}),
        ({"max-capacity-reached", "reader-max-capacity-reached"}, {"aurora_min_capacity": 256.0}),
        (
            {"reader-max-capacity-reached", "reader-connections-exhausted", "replica-lag"},
            {"instance_count": 1},
        ),
        ({"load-above-cpus"}, {"performance_insights_enabled": False}),
        ({"login-failures", "fatal-errors"}, {"log_exports": ()}),
    ],
)
def test_an_alarm_that_does_not_apply_is_left_out(
    left_out: set[str], changes: dict[str, Any]
) -> None:
    assert keys(prod()) - keys(prod(**changes)) == left_out


def test_the_development_profile_has_outage_alarms_only() -> None:
    assert keys(settings_of("dev")) == {
        *("max-capacity-reached", "memory-exhausted", "connections-exhausted"),
        *("transaction-ids-critical", "rotation-failed", "rotation-function-errors"),
        *("rotation-overdue", "setup-failed", "users-repaired"),
    }


def test_a_warning_never_pages_anybody() -> None:
    for row in ALARM_CATALOGUE:
        pages = row.in_composite or row.pages_directly
        assert pages == (row.severity is Severity.CRITICAL), row.key


def test_an_alarm_has_a_runbook_page() -> None:
    pages = {path.name for path in PAGES.glob("*.md")}
    assert {row.key: row.page for row in ALARM_CATALOGUE if row.page not in pages} == {}


def test_a_page_belongs_to_an_alarm_and_has_every_section() -> None:
    texts = {path.name: path.read_text(encoding="utf-8") for path in PAGES.glob("*.md")}
    del texts["README.md"]
    assert texts.keys() == {row.page for row in ALARM_CATALOGUE} | {"critical.md"}
    unnamed = {row.key for row in ALARM_CATALOGUE if row.key not in texts[row.page]}
    assert unnamed == set()
    sections = ["Meaning", "First look", "Likely causes", "What to do", "How to silence"]
    assert {page: re.findall(r"^## (.+)$", text, re.MULTILINE) for page, text in texts.items()} == {
        page: sections for page in texts
    }


def test_a_notification_has_severity_title_and_runbook() -> None:
    alarms = run_program("prod", runbookBaseUrl="https://git.example/runbooks/alarms/").of_type(
        ":MetricAlarm"
    )
    descriptions = {each.name: each.inputs["alarmDescription"] for each in alarms}
    assert descriptions["aurora-alarm-reader-max-capacity-reached"] == (
        "warning: readers have reached auroraMaxCapacity and cannot grow. Runbook: "
        "https://git.example/runbooks/alarms/max-capacity-reached.md"
    )


def test_the_critical_threshold_of_transaction_ids_is_above_the_warning() -> None:
    assert thresholds.TRANSACTION_IDS_WARNING < thresholds.TRANSACTION_IDS_CRITICAL < 2**31
