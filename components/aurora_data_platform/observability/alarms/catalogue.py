"""The alarm catalogue: every alarm a platform can have, a row each."""

from components.aurora_data_platform.observability import log_metrics
from components.aurora_data_platform.observability.alarms import thresholds
from components.aurora_data_platform.observability.alarms.alarm import (
    Alarm,
    Comparison,
    Condition,
    Severity,
    Threshold,
)
from components.aurora_data_platform.observability.metrics import Metric
from components.aurora_data_platform.observability.scopes import Scope
from components.aurora_data_platform.settings.model import PlatformSettings
from components.aurora_data_platform.settings.types import LogType

HOUR, DAY = 3600, 86_400


def _fixed(value: float) -> Threshold:
    return lambda _: value


def _has_readers(s: PlatformSettings) -> bool:
    return s.instance_count > 1


def _exports_log(s: PlatformSettings) -> bool:
    return LogType.POSTGRESQL in s.log_exports


def _replicates_logically(s: PlatformSettings) -> bool:
    return any(
        parameter.name == "rds.logical_replication" and parameter.value == "1"
        for parameter in s.applied_parameters
    )


def _both(*conditions: Condition) -> Condition:
    return lambda s: all(condition(s) for condition in conditions)


ALARM_CATALOGUE: tuple[Alarm, ...] = (
    Alarm(
        key="writer-silent",
        title="the writer publishes no metrics: it is down, or AWS cannot reach it",
        metric=Metric("EngineUptime", Scope.WRITER),
        statistic="Minimum",
        threshold=_fixed(0),
        comparison=Comparison.BELOW,
        severity=Severity.CRITICAL,
        missing_breaches=True,
        # A paused cluster is silent, too.
        applies=lambda s: s.aurora_min_capacity > 0,
    ),
    Alarm(
        key="capacity-ceiling",
        title="the writer has reached auroraMaxCapacity and cannot grow",
        metric=Metric("ServerlessDatabaseCapacity", Scope.WRITER),
        statistic="Average",
        threshold=thresholds.ceiling_acu,
        severity=Severity.CRITICAL,
        in_development=True,
        applies=thresholds.can_scale,
    ),
    Alarm(
        key="reader-capacity-ceiling",
        title="readers have reached auroraMaxCapacity and cannot grow",
        metric=Metric("ServerlessDatabaseCapacity", Scope.READERS),
        statistic="Average",
        threshold=thresholds.ceiling_acu,
        severity=Severity.WARNING,
        applies=_both(_has_readers, thresholds.can_scale),
        runbook="capacity-ceiling",
    ),
    Alarm(
        key="memory-exhausted",
        title="the writer's memory is nearly used up at its greatest capacity",
        metric=Metric("FreeableMemory", Scope.WRITER),
        statistic="Minimum",
        threshold=thresholds.free_memory_bytes,
        comparison=Comparison.BELOW,
        severity=Severity.CRITICAL,
        in_development=True,
    ),
    Alarm(
        key="connections-exhausted",
        title="the writer will soon refuse connections",
        metric=Metric("DatabaseConnections", Scope.WRITER),
        statistic="Maximum",
        threshold=thresholds.connections_in_use,
        severity=Severity.CRITICAL,
        periods=2,
        in_development=True,
    ),
    Alarm(
        key="reader-connections-exhausted",
        title="a reader will soon refuse connections",
        metric=Metric("DatabaseConnections", Scope.READERS),
        statistic="Maximum",
        threshold=thresholds.connections_in_use,
        severity=Severity.WARNING,
        periods=2,
        applies=_has_readers,
        runbook="connections-exhausted",
    ),
    Alarm(
        key="transaction-ids-critical",
        title="transaction ids are half used up; at the end PostgreSQL takes no writes",
        metric=Metric("MaximumUsedTransactionIDs", Scope.WRITER),
        statistic="Maximum",
        threshold=_fixed(thresholds.TRANSACTION_IDS_CRITICAL),
        severity=Severity.CRITICAL,
        in_development=True,
        runbook="transaction-ids",
    ),
    Alarm(
        key="transaction-ids",
        title="autovacuum does not keep up with transaction ids",
        metric=Metric("MaximumUsedTransactionIDs", Scope.WRITER),
        statistic="Maximum",
        threshold=_fixed(thresholds.TRANSACTION_IDS_WARNING),
        severity=Severity.WARNING,
    ),
    Alarm(
        key="storage-limit",
        title="the volume comes near its largest size",
        metric=Metric("VolumeBytesUsed", Scope.CLUSTER),
        statistic="Average",
        threshold=thresholds.storage_bytes,
        severity=Severity.WARNING,
        period_seconds=HOUR,
        periods=1,
    ),
    Alarm(
        key="cpu-saturated",
        title="the writer uses nearly all CPU of its greatest capacity",
        metric=Metric("CPUUtilization", Scope.WRITER),
        statistic="Average",
        threshold=_fixed(thresholds.CPU_PERCENT),
        severity=Severity.WARNING,
    ),
    Alarm(
        key="load-above-cpus",
        title="more sessions are active than CPUs could serve",
        metric=Metric("DBLoad", Scope.INSTANCE),
        statistic="Average",
        threshold=thresholds.virtual_cpus,
        comparison=Comparison.ABOVE,
        severity=Severity.WARNING,
        applies=lambda s: s.performance_insights_enabled,
    ),
    Alarm(
        key="commit-latency",
        title="commits are slow",
        metric=Metric("CommitLatency", Scope.WRITER),
        statistic="Average",
        threshold=_fixed(thresholds.COMMIT_LATENCY_MILLISECONDS),
        severity=Severity.WARNING,
    ),
    Alarm(
        key="replica-lag",
        title="readers show old data",
        metric=Metric("AuroraReplicaLag", Scope.READERS),
        statistic="Maximum",
        threshold=_fixed(thresholds.REPLICA_LAG_MILLISECONDS),
        severity=Severity.WARNING,
        applies=_has_readers,
    ),
    Alarm(
        key="deadlocks",
        title="transactions block each other for ever and are cancelled",
        metric=Metric("Deadlocks", Scope.WRITER),
        statistic="Average",
        threshold=_fixed(0),
        comparison=Comparison.ABOVE,
        severity=Severity.WARNING,
        # One deadlock is retried; a pattern of them is a fault of the application.
        breaching=2,
    ),
    Alarm(
        key="replication-slot",
        title="a replication slot holds back log that nobody reads",
        metric=Metric("ReplicationSlotDiskUsage", Scope.WRITER),
        statistic="Maximum",
        threshold=_fixed(thresholds.SLOT_BYTES),
        severity=Severity.WARNING,
        applies=_replicates_logically,
    ),
    Alarm(
        key="login-failures",
        title="many logins are refused: an application with an old password, or somebody guessing",
        metric=log_metrics.LOGIN_FAILURES.metric,
        statistic="Sum",
        threshold=_fixed(20),
        severity=Severity.WARNING,
        recovers=False,
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
        recovers=False,
        periods=2,
        applies=_exports_log,
    ),
    Alarm(
        key="rotation-failed",
        title="Secrets Manager gave up a rotation of {secret}",
        metric=Metric("TriggeredRules", Scope.FAILED_ROTATIONS),
        statistic="Sum",
        threshold=_fixed(1),
        severity=Severity.CRITICAL,
        recovers=False,
        periods=1,
        in_development=True,
    ),
    Alarm(
        key="rotation-overdue",
        title="{secret} should have been rotated days ago",
        metric=log_metrics.DAYS_SINCE_ROTATION,
        statistic="Maximum",
        threshold=thresholds.rotation_age_days,
        severity=Severity.CRITICAL,
        period_seconds=DAY,
        periods=1,
        in_development=True,
    ),
    Alarm(
        key="rotation-function-errors",
        title="the rotation function of {secret} fails again and again",
        metric=Metric("Errors", Scope.FUNCTION),
        statistic="Sum",
        # Secrets Manager tries a step again: one failure that is mended by the next try is no news.
        threshold=_fixed(3),
        severity=Severity.WARNING,
        recovers=False,
        period_seconds=HOUR,
        periods=1,
        in_development=True,
        runbook="rotation-failed",
    ),
    Alarm(
        key="rotation-function-throttles",
        title="the rotation function of {secret} is not let run",
        metric=Metric("Throttles", Scope.FUNCTION),
        statistic="Sum",
        threshold=_fixed(3),
        severity=Severity.WARNING,
        recovers=False,
        period_seconds=HOUR,
        periods=1,
        runbook="rotation-failed",
    ),
    Alarm(
        key="rotation-dead-letters",
        title="an invocation of the rotation function of {secret} was given up",
        metric=Metric("ApproximateNumberOfMessagesVisible", Scope.DEAD_LETTERS),
        statistic="Maximum",
        threshold=_fixed(1),
        severity=Severity.WARNING,
        periods=1,
        runbook="rotation-failed",
    ),
)
"""In the order in which an on-call engineer asks. The database first, then what surrounds it."""
