"""Logs, metrics and alarms."""

from typing import Annotated, Literal

from pydantic import Field

from components.aurora_data_platform.settings.types import (
    LOG_RETENTION_DAYS,
    MAX_NOTIFICATION_TOPICS,
    MONITORING_INTERVAL_SECONDS,
    PERFORMANCE_INSIGHTS_RETENTION_DAYS,
    AlarmProfile,
    DatabaseInsightsMode,
    EmailAddress,
    FolderUrl,
    LogType,
    SettingsGroup,
    TopicArn,
    WholeNumber,
    flag,
    one_of,
    setting,
)

_ALARM_ACTIONS = "an alarm accepts at most five actions (CloudWatch API, AlarmActions)"


class ObservabilitySettings(SettingsGroup):
    """Logs, metrics and alarms."""

    log_exports: Annotated[
        tuple[LogType, ...],
        setting(
            "a list of postgresql, instance, iam-db-auth-error",
            "Aurora PostgreSQL exports no other log (RDS API, EnableCloudwatchLogsExports); "
            "`upgrade` belongs to RDS for PostgreSQL",
            config_type="array",
        ),
    ] = (LogType.POSTGRESQL, LogType.IAM_DB_AUTH_ERROR)
    """Logs exported to CloudWatch Logs."""
    log_retention_days: Annotated[
        WholeNumber,
        one_of(LOG_RETENTION_DAYS),
        setting(", ".join(map(str, LOG_RETENTION_DAYS)), "CloudWatch Logs API, PutRetentionPolicy"),
    ] = 365
    """Retention of the exported logs, in days."""
    performance_insights_enabled: Annotated[bool, flag()] = True
    """Collect database load, shown by CloudWatch Database Insights."""
    performance_insights_retention_days: Annotated[
        WholeNumber,
        one_of(PERFORMANCE_INSIGHTS_RETENTION_DAYS),
        setting(
            "7, a multiple of 31 up to 713, or 731",
            "RDS API, PerformanceInsightsRetentionPeriod; 7 is free of charge",
        ),
    ] = 7
    """Retention of database load, in days."""
    database_insights_mode: Annotated[DatabaseInsightsMode, setting("standard or advanced")] = (
        DatabaseInsightsMode.STANDARD
    )
    """Mode of CloudWatch Database Insights. advanced adds execution plans, lock analysis and fleet
    views, for a charge per ACU-hour."""
    monitoring_interval_seconds: Annotated[
        WholeNumber,
        one_of(MONITORING_INTERVAL_SECONDS),
        setting("0 (off), 1, 5, 10, 15, 30 or 60 seconds", "RDS API, MonitoringInterval"),
    ] = 60
    """Enhanced Monitoring interval, in seconds."""
    alarm_profile: Annotated[
        AlarmProfile, setting("production (every alarm) or development (outage alarms only)")
    ] = AlarmProfile.PRODUCTION
    """Which alarms are created; see docs/alarms.md."""
    notification_emails: Annotated[
        tuple[EmailAddress, ...],
        Field(max_length=20),
        setting("at most 20 email addresses", config_type="array"),
    ] = ()
    """Email addresses notified of alarms and database events. SNS asks each recipient to confirm
    the subscription."""
    notification_topic_arns: Annotated[
        tuple[TopicArn, ...],
        Field(max_length=MAX_NOTIFICATION_TOPICS),
        setting(
            f"at most {MAX_NOTIFICATION_TOPICS} SNS topic ARNs",
            _ALARM_ACTIONS,
            config_type="array",
        ),
    ] = ()
    """Additional SNS topics notified of every alarm."""
    paging_topic_arn: Annotated[
        TopicArn | Literal[""], setting("one SNS topic ARN, or empty", _ALARM_ACTIONS)
    ] = ""
    """SNS topic notified of critical states and failed rotations only."""
    runbook_base_url: Annotated[
        FolderUrl,
        setting("a URL ending in a slash, or empty", "page names are appended to it"),
    ] = ""
    """URL at which docs/runbooks/alarms/ is published, for links in notifications."""
    acu_hourly_price_usd: Annotated[
        float,
        Field(ge=0, le=10),
        setting("0 to 10 USD; 0 for the region's list price, if it is known"),
    ] = 0.0
    """Price of an ACU-hour in USD, for the cost estimate on the dashboard."""
