"""RDS and EventBridge events that people are notified of."""

from collections.abc import Mapping, Sequence

from components.aurora_data_platform.settings.model import PlatformSettings
from components.database_functions.rotation import age_event

_CLUSTER_CATEGORIES = (
    *("configuration change", "deletion", "failover", "failure"),
    *("maintenance", "notification"),
)
_INSTANCE_CATEGORIES = (
    *("availability", "configuration change", "deletion", "failure", "low storage"),
    *("maintenance", "notification", "recovery", "security patching"),
)


def event_categories(s: PlatformSettings) -> Mapping[str, tuple[str, ...]]:
    """Return event categories by source type.

    These are the categories that Security Hub's RDS.19 to RDS.21 require and those an on-call
    engineer needs: `maintenance` of the cluster reports engine upgrades (Amazon Aurora User Guide,
    "Amazon RDS event categories and event messages"). A cluster that pauses reports every pause and
    resume as a `notification` of its instances (RDS-EVENT-0370 to 0374), which is left out then.
    """
    pauses = s.aurora_min_capacity == 0
    instance = tuple(
        each for each in _INSTANCE_CATEGORIES if not (pauses and each == "notification")
    )
    return {
        "db-cluster": _CLUSTER_CATEGORIES,
        "db-instance": instance,
        "db-parameter-group": ("configuration change",),
    }


def failed_rotation_pattern(secret_arns: Sequence[str]) -> Mapping[str, object]:
    """Return the EventBridge pattern for failed rotations of secrets.

    Secrets Manager reports them through CloudTrail, so a trail must record management events in the
    region (Secrets Manager user guide, "Match AWS Secrets Manager events with Amazon EventBridge";
    "AWS Secrets Manager event entries", non-API events).
    """
    return {
        "source": ["aws.secretsmanager"],
        "detail-type": ["AWS Service Event via CloudTrail"],
        "detail": {
            "eventSource": ["secretsmanager.amazonaws.com"],
            "eventName": ["RotationAbandoned", "RotationFailed", "TestRotationFailed"],
            "additionalEventData": {"SecretId": list(secret_arns)},
        },
    }


def recovery_pattern(alarm_arn_prefix: str) -> Mapping[str, object]:
    """Return the EventBridge pattern for alarms that return from ALARM to OK.

    An alarm's own OK action also fires when a new alarm gets its first data (CloudWatch user guide,
    "Alarm events and EventBridge").
    """
    return {
        "source": ["aws.cloudwatch"],
        "detail-type": ["CloudWatch Alarm State Change"],
        "resources": [{"prefix": alarm_arn_prefix}],
        "detail": {"state": {"value": ["OK"]}, "previousState": {"value": ["ALARM"]}},
    }


def age_request(secret_arns: Sequence[str]) -> Mapping[str, object]:
    """Return the event that makes the rotation function report the age of its secrets."""
    return {"Check": age_event.CHECK, "SecretIds": list(secret_arns)}


FAILED_ROTATION_PATHS: Mapping[str, str] = {
    "event": "$.detail.eventName",
    "secret": "$.detail.additionalEventData.SecretId",
    "time": "$.time",
}
FAILED_ROTATION_TEXT = (
    '"<event>: the rotation of <secret> failed at <time>. The current password still works. '
    'Runbook: {runbook}"'
)
"""Input template; EventBridge replaces the paths in angle brackets."""

RECOVERY_PATHS: Mapping[str, str] = {
    "alarm": "$.detail.alarmName",
    "reason": "$.detail.state.reason",
    "time": "$.time",
}
RECOVERY_TEXT = '"OK: <alarm> at <time>. <reason>"'
