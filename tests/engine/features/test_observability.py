"""Deployed alarms, notifications and dashboard."""

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pulumi.automation import OpType, Stack

from rehearsal import Rehearsal
from tests.engine.plans import Plan, Step
from tools.testing.programs import run_program

NAME = "monitored"
CLUSTER = f"dev-{NAME}-cluster-ue2"
SETTINGS: dict[str, Any] = {
    "alarmProfile": "production",
    "instanceCount": 2,
    "notificationEmails": ["on-call@example.com"],
    "notificationTopicArns": ["arn:aws:sns:us-east-2:123456789012:chat"],
}
ACCOUNT_TOPIC = f"arn:aws:sns:us-east-2:123456789012:dev-{NAME}-notifications-ue2"


@pytest.fixture(scope="module")
def monitored(rehearsal: Rehearsal) -> Any:
    stack = rehearsal.stack(NAME, {"platformName": NAME, **SETTINGS}, like="dev")
    stack.up()
    rehearsal.database(stack).wait_for_first_rotation()
    yield stack
    stack.destroy()
    stack.workspace.remove_stack(NAME)


def declared(kind: str) -> list[dict[str, Any]]:
    """Return the resources of a type that the program registers, with the topic's real ARN."""
    recording = run_program("dev", platformName=NAME, **SETTINGS)
    text = json.dumps([dict(each.inputs) for each in recording.of_type(kind)])
    mocked = recording.exports["notificationsTopicArn"]
    return json.loads(text.replace(mocked, ACCOUNT_TOPIC))


def test_every_alarm_is_deployed_as_declared(
    monitored: Stack, client: Callable[[str], Any]
) -> None:
    pages = (
        client("cloudwatch")
        .get_paginator("describe_alarms")
        .paginate(AlarmNamePrefix=f"{CLUSTER}-")
    )
    found = {
        alarm["AlarmName"]: {
            "alarmActions": alarm["AlarmActions"],
            "alarmDescription": alarm["AlarmDescription"],
            "comparisonOperator": alarm["ComparisonOperator"],
            "datapointsToAlarm": alarm["DatapointsToAlarm"],
            "dimensions": {each["Name"]: each["Value"] for each in alarm["Dimensions"]},
            "evaluationPeriods": alarm["EvaluationPeriods"],
            "insufficientDataActions": alarm["InsufficientDataActions"],
            "metricName": alarm["MetricName"],
            "namespace": alarm["Namespace"],
            "okActions": alarm["OKActions"],
            "period": alarm["Period"],
            "statistic": alarm["Statistic"],
            "threshold": alarm["Threshold"],
            "treatMissingData": alarm["TreatMissingData"],
        }
        for page in pages
        for alarm in page["MetricAlarms"]
    }
    wanted: dict[str, dict[str, Any]] = {
        alarm.pop("name"): {
            "insufficientDataActions": [],
            "okActions": [],
            **{key: value for key, value in alarm.items() if key != "tags"},
        }
        for alarm in declared(":MetricAlarm")
    }
    assert len(wanted) == 24
    assert found == wanted


def test_the_composite_alarm_the_dashboard_and_the_log_metrics_are_deployed_as_declared(
    monitored: Stack, client: Callable[[str], Any]
) -> None:
    (composite,) = declared(":CompositeAlarm")
    answer = client("cloudwatch").describe_alarms(
        AlarmNames=[f"{CLUSTER}-critical"], AlarmTypes=["CompositeAlarm"]
    )
    (found,) = answer["CompositeAlarms"]
    assert (found["AlarmRule"], found["AlarmActions"]) == (
        *(composite["alarmRule"], composite["alarmActions"]),
    )
    (dashboard,) = declared(":Dashboard")
    body = client("cloudwatch").get_dashboard(DashboardName=dashboard["dashboardName"])
    assert json.loads(body["DashboardBody"]) == json.loads(dashboard["dashboardBody"])
    groups = (
        f"/aws/rds/cluster/{CLUSTER}/postgresql",
        f"/aws/lambda/dev-{NAME}-rotation-ue2",
        f"/aws/lambda/dev-{NAME}-setup-ue2",
    )
    filters = {
        (group, row["filterName"], row["filterPattern"])
        for group in groups
        for row in client("logs").describe_metric_filters(logGroupName=group)["metricFilters"]
    }
    assert filters == {
        (row["logGroupName"], row["name"], row["pattern"]) for row in declared(":LogMetricFilter")
    }


def test_email_addresses_are_subscribed_and_database_events_are_published(
    monitored: Stack, client: Callable[[str], Any]
) -> None:
    attributes = client("sns").get_topic_attributes(TopicArn=ACCOUNT_TOPIC)["Attributes"]
    assert attributes["KmsMasterKeyId"] == monitored.outputs()["kmsKeyArn"].value
    (policy,) = declared(":TopicPolicy")
    assert json.loads(attributes["Policy"]) == json.loads(policy["policy"])
    answer = client("sns").list_subscriptions_by_topic(TopicArn=ACCOUNT_TOPIC)
    assert [(row["Protocol"], row["Endpoint"]) for row in answer["Subscriptions"]] == [
        ("email", "on-call@example.com")
    ]
    subscriptions = client("rds").describe_event_subscriptions()["EventSubscriptionsList"]
    own = [row for row in subscriptions if row["SnsTopicArn"] == ACCOUNT_TOPIC]
    assert {
        row["SourceType"]: (row["SourceIdsList"], row["EventCategoriesList"]) for row in own
    } == {
        row["sourceType"]: (row.get("sourceIds", []), row["eventCategories"])
        for row in declared(":EventSubscription")
    }


