"""What the dashboard shows, a row for each chart."""

from collections.abc import Callable
from dataclasses import dataclass

from components.aurora_data_platform.aurora import max_connections
from components.aurora_data_platform.observability import log_metrics
from components.aurora_data_platform.observability.dashboard import prices
from components.aurora_data_platform.observability.metrics import Metric
from components.aurora_data_platform.observability.scopes import Scope
from components.aurora_data_platform.settings.model import PlatformSettings
from components.aurora_data_platform.settings.types import LogType

Mark = tuple[str, Callable[[PlatformSettings], float]]

HOURS_PER_MONTH = 730
"""AWS's own month in price examples."""


@dataclass(frozen=True)
class Line:
    """A metric in a chart.

    Attributes:
        metric: What is drawn; one line for each instance if it is an instance's.
        label: Its name in the legend.
        statistic: CloudWatch's statistic.
        factor: What it is multiplied by to come to the chart's unit.
    """

    metric: Metric
    label: str
    statistic: str = "Average"
    factor: int = 1


@dataclass(frozen=True)
class Chart:
    """A chart.

    Attributes:
        title: What it answers.
        unit: Unit of its axis.
        lines: What it draws; lines of readers are left out where there are none.
        marks: Settings that are drawn as horizontal lines.
        alarms: Keys of alarms whose thresholds are drawn, where the platform has them.
        applies: Whether a platform with these settings has it.
        period_seconds: Length of a point. Billed I/O is published every five minutes, nearly
            everything else more often.
        total_factor: If given, the sum of all lines times this is drawn instead of them.
    """

    title: str
    unit: str
    lines: tuple[Line, ...]
    marks: tuple[Mark, ...] = ()
    alarms: tuple[str, ...] = ()
    applies: Callable[[PlatformSettings], bool] = lambda _: True
    period_seconds: int = 300
    total_factor: Callable[[PlatformSettings], float | None] = lambda _: None


def _roles(name: str, statistic: str = "Average", label: str = "") -> tuple[Line, ...]:
    return tuple(
        Line(Metric(name, scope), f"{label} {scope.value}".strip(), statistic)
        for scope in (Scope.WRITER, Scope.READERS)
    )


def _of_cluster(**labels: str) -> tuple[Line, ...]:
    return tuple(Line(Metric(name, Scope.CLUSTER), label) for name, label in labels.items())


CHARTS: tuple[Chart, ...] = (
    Chart(
        "Capacity",
        "ACU",
        (
            *_roles("ServerlessDatabaseCapacity"),
            Line(Metric("ServerlessDatabaseCapacity", Scope.WRITER), "writer, peak", "Maximum"),
        ),
        marks=(
            ("auroraMaxCapacity", lambda s: s.aurora_max_capacity),
            ("auroraMinCapacity", lambda s: s.aurora_min_capacity),
        ),
        alarms=("capacity-ceiling",),
    ),
    Chart(
        "Share of the greatest capacity",
        "%",
        (*_roles("ACUUtilization", label="ACU"), *_roles("CPUUtilization", label="CPU")),
        alarms=("cpu-saturated",),
    ),
    Chart(
        "Connections",
        "connections",
        _roles("DatabaseConnections", "Maximum"),
        marks=(("max_connections", max_connections.effective),),
        alarms=("connections-exhausted",),
    ),
    Chart(
        "Load by wait",
        "active sessions",
        (
            Line(Metric("DBLoadCPU", Scope.INSTANCE), "on CPU"),
            Line(Metric("DBLoadNonCPU", Scope.INSTANCE), "waiting"),
        ),
        alarms=("load-above-cpus",),
        applies=lambda s: s.performance_insights_enabled,
    ),
    Chart(
        "Latency",
        "ms",
        (
            Line(Metric("CommitLatency", Scope.WRITER), "commit"),
            Line(Metric("ReadLatency", Scope.WRITER), "read", factor=1000),
            Line(Metric("WriteLatency", Scope.WRITER), "write", factor=1000),
        ),
        alarms=("commit-latency",),
    ),
    Chart(
        "Replica lag",
        "ms",
        (Line(Metric("AuroraReplicaLag", Scope.READERS), "readers, worst", "Maximum"),),
        alarms=("replica-lag",),
        applies=lambda s: s.instance_count > 1,
    ),
    Chart(
        "Free memory, counting what it can grow by",
        "bytes",
        _roles("FreeableMemory", "Minimum"),
        alarms=("memory-exhausted",),
    ),
    Chart("Buffer cache hits", "%", _roles("BufferCacheHitRatio")),
    Chart(
        "Transaction ids used",
        "transactions",
        (Line(Metric("MaximumUsedTransactionIDs", Scope.WRITER), "oldest", "Maximum"),),
        alarms=("transaction-ids", "transaction-ids-critical"),
    ),
    Chart(
        "Storage and backup billed",
        "bytes",
        _of_cluster(
            VolumeBytesUsed="volume",
            BackupRetentionPeriodStorageUsed="point-in-time recovery",
            SnapshotStorageUsed="snapshots",
            TotalBackupStorageBilled="backup billed",
        ),
    ),
    Chart(
        "I/O billed",
        "operations in 5 minutes",
        _of_cluster(VolumeReadIOPs="read", VolumeWriteIOPs="write"),
    ),
    Chart(
        "PostgreSQL log",
        "lines in 5 minutes",
        tuple(Line(each.metric, each.meaning, "Sum") for each in log_metrics.LOG_METRICS),
        alarms=("fatal-errors", "login-failures"),
        applies=lambda s: LogType.POSTGRESQL in s.log_exports,
    ),
    Chart(
        "Days since the last rotation",
        "days",
        (Line(log_metrics.DAYS_SINCE_ROTATION, "password", "Maximum"),),
        alarms=("rotation-overdue",),
        period_seconds=43_200,
    ),
    Chart(
        "Steps of rotations",
        "events in 5 minutes",
        (
            Line(Metric("Invocations", Scope.FUNCTION), "steps", "Sum"),
            Line(Metric("Errors", Scope.FUNCTION), "failed steps", "Sum"),
            Line(Metric("Throttles", Scope.FUNCTION), "throttled steps", "Sum"),
            Line(Metric("TriggeredRules", Scope.FAILED_ROTATIONS), "failed rotations", "Sum"),
        ),
    ),
    Chart(
        "Capacity cost, estimate for a month at this rate",
        "USD",
        (Line(Metric("ServerlessDatabaseCapacity", Scope.INSTANCE), "ACU"),),
        applies=lambda s: prices.acu_hour_usd(s) is not None,
        total_factor=lambda s: (prices.acu_hour_usd(s) or 0) * HOURS_PER_MONTH,
    ),
)
"""In the order in which an on-call engineer asks; money last."""
