import json
from typing import Any

import pytest

from emulator.tests.aws.requests import Rejection, rejection

pytestmark = pytest.mark.emulator


@pytest.fixture
def topic(sns: Any, name: str) -> str:
    return sns.create_topic(Name=name)["TopicArn"]


def test_a_topic_is_not_created_again_with_other_attributes(sns: Any, name: str) -> None:
    first = sns.create_topic(Name=name, Attributes={"DisplayName": "one"})
    assert (
        sns.create_topic(Name=name, Attributes={"DisplayName": "one"})["TopicArn"]
        == (first["TopicArn"])
    )
    rejected = rejection(sns.create_topic, Name=name, Attributes={"DisplayName": "other"})
    assert rejected == Rejection(
        "InvalidParameter",
        "Invalid parameter: Attributes Reason: Topic already exists with different attributes",
    )


@pytest.mark.parametrize(
    ("policy", "reason"),
    [
        ("no json", "Policy Error: null"),
        ("[]", "Policy Error: null"),
        (
            json.dumps({"Statement": [{"Effect": "Allow", "Action": ["sqs:SendMessage"]}]}),
            "Policy statement action out of service scope!",
        ),
    ],
)
def test_a_policy_of_another_service_is_rejected_for_a_topic(
    sns: Any, topic: str, policy: str, reason: str
) -> None:
    rejected = rejection(
        sns.set_topic_attributes, TopicArn=topic, AttributeName="Policy", AttributeValue=policy
    )
    assert rejected == Rejection("InvalidParameter", f"Invalid parameter: {reason}")


def test_an_email_subscription_is_pending_until_it_is_confirmed(sns: Any, topic: str) -> None:
    asked = {"TopicArn": topic, "Protocol": "email", "Endpoint": "on-call@example.com"}
    assert sns.subscribe(**asked)["SubscriptionArn"] == "pending confirmation"
    arn = sns.subscribe(**asked, ReturnSubscriptionArn=True)["SubscriptionArn"]
    attributes = sns.get_subscription_attributes(SubscriptionArn=arn)
    assert attributes["Attributes"]["PendingConfirmation"] == "true"


def test_a_pending_subscription_is_listed_without_an_arn(sns: Any, sqs: Any, topic: str) -> None:
    sns.subscribe(TopicArn=topic, Protocol="email", Endpoint="on-call@example.com")
    queue = sqs.create_queue(QueueName="confirmed-at-once")["QueueUrl"]
    queue_arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"][
        "QueueArn"
    ]
    confirmed = sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=queue_arn)["SubscriptionArn"]
    for listed in (
        sns.list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"],
        [each for each in sns.list_subscriptions()["Subscriptions"] if each["TopicArn"] == topic],
    ):
        assert {each["Endpoint"]: each["SubscriptionArn"] for each in listed} == {
            "on-call@example.com": "PendingConfirmation",
            queue_arn: confirmed,
        }


def test_a_pending_subscription_cannot_be_ended(sns: Any, topic: str) -> None:
    arn = sns.subscribe(
        TopicArn=topic,
        Protocol="email",
        Endpoint="on-call@example.com",
        ReturnSubscriptionArn=True,
    )["SubscriptionArn"]
    assert rejection(sns.unsubscribe, SubscriptionArn=arn) == Rejection(
        "InvalidParameter",
        "Invalid parameter: This subscription is pending: Cannot unsubscribe a subscription that "
        "is pending confirmation",
    )