def test_a_second_preview_and_a_refresh_change_nothing(monitored: Stack) -> None:
    summary = monitored.preview(refresh=True, expect_no_changes=True).change_summary
    assert summary.keys() == {OpType.SAME}


def test_a_failed_rotation_is_published_as_a_sentence(
    monitored: Stack, client: Callable[[str], Any]
) -> None:
    queue = client("sqs").create_queue(QueueName=f"{NAME}-listener")["QueueUrl"]
    arn = client("sqs").get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])
    client("sns").subscribe(
        TopicArn=ACCOUNT_TOPIC, Protocol="sqs", Endpoint=arn["Attributes"]["QueueArn"]
    )
    secret = monitored.outputs()["masterSecretArn"].value
    for subject in ("arn:aws:secretsmanager:us-east-2:123456789012:secret:another", secret):
        detail = {
            "eventSource": "secretsmanager.amazonaws.com",
            "eventName": "RotationFailed",
            "additionalEventData": {"SecretId": subject},
        }
        entry = {
            "Source": "aws.secretsmanager",
            "DetailType": "AWS Service Event via CloudTrail",
            "Detail": json.dumps(detail),
        }
        client("events").put_events(Entries=[entry])
    answer = client("sqs").receive_message(QueueUrl=queue, MaxNumberOfMessages=10)
    (message,) = answer["Messages"]
    text = json.loads(message["Body"])["Message"]
    assert re.fullmatch(
        rf'"?RotationFailed: the rotation of {re.escape(secret)} failed at \S+\. The current password still works\. '
        r'Runbook: docs/runbooks/alarms/rotation-failed\.md"?',
        text,
    )


def test_published_metrics_change_the_state_of_an_alarm_and_of_the_composite_alarm(
    monitored: Stack, client: Callable[[str], Any]
) -> None:
    cloudwatch = client("cloudwatch")

    def states() -> tuple[str, str]:
        answer = cloudwatch.describe_alarms(
            AlarmNames=[f"{CLUSTER}-connections-exhausted", f"{CLUSTER}-critical"],
            AlarmTypes=["MetricAlarm", "CompositeAlarm"],
        )
        (alarm,), (composite,) = answer["MetricAlarms"], answer["CompositeAlarms"]
        return alarm["StateValue"], composite["StateValue"]

    def publish(metric: str, value: float) -> None:
        """Publish a metric as the writer would have done during the last 25 minutes."""
        now = datetime.now(UTC)
        dimensions = [
            {"Name": "DBClusterIdentifier", "Value": CLUSTER},
            {"Name": "Role", "Value": "WRITER"},
        ]
        data = [
            {
                "MetricName": metric,
                "Dimensions": dimensions,
                "Timestamp": now - timedelta(minutes=age),
                "Value": value,
            }
            for age in range(25)
        ]
        cloudwatch.put_metric_data(Namespace="AWS/RDS", MetricData=data)

    # The emulated writer publishes no metrics, so writer-metrics-missing is in ALARM.
    assert states() == ("OK", "ALARM")
    publish("EngineUptime", 600)
    assert states() == ("OK", "OK")
    publish("DatabaseConnections", 950)
    assert states() == ("ALARM", "ALARM")


def test_another_maximum_capacity_changes_only_thresholds_and_the_dashboard(
    monitored: Stack, rehearsal: Rehearsal, client: Callable[[str], Any]
) -> None:
    plan = Plan()
    raised = {"platformName": NAME, **SETTINGS, "auroraMaxCapacity": 64}
    rehearsal.stack(NAME, raised, like="dev").up(on_event=plan.record)
    threshold = Step("update", ("threshold",))
    assert plan.steps == {
        f"{NAME}-cluster": Step("update", ("serverlessv2ScalingConfiguration",)),
        f"{NAME}-dashboard": Step("update", ("dashboardBody",)),
        f"{NAME}-alarm-max-capacity-reached": threshold,
        f"{NAME}-alarm-reader-max-capacity-reached": threshold,
        f"{NAME}-alarm-memory-exhausted": threshold,
        f"{NAME}-alarm-load-above-cpus-1": threshold,
        f"{NAME}-alarm-load-above-cpus-2": threshold,
    }
    answer = client("cloudwatch").describe_alarms(AlarmNames=[f"{CLUSTER}-max-capacity-reached"])
    (alarm,) = answer["MetricAlarms"]
    assert alarm["Threshold"] == 57.6
    # PutMetricAlarm overwrites the whole alarm: an omitted property would be lost.
    assert alarm["AlarmActions"] == [ACCOUNT_TOPIC, *SETTINGS["notificationTopicArns"]]
    assert alarm["AlarmDescription"].startswith("critical: the writer has reached")
