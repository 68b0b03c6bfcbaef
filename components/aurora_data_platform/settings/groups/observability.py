"""Logs, metrics and alarms."""

from typing import Annotated

from pydantic import BaseModel, Field

from components.aurora_data_platform.settings.types import (
    LOG_RETENTION_DAYS,
    MONITORING_INTERVAL_SECONDS,
    PERFORMANCE_INSIGHTS_RETENTION_DAYS,
    AlarmProfile,
    EmailAddress,
    LogType,
    TopicArn,
    WebFolder,
    WholeNumber,
    one_of,
    setting,
    switch,
)


class ObservabilitySettings(BaseModel):
    """Logs, metrics and alarms."""

    log_exports: tuple[LogType, ...] = setting(
        (LogType.POSTGRESQL, LogType.IAM_DB_AUTH_ERROR),
        allowed="a list of postgresql, instance, iam-db-auth-error",
        why="Aurora PostgreSQL exports no other log (RDS API, EnableCloudwatchLogsExports); "
        "`upgrade` belongs to RDS for PostgreSQL",
        description="Logs that are sent to CloudWatch",
        config="array",
    )
    log_retention_days: Annotated[WholeNumber, one_of(LOG_RETENTION_DAYS)] = setting(
        365,
        allowed=", ".join(map(str, LOG_RETENTION_DAYS)),
        why="CloudWatch Logs API, PutRetentionPolicy",
        description="Days that the exported logs are kept",
        config="integer",
    )
    performance_insights_enabled: bool = switch(
        default=True,
        description="Collects database load (shown by CloudWatch Database Insights)",
    )
    performance_insights_retention_days: Annotated[
        WholeNumber, one_of(PERFORMANCE_INSIGHTS_RETENTION_DAYS)
    ] = setting(
        7,
        allowed="7, a multiple of 31 up to 713, or 731",
        why="RDS API, PerformanceInsightsRetentionPeriod; 7 is free of charge",
        description="Days that database load is kept",
        config="integer",
    )
    monitoring_interval_seconds: Annotated[WholeNumber, one_of(MONITORING_INTERVAL_SECONDS)] = (
        setting(
            60,
            allowed="0 (off), 1, 5, 10, 15, 30 or 60 seconds",
            why="RDS API, MonitoringInterval",
            description="Seconds between two points of Enhanced Monitoring",
            config="integer",
        )
    )
    alarm_profile: AlarmProfile = setting(
        AlarmProfile.PRODUCTION,
        allowed="production (every alarm) or development (what stops work)",
        why="the catalogue marks the alarms of each",
        description="Which alarms the platform has; see docs/alarms.md",
    )
    notification_emails: Annotated[tuple[EmailAddress, ...], Field(max_length=20)] = setting(
        (),
        allowed="at most 20 mail addresses",
        why="each is a subscription that somebody confirms by a link in a mail",
        description="Mail addresses that alarms and database events are sent to",
        config="array",
    )
    notification_topic_arns: Annotated[tuple[TopicArn, ...], Field(max_length=3)] = setting(
        (),
        allowed="at most 3 ARNs of SNS topics",
        why="an alarm takes five actions (CloudWatch API, AlarmActions)",
        description="Existing SNS topics that every alarm is sent to as well",
        config="array",
    )
    paging_topic_arns: Annotated[tuple[TopicArn, ...], Field(max_length=1)] = setting(
        (),
        allowed="at most one ARN of an SNS topic",
        why="an alarm takes five actions (CloudWatch API, AlarmActions)",
        description="Existing SNS topic for a database in trouble or a failed rotation only",
        config="array",
    )
    runbook_base_url: WebFolder = setting(
        "",
        allowed="an address that ends in a slash, or nothing",
        why="alarms append the page's name to it",
        description="Where docs/runbooks/alarms/ is published; alarms link there",
    )
    acu_hour_price_usd: Annotated[float, Field(ge=0, le=10, allow_inf_nan=False)] = setting(
        0.0,
        allowed="0 to 10 USD; 0 for the list price of the region, if it is known",
        why="the dashboard multiplies it by the capacity in use",
        description="Price of an ACU-hour in USD, for the dashboard's cost estimate",
    )
