"""Notifications: one topic, who publishes to it, and who hears of it."""

import json

import pulumi
import pulumi_aws as aws

from components.aurora_data_platform.observability import events
from components.aurora_data_platform.settings.model import PlatformSettings
from components.aurora_data_platform.tags import resource_tags


class Notifications:
    """Tells people of alarms and database events.

    Creates, as children of `parent`:
        - the topic, encrypted with the platform's key, and its policy;
        - a subscription for each mail address;
        - an RDS event subscription for each kind of source.

    Args:
        name: The platform's logical name, start of the children's.
        settings: The platform's settings.
        parent: The component that the resources belong to.
        key_arn: Key of the topic. An adopted one must let CloudWatch, RDS events and EventBridge
            use it, or their messages are dropped in silence.
        instances: Instances of the cluster; a subscription is refused before its sources exist.

    Attributes:
        topic_arn: The topic.
        policy: Its policy; who publishes needs it.
    """

    topic_arn: pulumi.Output[str]
    policy: aws.sns.TopicPolicy

    def __init__(
        self,
        name: str,
        settings: PlatformSettings,
        *,
        parent: pulumi.Resource,
        key_arn: pulumi.Input[str],
        instances: list[pulumi.Resource],
    ) -> None:
        self._platform = name
        self._settings = settings
        self._parent = parent
        self._inside = pulumi.ResourceOptions(parent=parent)
        topic_name = settings.names.notifications_topic
        topic = aws.sns.Topic(
            f"{name}-notifications",
            name=topic_name,
            kms_master_key_id=key_arn,
            tags=resource_tags(settings, topic_name),
            opts=self._inside,
        )
        self.topic_arn = topic.arn
        self.policy = self._let_services_publish()
        self._subscribe_people()
        self._subscribe_to_database_events([self.policy, *instances])

    def _let_services_publish(self) -> aws.sns.TopicPolicy:
        settings = self._settings
        return aws.sns.TopicPolicy(
            f"{self._platform}-notifications-policy",
            arn=self.topic_arn,
            policy=self.topic_arn.apply(
                lambda arn: json.dumps(
                    events.topic_policy(
                        settings.location,
                        topic_arn=arn,
                        alarm_prefix=settings.names.alarm_prefix,
                    )
                )
            ),
            opts=self._inside,
        )

    def _subscribe_people(self) -> None:
        for address in self._settings.notification_emails:
            aws.sns.TopicSubscription(
                f"{self._platform}-notify-{address}",
                topic=self.topic_arn,
                protocol="email",
                endpoint=address,
                opts=self._inside,
            )

    def _subscribe_to_database_events(self, after: list[pulumi.Resource]) -> None:
        settings = self._settings
        names = settings.names
        # Events of a cluster's parameter group have no source of their own: every group of the
        # account and region is meant.
        sources = {
            "db-cluster": [names.cluster],
            "db-instance": [names.instance(i + 1) for i in range(settings.instance_count)],
        }
        for kind, categories in events.EVENT_CATEGORIES.items():
            name = names.event_subscription(kind)
            aws.rds.EventSubscription(
                f"{self._platform}-{kind}-events",
                name=name,
                sns_topic=self.topic_arn,
                source_type=kind,
                source_ids=sources.get(kind),
                event_categories=list(categories),
                tags=resource_tags(settings, name),
                # RDS publishes a test message at once, so the policy must be there.
                opts=pulumi.ResourceOptions(parent=self._parent, depends_on=after),
            )
