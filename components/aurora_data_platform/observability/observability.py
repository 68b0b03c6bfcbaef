"""Observability: alarms, notifications and the dashboard."""

import json
from collections.abc import Sequence

import pulumi
import pulumi_aws as aws

from components.aurora_data_platform.args import AuroraDataPlatformArgs
from components.aurora_data_platform.credentials.rotation import RotationResources
from components.aurora_data_platform.database_access.setup import SetupResources
from components.aurora_data_platform.observability import events
from components.aurora_data_platform.observability.alarms.alarm import (
    PlatformAlarm,
    alarms_for,
    composite_rule,
    runbook_url,
)
from components.aurora_data_platform.observability.alarms.catalogue import ALARM_CATALOGUE
from components.aurora_data_platform.observability.dashboard import body
from components.aurora_data_platform.observability.log_metrics import LOG_METRICS, REPAIRS
from components.aurora_data_platform.observability.notifications import (
    NotificationTopic,
    create_notifications,
    notify_of_events,
)
from components.aurora_data_platform.observability.rotation_monitoring import monitor_rotation
from components.aurora_data_platform.tags import resource_tags
from components.database_functions.setup import setup_event

CRITICAL_ALARM = "critical"
"""Key of the composite alarm."""


class Observability(pulumi.ComponentResource):
    """Monitors the database and notifies people.

    Creates:
        - the notification topic, its subscriptions and the RDS event subscriptions;
        - for each rotation: rules for its failures and for the age of its secret;
        - a metric of the differences that the daily check of databases and users repaired;
        - metrics counted from the PostgreSQL log, if it is exported;
        - the alarms of the catalogue that apply to the settings;
        - the composite alarm `critical`, in ALARM while any alarm on a critical state is;
        - a rule that notifies of alarms that return to OK;
        - the CloudWatch dashboard.

    Args:
        name: The platform's logical name, prefix of the children's.
        args: The platform's arguments.
        key_arn: KMS key of the topic.
        rotations: Rotations of the platform's secrets.
        setup: The setup of databases and users.
        log_group_name: Log group of the PostgreSQL log; None if it is not exported.
        instances: Instances of the cluster. Alarms are created after them; otherwise missing data
            would raise them at once.
        opts: Resource options.
    """

    topic_arn: pulumi.Output[str]
    """SNS topic of alarms and events."""
    dashboard_url: pulumi.Output[str | None]
    """URL of the dashboard; None in a partition whose console URL is unknown."""

    def __init__(
        self,
        name: str,
        args: AuroraDataPlatformArgs,
        *,
        key_arn: pulumi.Input[str],
        rotations: Sequence[RotationResources],
        setup: SetupResources,
        log_group_name: pulumi.Input[str] | None,
        instances: Sequence[pulumi.Resource],
        opts: pulumi.ResourceOptions,
    ) -> None:
        super().__init__(
            "aurora-data-platform:index:Observability", f"{name}-observability", None, opts
        )
        self._platform = name
        self._args = args
        self._settings = args.settings
        self._opts = pulumi.ResourceOptions(parent=self)
        topic = create_notifications(name, args, parent=self, key_arn=key_arn, instances=instances)
        self.topic_arn = topic.arn
        for rotation in rotations:
            monitor_rotation(args.settings, rotation, parent=self, topic=topic)
        self._count_repairs(setup)
        if log_group_name is not None:
            self._create_log_metrics(log_group_name)
        alarms = alarms_for(ALARM_CATALOGUE, args.settings)
        created = [self._create_alarm(alarm, instances) for alarm in alarms]
        self._create_composite(alarms, created)
        self._notify_of_recoveries(topic)
        self.dashboard_url = self._create_dashboard(alarms)
        self.register_outputs(
            {"dashboardUrl": self.dashboard_url, "notificationsTopicArn": self.topic_arn}
        )

    def _create_log_metrics(self, log_group_name: pulumi.Input[str]) -> None:
        for each in LOG_METRICS:
            aws.cloudwatch.LogMetricFilter(
                f"{self._platform}-log-metric-{each.key}",
                name=each.key,
                log_group_name=log_group_name,
                pattern=each.pattern,
                metric_transformation=aws.cloudwatch.LogMetricFilterMetricTransformationArgs(
                    name=each.metric.name,
                    namespace=self._settings.names.log_metrics,
                    value="1",
                    default_value="0",
                    unit="Count",
                ),
                opts=self._opts,
            )

    def _count_repairs(self, setup: SetupResources) -> None:
        aws.cloudwatch.LogMetricFilter(
            f"{self._platform}-setup-repairs",
            name="repairs",
            log_group_name=setup.log_group_name,
            pattern=f'{{ $.event = "{setup_event.EVENT}" }}',
            metric_transformation=aws.cloudwatch.LogMetricFilterMetricTransformationArgs(
                name=REPAIRS.name,
                namespace=setup.names.metrics,
                value=f"$.{setup_event.REPAIRED}",
                unit="Count",
            ),
            opts=self._opts,
        )

    def _create_alarm(
        self, alarm: PlatformAlarm, instances: Sequence[pulumi.Resource]
    ) -> aws.cloudwatch.MetricAlarm:
        row, settings, paging = alarm.row, self._settings, self._args.paging_topics
        # OK actions of these topics reach programs, which match them to open incidents.
        others: list[pulumi.Input[str]] = [
            *self._args.topics,
            *(paging if row.pages_directly else ()),
        ]
        actions = [self.topic_arn, *others]
        # The composite alarm does not notice missing data.
        missing = [self.topic_arn, *self._args.topics, *paging]
        return aws.cloudwatch.MetricAlarm(
            f"{self._platform}-alarm-{alarm.logical_suffix}",
            name=alarm.name,
            alarm_description=alarm.description,
            namespace=alarm.namespace,
            metric_name=row.metric.name,
            dimensions=dict(alarm.dimensions),
            statistic=row.statistic,
            comparison_operator=str(row.comparison),
            threshold=alarm.threshold,
            period=row.period_seconds,
            evaluation_periods=row.periods,
            datapoints_to_alarm=alarm.datapoints_to_alarm,
            treat_missing_data=str(row.missing_data),
            alarm_actions=actions,
            insufficient_data_actions=missing if row.notifies_on_missing_data else None,
            ok_actions=(others or None) if row.notifies_on_ok else None,
            tags=resource_tags(settings, alarm.name),
            opts=pulumi.ResourceOptions(parent=self, depends_on=list(instances)),
        )

    def _create_composite(
        self, alarms: list[PlatformAlarm], created: list[aws.cloudwatch.MetricAlarm]
    ) -> None:
        name, paging = self._settings.names.alarm(CRITICAL_ALARM), self._args.paging_topics
        aws.cloudwatch.CompositeAlarm(
            f"{self._platform}-alarm-{CRITICAL_ALARM}",
            alarm_name=name,
            alarm_description="critical: database unhealthy; see the state reason for the alarm. "
            f"Runbook: {runbook_url('critical.md', self._settings)}",
            alarm_rule=composite_rule(alarms),
            alarm_actions=[self.topic_arn, *paging],
            ok_actions=paging or None,
            tags=resource_tags(self._settings, name),
            opts=pulumi.ResourceOptions(parent=self, depends_on=list(created)),
        )

    def _notify_of_recoveries(self, topic: NotificationTopic) -> None:
        names = self._settings.names
        prefix = self._args.scope.arn("cloudwatch", f"alarm:{names.alarm_prefix}")
        notify_of_events(
            f"{self._platform}-recoveries",
            self._settings,
            parent=self,
            topic=topic,
            name=names.recoveries_rule,
            description=f"Alarms of {names.cluster} that return to OK",
            pattern=json.dumps(events.recovery_pattern(prefix)),
            message=aws.cloudwatch.EventTargetInputTransformerArgs(
                input_paths=dict(events.RECOVERY_PATHS), input_template=events.RECOVERY_TEXT
            ),
        )

    def _create_dashboard(self, alarms: list[PlatformAlarm]) -> pulumi.Output[str | None]:
        scope = self._args.scope
        created = aws.cloudwatch.Dashboard(
            f"{self._platform}-dashboard",
            dashboard_name=self._settings.names.dashboard,
            dashboard_body=json.dumps(body.dashboard_body(self._settings, scope, alarms)),
            opts=self._opts,
        )
        return created.dashboard_name.apply(lambda name: body.dashboard_url(name, scope))
