from typing import Any

import pytest

from emulator.testing.requests import serverless_cluster_request
from emulator.tests.aws.requests import Rejection, rejection

pytestmark = pytest.mark.emulator


@pytest.fixture
def topic(sns: Any, name: str) -> str:
    return sns.create_topic(Name=name)["TopicArn"]


@pytest.fixture
def cluster(rds: Any, name: str) -> str:
    rds.create_db_cluster(**serverless_cluster_request(name))
    return name


def request(name: str, topic: str, **members: object) -> dict[str, Any]:
    return {
        "SubscriptionName": f"{name}-events",
        "SnsTopicArn": topic,
        "SourceType": "db-cluster",
        "EventCategories": ["failover"],
        "Enabled": True,
        **members,
    }


def described(rds: Any, name: str) -> dict[str, Any]:
    answer = rds.describe_event_subscriptions(SubscriptionName=f"{name}-events")
    (subscription,) = answer["EventSubscriptionsList"]
    return {
        key: subscription.get(key)
        for key in ("SnsTopicArn", "SourceType", "EventCategoriesList", "SourceIdsList", "Enabled")
    }


@pytest.mark.parametrize(
    ("members", "rejected"),
    [
        (
            {"SnsTopicArn": "arn:aws:sns:us-east-2:123456789012:nothing"},
            Rejection(
                "SNSTopicArnNotFound",
                "SNS topic arn:aws:sns:us-east-2:123456789012:nothing does not exist",
                404,
            ),
        ),
        (
            {"EventCategories": ["low storage"]},
            Rejection(
                "SubscriptionCategoryNotFound",
                "Event category low storage does not exist for the source type db-cluster",
                404,
            ),
        ),
        (
            {"SourceIds": ["nobody"]},
            Rejection("SourceNotFound", "The db-cluster nobody does not exist", 404),
        ),
    ],
)
def test_a_subscription_to_what_does_not_exist_is_rejected(
    rds: Any, name: str, topic: str, members: dict[str, Any], rejected: Rejection
) -> None:
    assert rejection(rds.create_event_subscription, **request(name, topic, **members)) == rejected


def test_sources_of_no_kind_are_rejected(rds: Any, name: str, topic: str, cluster: str) -> None:
    members = request(name, topic, SourceIds=[cluster])
    del members["SourceType"], members["EventCategories"]
    assert rejection(rds.create_event_subscription, **members) == Rejection(
        "InvalidParameterCombination", "SourceIds need a SourceType"
    )


def test_a_subscription_is_modified_member_by_member(
    rds: Any, name: str, topic: str, cluster: str
) -> None:
    rds.create_event_subscription(**request(name, topic, SourceIds=[cluster]))
    rds.modify_event_subscription(
        SubscriptionName=f"{name}-events",
        SourceType="db-cluster",
        EventCategories=["failure", "maintenance"],
        Enabled=False,
    )
    assert described(rds, name) == {
        "SnsTopicArn": topic,
        "SourceType": "db-cluster",
        "EventCategoriesList": ["failure", "maintenance"],
        "SourceIdsList": [cluster],
        "Enabled": False,
    }
    assert rejection(
        rds.modify_event_subscription, SubscriptionName="none", Enabled=True
    ) == Rejection("SubscriptionNotFound", "Subscription none does not exist.", 404)


def test_a_source_is_added_and_removed(rds: Any, name: str, topic: str, cluster: str) -> None:
    rds.create_event_subscription(**request(name, topic))
    source = {"SubscriptionName": f"{name}-events", "SourceIdentifier": cluster}
    rds.add_source_identifier_to_subscription(**source)
    assert described(rds, name)["SourceIdsList"] == [cluster]
    rds.remove_source_identifier_from_subscription(**source)
    assert described(rds, name)["SourceIdsList"] == []
    again = rejection(rds.remove_source_identifier_from_subscription, **source)
    assert again == Rejection("SourceNotFound", f"{cluster} is not a source of {name}-events", 404)
