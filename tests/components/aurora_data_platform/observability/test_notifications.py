"""The topic's publishers and subscribers, and the database events that it receives."""

import json
from typing import Any

import pytest

from tools.testing.programs import run_program

ACCOUNT = "123456789012"
TOPIC = f"arn:aws:topic:us-east-2:{ACCOUNT}:aurora-notifications"


def statements(policy: str) -> dict[str, Any]:
    return {row["Sid"]: row for row in json.loads(policy)["Statement"]}


def test_the_topic_is_encrypted_with_the_platforms_key() -> None:
    recording = run_program("prod")
    assert recording.only(":Topic").inputs["kmsMasterKeyId"] == recording.exports["kmsKeyArn"]
    assert recording.exports["notificationsTopicArn"] == TOPIC


def test_only_three_services_may_publish() -> None:
    policy = run_program("prod").only(":TopicPolicy").inputs["policy"]
    own = {"StringEquals": {"aws:SourceAccount": ACCOUNT}}
    alarms = f"arn:aws:cloudwatch:us-east-2:{ACCOUNT}:alarm:prod-aurora-cluster-ue2-*"
    assert {
        row["Principal"]["Service"]: (row["Effect"], row["Action"], row.get("Condition"))
        for row in statements(policy).values()
    } == {
        "cloudwatch.amazonaws.com": (
            "Allow",
            ["sns:Publish"],
            {**own, "ArnLike": {"aws:SourceArn": alarms}},
        ),
        "events.rds.amazonaws.com": ("Allow", ["sns:Publish"], own),
        "events.amazonaws.com": ("Allow", ["sns:Publish"], None),
    }


def test_the_key_serves_every_service_that_publishes() -> None:
    recording = run_program("prod")
    publishers = {
        row["Principal"]["Service"]
        for row in statements(recording.only(":TopicPolicy").inputs["policy"]).values()
    }
    served = {
        row["Principal"]["Service"]
        for row in statements(recording.only(":Key").inputs["policy"]).values()
        if row["Action"] == ["kms:Decrypt", "kms:GenerateDataKey"]
    }
    assert served == publishers


def test_each_email_address_is_subscribed() -> None:
    recording = run_program("prod", notificationEmails=["a@example.com", "b@example.com"])
    assert [
        (each.inputs["protocol"], each.inputs["endpoint"], each.inputs["topic"])
        for each in recording.of_type(":TopicSubscription")
    ] == [("email", "a@example.com", TOPIC), ("email", "b@example.com", TOPIC)]


def test_there_are_no_subscriptions_by_default() -> None:
    assert run_program("prod").of_type(":TopicSubscription") == []


@pytest.mark.parametrize(
    ("kind", "sources", "asked_for_by_security_hub"),
    [
        ("db-cluster", ["prod-aurora-cluster-ue2"], {"maintenance", "failure"}),
        (
            "db-instance",
            ["prod-aurora-cluster-ue2-1", "prod-aurora-cluster-ue2-2"],
            {"maintenance", "configuration change", "failure"},
        ),
        ("db-parameter-group", None, {"configuration change"}),
    ],
)
def test_events_of_the_platforms_own_sources_are_published(
    kind: str, sources: list[str] | None, asked_for_by_security_hub: set[str]
) -> None:
    inputs = run_program("prod").named(f"aurora-{kind}-events").inputs
    assert (inputs["sourceType"], inputs.get("sourceIds")) == (kind, sources)
    assert set(inputs["eventCategories"]) >= asked_for_by_security_hub


def test_subscriptions_wait_for_the_policy_and_the_instances() -> None:
    recording = run_program("prod")
    assert recording.depends_on("aurora-db-instance-events") == [
        *("aurora-notifications-policy", "aurora-instance-1", "aurora-instance-2")
    ]
