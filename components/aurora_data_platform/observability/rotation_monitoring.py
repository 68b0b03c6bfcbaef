"""Watches a rotation: that it did not fail, and that it did not stay away."""

import json

import pulumi
import pulumi_aws as aws

from components.aurora_data_platform.credentials.rotation import WatchedRotation
from components.aurora_data_platform.observability import events
from components.aurora_data_platform.observability.alarms.alarm import page_address
from components.aurora_data_platform.observability.log_metrics import DAYS_SINCE_ROTATION
from components.aurora_data_platform.observability.notifications import Notifications
from components.aurora_data_platform.settings.model import PlatformSettings
from components.aurora_data_platform.tags import resource_tags
from components.database_functions.rotation import age_event

AGE_SCHEDULE = "rate(12 hours)"
"""Twice in the day that the alarm looks at."""


class RotationWatch:
    """Makes news of what happens to one rotation, and of what does not.

    Creates, as children of `parent`:
        - the rule that notices Secrets Manager's word of a failed rotation, with the topic as its
          target;
        - the rule that asks the function for the age of its secret, with leave to do so;
        - the metric of that age, read from the function's log.

    Args:
        settings: The platform's settings.
        parent: The component that the resources belong to.
        rotation: What is watched.
        notifications: Who is told.
    """

    def __init__(
        self,
        settings: PlatformSettings,
        *,
        parent: pulumi.Resource,
        rotation: WatchedRotation,
        notifications: Notifications,
    ) -> None:
        self._prefix = rotation.prefix
        self._settings = settings
        self._parent = parent
        self._inside = pulumi.ResourceOptions(parent=parent)
        self._rotation = rotation
        self._tell_of_failures(notifications)
        self._ask_for_age()
        self._read_age()

    def _tell_of_failures(self, notifications: Notifications) -> None:
        name = self._rotation.names.failures_rule
        rule = aws.cloudwatch.EventRule(
            f"{self._prefix}-failures",
            name=name,
            description=f"Failed rotations of {self._rotation.names.secret}",
            event_pattern=self._rotation.secret_arn.apply(
                lambda arn: json.dumps(events.failed_rotation(arn))
            ),
            tags=resource_tags(self._settings, name),
            opts=self._inside,
        )
        page = page_address("rotation-failed.md", self._settings)
        aws.cloudwatch.EventTarget(
            f"{self._prefix}-failures-target",
            rule=rule.name,
            target_id="notifications",
            arn=notifications.topic_arn,
            input_transformer=aws.cloudwatch.EventTargetInputTransformerArgs(
                input_paths=dict(events.FAILED_ROTATION_PATHS),
                input_template=events.FAILED_ROTATION_TEXT.format(runbook=page),
            ),
            opts=pulumi.ResourceOptions(parent=self._parent, depends_on=[notifications.policy]),
        )

    def _ask_for_age(self) -> None:
        name = self._rotation.names.age_rule
        rule = aws.cloudwatch.EventRule(
            f"{self._prefix}-age",
            name=name,
            description=f"Age of {self._rotation.names.secret}",
            schedule_expression=AGE_SCHEDULE,
            tags=resource_tags(self._settings, name),
            opts=self._inside,
        )
        permission = aws.lambda_.Permission(
            f"{self._prefix}-age-permission",
            action="lambda:InvokeFunction",
            function=self._rotation.function_name,
            principal="events.amazonaws.com",
            # It names the account, too; that EventBridge sends the account apart is documented
            # nowhere.
            source_arn=rule.arn,
            statement_id="ScheduleAsksForAge",
            opts=self._inside,
        )
        aws.cloudwatch.EventTarget(
            f"{self._prefix}-age-target",
            rule=rule.name,
            target_id="function",
            arn=self._rotation.function_arn,
            input=self._rotation.secret_arn.apply(lambda arn: json.dumps(events.age_question(arn))),
            opts=pulumi.ResourceOptions(parent=self._parent, depends_on=[permission]),
        )

    def _read_age(self) -> None:
        aws.cloudwatch.LogMetricFilter(
            f"{self._prefix}-age-metric",
            name="age",
            log_group_name=self._rotation.log_group_name,
            pattern=f'{{ $.event = "{age_event.EVENT}" }}',
            metric_transformation=aws.cloudwatch.LogMetricFilterMetricTransformationArgs(
                name=DAYS_SINCE_ROTATION.name,
                namespace=self._rotation.names.metrics,
                value=f"$.{age_event.DAYS}",
            ),
            opts=self._inside,
        )
