"""Policy of the notification topic."""

from components.aurora_data_platform.arns import AwsScope
from components.aurora_data_platform.iam_policies.statements import (
    PolicyDocument,
    policy,
    statement,
)

_PUBLISH = ["sns:Publish"]


def topic_policy(scope: AwsScope, *, topic_arn: str, alarm_prefix: str) -> PolicyDocument:
    """Return permission to publish for CloudWatch alarms, RDS events and EventBridge.

    Args:
        scope: Account and region of the topic.
        topic_arn: The topic.
        alarm_prefix: Prefix of the platform's alarms.
    """
    own_account = {"StringEquals": {"aws:SourceAccount": scope.account_id}}
    own_alarms = {"ArnLike": {"aws:SourceArn": scope.arn("cloudwatch", f"alarm:{alarm_prefix}*")}}
    return policy(
        statement(
            "AlarmsPublish",
            _PUBLISH,
            topic_arn,
            Principal={"Service": "cloudwatch.amazonaws.com"},
            Condition={**own_account, **own_alarms},
        ),
        statement(
            "DatabaseEventsPublish",
            _PUBLISH,
            topic_arn,
            Principal={"Service": "events.rds.amazonaws.com"},
            Condition=own_account,
        ),
        # EventBridge does not support conditions in the policy of a target topic (EventBridge user
        # guide, Amazon SNS permissions).
        statement(
            "FailedRotationsPublish",
            _PUBLISH,
            topic_arn,
            Principal={"Service": "events.amazonaws.com"},
        ),
    )
