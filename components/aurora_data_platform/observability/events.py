"""RDS and EventBridge events that people are notified of."""

from collections.abc import Mapping

from components.aurora_data_platform.settings.model import PlatformSettings

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


def failed_rotation_pattern(secrets_arn: str) -> Mapping[str, object]:
    """Return the EventBridge pattern for failed rotations of one secret, or of all of a prefix.

    A pattern has at most 2,048 characters (EventBridge quotas, "Event pattern size"), too few for
    the ARNs of many secrets. Secrets Manager reports failures through CloudTrail, so a trail must
    record management events in the region (Secrets Manager user guide, "Match AWS Secrets Manager
    events with Amazon EventBridge"; "AWS Secrets Manager event entries", non-API events).

    Args:
        secrets_arn: ARN of the secret; with `*` at its end, for every ARN that starts so.
    """
    prefix = secrets_arn.removesuffix("*")
    return {
        "source": ["aws.secretsmanager"],
        "detail-type": ["AWS Service Event via CloudTrail"],
        "detail": {
            "eventSource": ["secretsmanager.amazonaws.com"],
            "eventName": ["RotationAbandoned", "RotationFailed", "TestRotationFailed"],
            "additionalEventData": {
                "SecretId": [secrets_arn if prefix == secrets_arn else {"prefix": prefix}]
            },
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
