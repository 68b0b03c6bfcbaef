"""Judgements on logs, trails and recipients of alarms."""

from datetime import timedelta
from typing import Any

import pytest

from operations.checks.judgement import NotApplicableError
from operations.checks.judgements import monitoring
from tests.operations.checks.judgements.examples import NOW, outputs


@pytest.mark.parametrize(
    ("age", "passed"), [(timedelta(hours=23), True), (timedelta(hours=25), False)]
)
def test_a_log_that_is_silent_for_a_day_fails(age: timedelta, passed: bool) -> None:
    events = {"group": "g", "last": (NOW - age).timestamp() * 1000, "streams": 1}
    assert monitoring.logs_received(outputs(), events, NOW).passed is passed
    empty = {"group": "g", "last": None, "streams": 0}
    assert monitoring.logs_received(outputs(), empty, NOW).found == "no event"


def test_a_cluster_that_may_be_paused_writes_no_log_then() -> None:
    events = {"group": "g", "last": (NOW - timedelta(days=3)).timestamp() * 1000, "streams": 1}
    with pytest.raises(NotApplicableError, match=r"UTC; a paused cluster writes no log$"):
        monitoring.logs_received(outputs(minCapacity=0), events, NOW)


def trail(selectors: dict[str, Any], **members: Any) -> dict[str, Any]:
    return {"Name": "t", "IsLogging": True, "HomeRegion": "us-east-2", "Selectors": selectors} | (
        members
    )


MANAGEMENT: dict[str, Any] = {"EventSelectors": [{"IncludeManagementEvents": True}]}
ADVANCED = {
    "AdvancedEventSelectors": [
        {"FieldSelectors": [{"Field": "eventCategory", "Equals": ["Management"]}]}
    ]
}
DATA_ONLY = {
    "AdvancedEventSelectors": [{"FieldSelectors": [{"Field": "eventCategory", "Equals": ["Data"]}]}]
}


@pytest.mark.parametrize(
    ("trails", "passed"),
    [
        ([trail(MANAGEMENT)], True),
        ([trail(ADVANCED)], True),
        ([trail(DATA_ONLY)], False),
        ([trail(MANAGEMENT, IsLogging=False)], False),
        ([trail(MANAGEMENT, HomeRegion="eu-west-1")], False),
        ([trail(MANAGEMENT, HomeRegion="eu-west-1", IsMultiRegionTrail=True)], True),
        ([trail({"EventSelectors": [{"ReadWriteType": "ReadOnly"}]})], False),
        ([], False),
    ],
)
def test_a_trail_must_log_writes_of_management_events_in_the_region(
    trails: list[dict[str, Any]], passed: bool
) -> None:
    assert monitoring.rotation_trail(outputs(), trails).passed is passed


def test_a_deleted_subscription_does_not_count() -> None:
    subscriptions = [{"Endpoint": "a@example.com", "SubscriptionArn": "Deleted"}]
    judged = monitoring.alarm_recipients(
        outputs(notificationEmails=["a@example.com"]), subscriptions
    )
    assert judged.found == "a@example.com=not subscribed"
