"""The alarm catalogue: one row per alarm."""

from components.aurora_data_platform.observability import log_metrics
from components.aurora_data_platform.observability.alarms import thresholds
from components.aurora_data_platform.observability.alarms.alarm import (
    Alarm,
    Comparison,
    Condition,
    MissingData,
    Severity,
    Threshold,
)
from components.aurora_data_platform.observability.metrics import (
    DAY,
    HOUR,
    MINUTE,
    Metric,
    MetricSource,
)
from components.aurora_data_platform.settings.model import PlatformSettings
from components.aurora_data_platform.settings.types import LogType


def _fixed(value: float) -> Threshold:
    return lambda _: value


def _has_readers(s: PlatformSettings) -> bool:
    return s.instance_count > 1


def _exports_log(s: PlatformSettings) -> bool:
    return LogType.POSTGRESQL in s.log_exports


def _replicates_logically(s: PlatformSettings) -> bool:
    return any(
        parameter.name == "rds.logical_replication" and parameter.value == "1"
        for parameter in s.rds_parameters
    )


def _both(*conditions: Condition) -> Condition:
    return lambda s: all(condition(s) for condition in conditions)


ALARM_CATALOGUE: tuple[Alarm, ...] = (
    Alarm(
        key="writer-metrics-missing",
        title="the writer publishes no metrics: it is down, or AWS cannot reach it",
        metric=Metric("EngineUptime", MetricSource.WRITER),
        statistic="Minimum",
        threshold=_fixed(0),
        comparison=Comparison.BELOW,
        severity=Severity.CRITICAL,
        missing_data=MissingData.BREACHING,
        # With missing data, CloudWatch evaluates more periods than these (CloudWatch user guide,
        # "How alarm state is evaluated when data is missing"): short ones keep the delay short.
        period_seconds=MINUTE,
        periods=5,
        # A paused cluster publishes no metrics.
        applies=lambda s: s.aurora_min_capacity > 0,
    ),
    Alarm(
        key="max-capacity-reached",
        title="the writer has reached auroraMaxCapacity and cannot grow",
        metric=Metric("ServerlessDatabaseCapacity", MetricSource.WRITER),
        statistic="Average",
        threshold=thresholds.max_capacity_acu,
        severity=Severity.CRITICAL,
        in_development=True,
        applies=thresholds.can_scale,
    ),
    Alarm(
        key="reader-max-capacity-reached",
        title="readers have reached auroraMaxCapacity and cannot grow",
        metric=Metric("ServerlessDatabaseCapacity", MetricSource.READERS),
        statistic="Average",
        threshold=thresholds.max_capacity_acu,
        severity=Severity.WARNING,
        applies=_both(_has_readers, thresholds.can_scale),
        runbook="max-capacity-reached",
    ),
    Alarm(
        key="memory-exhausted",
        title="the writer is nearly out of memory at maximum capacity",
        metric=Metric("FreeableMemory", MetricSource.WRITER),
        statistic="Minimum",
        threshold=thresholds.free_memory_bytes,
        comparison=Comparison.BELOW,
        severity=Severity.CRITICAL,
        in_development=True,
    ),
    Alarm(
        key="connections-exhausted",
        title="the writer will soon reject connections",
        metric=Metric("DatabaseConnections", MetricSource.WRITER),
        statistic="Maximum",
        threshold=thresholds.connections_in_use,
        severity=Severity.CRITICAL,
        periods=2,
        in_development=True,
    ),
    Alarm(
        key="reader-connections-exhausted",
        title="a reader will soon reject connections",
        metric=Metric("DatabaseConnections", MetricSource.READERS),
        statistic="Maximum",
        threshold=thresholds.connections_in_use,
        severity=Severity.WARNING,
        periods=2,
        applies=_has_readers,
        runbook="connections-exhausted",
    ),
    Alarm(
        key="transaction-ids-critical",
        title="half of the transaction IDs are used; without any left, PostgreSQL rejects writes",
        metric=Metric("MaximumUsedTransactionIDs", MetricSource.WRITER),
        statistic="Maximum",
        threshold=_fixed(thresholds.TRANSACTION_IDS_CRITICAL),
        severity=Severity.CRITICAL,
        in_development=True,
        runbook="transaction-ids",
    ),
    Alarm(
        key="transaction-ids",
        title="autovacuum does not keep up with transaction ID consumption",
        metric=Metric("MaximumUsedTransactionIDs", MetricSource.WRITER),
        statistic="Maximum",
        threshold=_fixed(thresholds.TRANSACTION_IDS_WARNING),
        severity=Severity.WARNING,
    ),
    Alarm(
        key="storage-limit",
        title="the cluster volume approaches its maximum size",
        metric=Metric("VolumeBytesUsed", MetricSource.CLUSTER),
        statistic="Average",
        threshold=thresholds.storage_bytes,
        severity=Severity.WARNING,
        period_seconds=HOUR,
        periods=1,
    ),
    Alarm(
        key="cpu-saturated",
        title="the writer uses nearly all CPU at maximum capacity",
        metric=Metric("CPUUtilization", MetricSource.WRITER),
        statistic="Average",
        threshold=_fixed(thresholds.CPU_PERCENT),
        severity=Severity.WARNING,
    ),
    Alarm(
        key="load-above-cpus",
        title="more sessions are active than the vCPUs can serve",
        metric=Metric("DBLoad", MetricSource.INSTANCE),
        statistic="Average",
        threshold=thresholds.virtual_cpus,
        comparison=Comparison.ABOVE,
        severity=Severity.WARNING,
        applies=lambda s: s.performance_insights_enabled,
    ),
    Alarm(
        key="commit-latency",
        title="commit latency is high",
        metric=Metric("CommitLatency", MetricSource.WRITER),
        statistic="Average",
        threshold=_fixed(thresholds.COMMIT_LATENCY_MILLISECONDS),
        severity=Severity.WARNING,
    ),
    Alarm(
        key="replica-lag",
        title="replica lag is high",
        metric=Metric("AuroraReplicaLag", MetricSource.READERS),
        statistic="Maximum",
        threshold=_fixed(thresholds.REPLICA_LAG_MILLISECONDS),
        severity=Severity.WARNING,
        applies=_has_readers,
    ),
    Alarm(
        key="deadlocks",
        title="deadlocks detected",
        metric=Metric("Deadlocks", MetricSource.WRITER),
        statistic="Average",
        threshold=_fixed(0),
        comparison=Comparison.ABOVE,
        severity=Severity.WARNING,
        # Applications retry a single deadlock; repeated ones are a bug.
        breaching=2,
    ),
    Alarm(
        key="replication-slot",
        title="an inactive replication slot is retaining WAL",
        metric=Metric("ReplicationSlotDiskUsage", MetricSource.WRITER),
        statistic="Maximum",
        threshold=_fixed(thresholds.SLOT_BYTES),
        severity=Severity.WARNING,
        applies=_replicates_logically,
    ),
    Alarm(
        key="login-failures",
        title="many logins fail: an application with an old password, or a guessing attack",
        metric=log_metrics.LOGIN_FAILURES.metric,
        statistic="Sum",
        threshold=_fixed(20),
        severity=Severity.WARNING,
        notifies_on_ok=False,
        periods=1,
        applies=_exports_log,
    ),
    Alarm(
        key="fatal-errors",
        title="many sessions end with a fatal error",
        metric=log_metrics.FATAL_ERRORS.metric,
        statistic="Sum",
        threshold=_fixed(50),
        severity=Severity.WARNING,
        notifies_on_ok=False,
        periods=2,
        applies=_exports_log,
    ),
    Alarm(
        key="rotation-failed",
        title="rotation of {secret} failed",
        metric=Metric("TriggeredRules", MetricSource.FAILED_ROTATIONS),
        statistic="Sum",
        threshold=_fixed(1),
        severity=Severity.CRITICAL,
        notifies_on_ok=False,
        periods=1,
        in_development=True,
    ),
    Alarm(
        key="rotation-overdue",
        title="rotation of {secret} is overdue, or its age is not reported",
        metric=log_metrics.DAYS_SINCE_ROTATION,
        statistic="Maximum",
        threshold=thresholds.rotation_age_days,
        missing_data=MissingData.MISSING,
        severity=Severity.CRITICAL,
        period_seconds=DAY,
        periods=1,
        in_development=True,
    ),
    Alarm(
        key="rotation-function-errors",
        title="the rotation function of {secret} fails repeatedly",
        metric=Metric("Errors", MetricSource.FUNCTION),
        statistic="Sum",
        # Secrets Manager retries a failed step, so a single failure is no cause for concern.
        threshold=_fixed(3),
        severity=Severity.WARNING,
        notifies_on_ok=False,
        period_seconds=HOUR,
        periods=1,
        in_development=True,
        runbook="rotation-failed",
    ),
    Alarm(
        key="rotation-function-throttles",
        title="the rotation function of {secret} is being throttled",
        metric=Metric("Throttles", MetricSource.FUNCTION),
        statistic="Sum",
        threshold=_fixed(3),
        severity=Severity.WARNING,
        notifies_on_ok=False,
        period_seconds=HOUR,
        periods=1,
        runbook="rotation-failed",
    ),
    Alarm(
        key="rotation-dead-letters",
        title="an invocation of the rotation function of {secret} is in the dead-letter queue",
        metric=Metric("ApproximateNumberOfMessagesVisible", MetricSource.DEAD_LETTERS),
        statistic="Maximum",
        threshold=_fixed(1),
        severity=Severity.WARNING,
        periods=1,
        runbook="rotation-failed",
    ),
    Alarm(
        key="setup-failed",
        title="databases and users could not be compared with their declaration",
        metric=Metric("Errors", MetricSource.SETUP_FUNCTION),
        statistic="Sum",
        threshold=_fixed(1),
        severity=Severity.WARNING,
        notifies_on_ok=False,
        period_seconds=HOUR,
        periods=1,
        in_development=True,
    ),
    Alarm(
        key="users-repaired",
        title="databases or users differed from their declaration and were repaired",
        metric=log_metrics.REPAIRS,
        statistic="Sum",
        threshold=_fixed(1),
        severity=Severity.WARNING,
        notifies_on_ok=False,
        period_seconds=HOUR,
        periods=1,
        in_development=True,
        applies=lambda s: bool(s.users_check_schedule),
    ),
)
"""In the order in which an on-call engineer needs them: the database first."""
