"""Observability: what tells people how the database is."""

import json
from collections.abc import Sequence

import pulumi
import pulumi_aws as aws

from components.aurora_data_platform.credentials.rotation import WatchedRotation
from components.aurora_data_platform.observability.alarms import alarm
from components.aurora_data_platform.observability.alarms.alarm import PlatformAlarm
from components.aurora_data_platform.observability.alarms.catalogue import ALARM_CATALOGUE
from components.aurora_data_platform.observability.dashboard import body
from components.aurora_data_platform.observability.log_metrics import LOG_METRICS
from components.aurora_data_platform.observability.notifications import Notifications
from components.aurora_data_platform.observability.rotation_monitoring import RotationWatch
from components.aurora_data_platform.settings.model import PlatformSettings
from components.aurora_data_platform.tags import resource_tags


class Observability(pulumi.ComponentResource):
    """Watches the database, shows it and tells people.

    Creates:
        - what `Notifications` creates: topic, subscriptions, database events;
        - what `RotationWatch` creates for each rotation: rules for its failure and its age;
        - metrics counted from PostgreSQL's log, if it is exported;
        - the alarms of the catalogue that the settings call for;
        - the composite alarm `in-trouble`, on while any alarm on a critical state is;
        - the CloudWatch dashboard.

    Args:
        name: The platform's logical name, start of this part's and its children's.
        settings: The platform's settings.
        key_arn: Key of the topic.
        rotations: The rotations of the platform's secrets.
        log_group_name: Log group of PostgreSQL's log; None if it is not exported.
        instances: Instances of the cluster. Alarms are made after them: before, every silence would
            be one.

    Attributes:
        topic_arn: Topic of alarms and events.
        dashboard_url: Address in the CloudWatch console; None in a partition without a known one.
    """

    topic_arn: pulumi.Output[str]
    dashboard_url: pulumi.Output[str | None]

    def __init__(
        self,
        name: str,
        settings: PlatformSettings,
        *,
        key_arn: pulumi.Input[str],
        rotations: Sequence[WatchedRotation],
        log_group_name: pulumi.Input[str] | None,
        instances: list[pulumi.Resource],
        opts: pulumi.ResourceOptions,
    ) -> None:
        super().__init__(
            "aurora-data-platform:index:Observability", f"{name}-observability", None, opts
        )
        self._platform = name
        self._settings = settings
        self._inside = pulumi.ResourceOptions(parent=self)
        notifications = Notifications(
            name, settings, parent=self, key_arn=key_arn, instances=instances
        )
        self.topic_arn = notifications.topic_arn
        for rotation in rotations:
            RotationWatch(settings, parent=self, rotation=rotation, notifications=notifications)
        if log_group_name is not None:
            self._count_log_lines(log_group_name)
        wanted = alarm.of_platform(ALARM_CATALOGUE, settings)
        created = [self._create_alarm(each, instances) for each in wanted]
        self._create_composite(wanted, created)
        self.dashboard_url = self._create_dashboard(wanted)
        self.register_outputs(
            {"dashboardUrl": self.dashboard_url, "notificationsTopicArn": self.topic_arn}
        )

    def _count_log_lines(self, log_group_name: pulumi.Input[str]) -> None:
        names = self._settings.names
        for each in LOG_METRICS:
            aws.cloudwatch.LogMetricFilter(
                f"{self._platform}-log-metric-{each.key}",
                name=each.key,
                log_group_name=log_group_name,
                pattern=each.pattern,
                metric_transformation=aws.cloudwatch.LogMetricFilterMetricTransformationArgs(
                    name=each.metric.name,
                    namespace=names.log_metrics,
                    value="1",
                    default_value="0",
                    unit="Count",
                ),
                opts=self._inside,
            )

    def _create_alarm(
        self, alarm: PlatformAlarm, instances: list[pulumi.Resource]
    ) -> aws.cloudwatch.MetricAlarm:
        row = alarm.row
        actions: list[pulumi.Input[str]] = [
            self.topic_arn,
            *self._settings.notification_topic_arns,
            *(self._settings.paging_topic_arns if row.pages_by_itself else ()),
        ]
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
            treat_missing_data=alarm.treat_missing_data,
            alarm_actions=actions,
            ok_actions=actions if row.recovers else None,
            tags=resource_tags(self._settings, alarm.name),
            opts=pulumi.ResourceOptions(parent=self, depends_on=instances),
        )

    def _create_composite(
        self, wanted: list[PlatformAlarm], created: list[aws.cloudwatch.MetricAlarm]
    ) -> None:
        name = self._settings.names.alarm("in-trouble")
        actions = [self.topic_arn, *self._settings.paging_topic_arns]
        aws.cloudwatch.CompositeAlarm(
            f"{self._platform}-alarm-in-trouble",
            alarm_name=name,
            alarm_description="critical: the database is in trouble; the reason names the alarm. "
            f"Runbook: {alarm.page_address('in-trouble.md', self._settings)}",
            alarm_rule=alarm.trouble_rule(wanted),
            alarm_actions=actions,
            ok_actions=actions,
            tags=resource_tags(self._settings, name),
            opts=pulumi.ResourceOptions(parent=self, depends_on=list(created)),
        )

    def _create_dashboard(self, wanted: list[PlatformAlarm]) -> pulumi.Output[str | None]:
        settings = self._settings
        created = aws.cloudwatch.Dashboard(
            f"{self._platform}-dashboard",
            dashboard_name=settings.names.dashboard,
            dashboard_body=json.dumps(body.body(settings, wanted)),
            opts=self._inside,
        )
        return created.dashboard_name.apply(lambda known: body.url(known, settings.location))
