"""Events that people are told of: which, and who may publish them."""

from collections.abc import Mapping

from components.aurora_data_platform.iam_policies.iam_documents import (
    Document,
    Location,
    allow,
    document,
)
from components.database_functions.rotation import age_event

EVENT_CATEGORIES: Mapping[str, tuple[str, ...]] = {
    "db-cluster": (
        *("configuration change", "deletion", "failover", "failure"),
        *("maintenance", "notification"),
    ),
    "db-instance": (
        *("availability", "configuration change", "deletion", "failure"),
        *("maintenance", "notification", "recovery"),
    ),
    "db-parameter-group": ("configuration change",),
}
"""Categories by kind of source (Amazon Aurora User Guide, Amazon RDS event categories and event
messages). Those that Security Hub's RDS.19 to RDS.21 ask for, and what an on-call engineer wants to
know: `maintenance` of the cluster tells of engine upgrades."""


def failed_rotation(secret_arn: str) -> Mapping[str, object]:
    """EventBridge pattern: Secrets Manager gave up a rotation of the secret.

    It reaches EventBridge only where CloudTrail records management events (Secrets Manager user
    guide, Match events with EventBridge).
    """
    return {
        "source": ["aws.secretsmanager"],
        "detail-type": ["AWS Service Event via CloudTrail"],
        "detail": {
            "eventSource": ["secretsmanager.amazonaws.com"],
            "eventName": ["RotationFailed"],
            "additionalEventData": {"SecretId": [secret_arn]},
        },
    }


def age_question(secret_arn: str) -> Mapping[str, str]:
    """What the rotation function is asked to tell the age of its secret with."""
    return {"Check": age_event.CHECK, "SecretId": secret_arn}


FAILED_ROTATION_PATHS: Mapping[str, str] = {
    "secret": "$.detail.additionalEventData.SecretId",
    "time": "$.time",
}
"""What the notification takes from the event."""

FAILED_ROTATION_TEXT = (
    '"The rotation of <secret> failed at <time>. The current password still works. '
    'Runbook: {runbook}"'
)
"""Notification of a failed rotation; EventBridge fills in what is between angle brackets."""


def topic_policy(where: Location, *, topic_arn: str, alarm_prefix: str) -> Document:
    """Three services may publish, and nobody else.

    Args:
        where: Account and region of the topic.
        topic_arn: The topic.
        alarm_prefix: Start of the names of the platform's alarms.
    """
    own_account = {"StringEquals": {"aws:SourceAccount": where.account_id}}
    own_alarms = {
        "ArnLike": {"aws:SourceArn": where.arn("cloudwatch", f"alarm:{alarm_prefix}*")},
    }
    return document(
        allow(
            "AlarmsPublish",
            ["sns:Publish"],
            topic_arn,
            Principal={"Service": "cloudwatch.amazonaws.com"},
            Condition={**own_account, **own_alarms},
        ),
        allow(
            "DatabaseEventsPublish",
            ["sns:Publish"],
            topic_arn,
            Principal={"Service": "events.rds.amazonaws.com"},
            Condition=own_account,
        ),
        # EventBridge's user guide: no conditions in the policy of a topic that a rule publishes to.
        allow(
            "FailedRotationsPublish",
            ["sns:Publish"],
            topic_arn,
            Principal={"Service": "events.amazonaws.com"},
        ),
    )
