"""Defects of logs, metrics, alarms and notifications."""

from tests.operations.defects.deployed import CLUSTER, INSTANCE, Defect, Deployed

POSTGRESQL_LOG = f"/aws/rds/cluster/{CLUSTER}/postgresql"
ALARM = f"{CLUSTER}-connections-exhausted"


def delete_log_group(deployed: Deployed) -> None:
    deployed.client("logs").delete_log_group(logGroupName=POSTGRESQL_LOG)


def _create_log_group(deployed: Deployed) -> None:
    logs = deployed.client("logs")
    logs.create_log_group(logGroupName=POSTGRESQL_LOG, kmsKeyId=deployed.outputs["kmsKeyArn"])
    logs.put_retention_policy(logGroupName=POSTGRESQL_LOG, retentionInDays=30)


def delete_topic(deployed: Deployed) -> None:
    sns, arn = deployed.client("sns"), deployed.outputs["notificationsTopicArn"]
    attributes = sns.get_topic_attributes(TopicArn=arn)["Attributes"]
    deployed.found["topic"] = {name: attributes[name] for name in ("Policy", "KmsMasterKeyId")}
    sns.delete_topic(TopicArn=arn)


def _create_topic(deployed: Deployed) -> None:
    name = deployed.outputs["notificationsTopicArn"].rpartition(":")[2]
    deployed.client("sns").create_topic(Name=name, Attributes=deployed.found["topic"])


def _delete_alarm(deployed: Deployed) -> None:
    cloudwatch = deployed.client("cloudwatch")
    (row,) = cloudwatch.describe_alarms(AlarmNames=[ALARM])["MetricAlarms"]
    read_only = ("AlarmArn", "AlarmConfigurationUpdatedTimestamp", "StateTransitionedTimestamp")
    state = [name for name in row if name.startswith("State") and name != "Statistic"]
    deployed.found["alarm"] = {
        name: value for name, value in row.items() if name not in (*read_only, *state)
    }
    cloudwatch.delete_alarms(AlarmNames=[ALARM])


def _subscribe(deployed: Deployed) -> None:
    deployed.client("sns").subscribe(
        TopicArn=deployed.outputs["notificationsTopicArn"],
        Protocol="email",
        Endpoint="on-call@example.com",
    )


DEFECTS = (
    Defect(
        "a log group is deleted",
        {"log-groups": "iam-db-auth-error", "logs-received": "does not exist"},
        delete_log_group,
        _create_log_group,
    ),
    Defect(
        "the topic is deleted",
        {"alarm-recipients": "does not exist"},
        delete_topic,
        _create_topic,
    ),
    Defect(
        "Performance Insights is turned off",
        {"performance-insights": f"{INSTANCE}=off"},
        lambda d: d.modify_instance(EnablePerformanceInsights=False),
        lambda d: d.modify_instance(
            EnablePerformanceInsights=True,
            PerformanceInsightsKMSKeyId=d.outputs["kmsKeyArn"],
            PerformanceInsightsRetentionPeriod=7,
        ),
    ),
    Defect(
        "Enhanced Monitoring is made coarser",
        {"enhanced-monitoring": f"{INSTANCE}=every 30 s"},
        lambda d: d.modify_instance(MonitoringInterval=30),
        lambda d: d.modify_instance(MonitoringInterval=60),
    ),
    Defect(
        "a log is no longer exported",
        {"log-exports": "postgresql"},
        lambda d: d.modify(
            CloudwatchLogsExportConfiguration={"DisableLogTypes": ["iam-db-auth-error"]}
        ),
        lambda d: d.modify(
            CloudwatchLogsExportConfiguration={"EnableLogTypes": ["iam-db-auth-error"]}
        ),
    ),
    Defect(
        "the retention of a log is shortened",
        {"log-groups": f"{POSTGRESQL_LOG}=1 days"},
        lambda d: d.client("logs").put_retention_policy(
            logGroupName=POSTGRESQL_LOG, retentionInDays=1
        ),
        lambda d: d.client("logs").put_retention_policy(
            logGroupName=POSTGRESQL_LOG, retentionInDays=30
        ),
    ),
    Defect(
        "an alarm is deleted",
        {"alarms-present": "9"},
        _delete_alarm,
        lambda d: d.client("cloudwatch").put_metric_alarm(**d.found["alarm"]),
    ),
    Defect(
        "an alarm is silenced",
        {"alarms-notify": f"not: {ALARM}"},
        lambda d: d.client("cloudwatch").disable_alarm_actions(AlarmNames=[ALARM]),
        lambda d: d.client("cloudwatch").enable_alarm_actions(AlarmNames=[ALARM]),
    ),
    Defect(
        "a recipient has not confirmed",
        {"alarm-recipients": "on-call@example.com=unconfirmed"},
        # SNS does not remove a pending subscription; nobody declares it in other tests.
        _subscribe,
        declares=lambda o: o["declaredState"].update(notificationEmails=["on-call@example.com"]),
    ),
    Defect(
        "a subscription is removed",
        {"alarm-recipients": "team@example.com=not subscribed"},
        declares=lambda o: o["declaredState"].update(notificationEmails=["team@example.com"]),
    ),
)
