"""Notifications: the topic, its publishers and its subscribers."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.aurora_data_platform.args import AuroraDataPlatformArgs
from components.aurora_data_platform.iam_policies.topic import topic_policy
from components.aurora_data_platform.observability import events
from components.aurora_data_platform.settings.model import PlatformSettings
from components.aurora_data_platform.tags import resource_tags


@dataclass(frozen=True)
class NotificationTopic:
    """The notification topic.

    Attributes:
        arn: The topic.
        policy: Its policy, which publishers need.
    """

    arn: pulumi.Output[str]
    policy: aws.sns.TopicPolicy


def create_notifications(
    name: str,
    args: AuroraDataPlatformArgs,
    *,
    parent: pulumi.Resource,
    key_arn: pulumi.Input[str],
    instances: Sequence[pulumi.Resource],
) -> NotificationTopic:
    """Create the topic, its subscriptions and the RDS event subscriptions.

    Args:
        name: The platform's logical name, prefix of the children's.
        args: The platform's arguments.
        parent: Parent of the resources.
        key_arn: KMS key of the topic. The policy of an existing key must allow CloudWatch, RDS
            events and EventBridge to use it; otherwise messages are silently dropped.
        instances: Instances of the cluster; RDS rejects a subscription to sources that do not
            exist.
    """
    settings, names = args.settings, args.settings.names
    opts = pulumi.ResourceOptions(parent=parent)
    topic_arn = aws.sns.Topic(
        f"{name}-notifications",
        name=names.notifications_topic,
        kms_master_key_id=key_arn,
        tags=resource_tags(settings, names.notifications_topic),
        opts=opts,
    ).arn
    policy = aws.sns.TopicPolicy(
        f"{name}-notifications-policy",
        arn=topic_arn,
        policy=topic_arn.apply(
            lambda arn: json.dumps(
                topic_policy(args.scope, topic_arn=arn, alarm_prefix=names.alarm_prefix)
            )
        ),
        opts=opts,
    )
    for address in settings.notification_emails:
        aws.sns.TopicSubscription(
            f"{name}-notify-{address}",
            topic=topic_arn,
            protocol="email",
            endpoint=address,
            opts=opts,
        )
    _subscribe_to_database_events(
        name, settings, parent=parent, topic_arn=topic_arn, after=[policy, *instances]
    )
    return NotificationTopic(topic_arn, policy)


def notify_of_events(
    prefix: str,
    settings: PlatformSettings,
    *,
    parent: pulumi.Resource,
    topic: NotificationTopic,
    name: str,
    description: str,
    pattern: pulumi.Input[str],
    message: aws.cloudwatch.EventTargetInputTransformerArgs,
) -> None:
    """Publish a message for every EventBridge event that matches a pattern.

    Args:
        prefix: Logical name of the rule, prefix of the target's.
        settings: The platform's settings.
        parent: Parent of the resources.
        topic: Where the message is published.
        name: Physical name of the rule.
        description: Description of the rule.
        pattern: JSON of the event pattern.
        message: Text of the message.
    """
    rule = aws.cloudwatch.EventRule(
        prefix,
        name=name,
        description=description,
        event_pattern=pattern,
        tags=resource_tags(settings, name),
        opts=pulumi.ResourceOptions(parent=parent),
    )
    aws.cloudwatch.EventTarget(
        f"{prefix}-target",
        rule=rule.name,
        target_id="notifications",
        arn=topic.arn,
        input_transformer=message,
        opts=pulumi.ResourceOptions(parent=parent, depends_on=[topic.policy]),
    )


def _subscribe_to_database_events(
    name: str,
    settings: PlatformSettings,
    *,
    parent: pulumi.Resource,
    topic_arn: pulumi.Output[str],
    after: Sequence[pulumi.Resource],
) -> None:
    names = settings.names
    # RDS accepts no cluster parameter group as a source: its events come from all groups of the
    # account and region.
    source_ids = {
        "db-cluster": [names.cluster],
        "db-instance": [names.instance(i + 1) for i in range(settings.instance_count)],
    }
    for source_type, categories in events.event_categories(settings).items():
        subscription_name = names.event_subscription(source_type)
        aws.rds.EventSubscription(
            f"{name}-{source_type}-events",
            name=subscription_name,
            sns_topic=topic_arn,
            source_type=source_type,
            source_ids=source_ids.get(source_type),
            event_categories=list(categories),
            tags=resource_tags(settings, subscription_name),
            # RDS publishes a test message at once, which needs the topic's policy.
            opts=pulumi.ResourceOptions(parent=parent, depends_on=list(after)),
        )
