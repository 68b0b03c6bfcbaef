"""Monitoring of a rotation: failures, and the age of its secrets."""

import json

import pulumi
import pulumi_aws as aws

from components.aurora_data_platform.credentials.age_request import age_request
from components.aurora_data_platform.credentials.rotation import RotationResources
from components.aurora_data_platform.functions.schedule import invoke_on_schedule
from components.aurora_data_platform.observability import events
from components.aurora_data_platform.observability.alarms.alarm import runbook_url
from components.aurora_data_platform.observability.log_metrics import DAYS_SINCE_ROTATION
from components.aurora_data_platform.observability.notifications import (
    NotificationTopic,
    notify_of_events,
)
from components.aurora_data_platform.settings.model import PlatformSettings
from components.database_functions.rotation import age_event

AGE_SCHEDULE = "rate(12 hours)"
"""Twice per period of the alarm, which is a day."""


def monitor_rotation(
    settings: PlatformSettings,
    rotation: RotationResources,
    *,
    parent: pulumi.Resource,
    topic: NotificationTopic,
) -> None:
    """Notify people of failed rotations, and publish the age of the secrets as a metric.

    Args:
        settings: The platform's settings.
        rotation: The rotation.
        parent: Parent of the resources.
        topic: Topic of the notifications.
    """
    _notify_of_failures(settings, rotation, parent, topic)
    _request_age(settings, rotation, parent)
    _extract_age(rotation, parent)


def _notify_of_failures(
    settings: PlatformSettings,
    rotation: RotationResources,
    parent: pulumi.Resource,
    topic: NotificationTopic,
) -> None:
    notify_of_events(
        f"{rotation.prefix}-failures",
        settings,
        parent=parent,
        topic=topic,
        name=rotation.names.failures_rule,
        description=f"Failed rotations of {rotation.names.secret}",
        pattern=pulumi.Output.from_input(rotation.secrets.arn).apply(
            lambda arn: json.dumps(events.failed_rotation_pattern(arn))
        ),
        message=aws.cloudwatch.EventTargetInputTransformerArgs(
            input_paths=dict(events.FAILED_ROTATION_PATHS),
            input_template=events.FAILED_ROTATION_TEXT.format(
                runbook=runbook_url("rotation-failed.md", settings)
            ),
        ),
    )


def _request_age(
    settings: PlatformSettings, rotation: RotationResources, parent: pulumi.Resource
) -> None:
    invoke_on_schedule(
        f"{rotation.prefix}-age",
        settings,
        parent=parent,
        name=rotation.names.age_rule,
        description=f"Age of {rotation.names.secret}",
        schedule=AGE_SCHEDULE,
        function_arn=rotation.function_arn,
        function_name=rotation.function_name,
        event=pulumi.Output.all(*rotation.secrets.ids).apply(age_request),
        statement_id="ScheduleRequestsAge",
    )


def _extract_age(rotation: RotationResources, parent: pulumi.Resource) -> None:
    aws.cloudwatch.LogMetricFilter(
        f"{rotation.prefix}-age-metric",
        name="age",
        log_group_name=rotation.log_group_name,
        pattern=f'{{ $.event = "{age_event.EVENT}" }}',
        metric_transformation=aws.cloudwatch.LogMetricFilterMetricTransformationArgs(
            name=DAYS_SINCE_ROTATION.name,
            namespace=rotation.names.metrics,
            value=f"$.{age_event.DAYS}",
        ),
        opts=pulumi.ResourceOptions(parent=parent),
    )
