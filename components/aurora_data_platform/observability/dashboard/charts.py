"""Charts of the dashboard, one row each."""

from collections.abc import Callable
from dataclasses import dataclass

from components.aurora_data_platform.observability import log_metrics
from components.aurora_data_platform.observability.dashboard import prices
from components.aurora_data_platform.observability.metrics import DAY, HOUR, Metric, MetricSource
from components.aurora_data_platform.settings.model import PlatformSettings
from components.aurora_data_platform.settings.types import LogType

Mark = tuple[str, Callable[[PlatformSettings], float]]

DAILY_CHART_DAYS = 14
"""Time range of charts with one data point per day."""
HOURS_PER_MONTH = 730
"""Hours per month in AWS's price examples."""


@dataclass(frozen=True)
class Line:
    """A metric in a chart.

    Attributes:
        metric: The metric; an instance's metric is one line per instance.
        label: Label in the legend.
        statistic: Statistic over a period.
        factor: Factor from the metric's unit to the chart's.
    """

    metric: Metric
    label: str
    statistic: str = "Average"
    factor: int = 1


@dataclass(frozen=True)
class Chart:
    """A chart.

    Attributes:
        title: Title.
        unit: Label of the axis.
        lines: Lines; those of readers are left out if there are none.
        marks: Settings drawn as horizontal lines.
        alarms: Keys of alarms whose thresholds are drawn, if the platform has them.
        applies: Whether a platform with these settings has it.
        period_seconds: Period of a data point, in seconds; at least the interval between two data
            points of the metrics.
        days: Time range in days. Default: the dashboard's.
        total_factor: If given, the sum of all lines times this factor replaces them.
    """

    title: str
    unit: str
    lines: tuple[Line, ...]
    marks: tuple[Mark, ...] = ()
    alarms: tuple[str, ...] = ()
    applies: Callable[[PlatformSettings], bool] = lambda _: True
    period_seconds: int = 300
    days: int | None = None
    total_factor: Callable[[PlatformSettings], float | None] = lambda _: None


def _roles(name: str, statistic: str = "Average", label: str = "") -> tuple[Line, ...]:
    return tuple(
        Line(Metric(name, scope), f"{label} {scope.value}".strip(), statistic)
        for scope in (MetricSource.WRITER, MetricSource.READERS)
    )


def _of_cluster(**labels: str) -> tuple[Line, ...]:
    return tuple(Line(Metric(name, MetricSource.CLUSTER), label) for name, label in labels.items())


_PEAK_CAPACITY = Line(
    Metric("ServerlessDatabaseCapacity", MetricSource.WRITER), "writer, peak", "Maximum"
)
_FAILED_ROTATIONS = Line(
    Metric("TriggeredRules", MetricSource.FAILED_ROTATIONS), "failed rotations", "Sum"
)

CHARTS: tuple[Chart, ...] = (
    Chart(
        "Capacity",
        "ACU",
        (
            *_roles("ServerlessDatabaseCapacity"),
            Line(
                Metric("ServerlessDatabaseCapacity", MetricSource.WRITER), "writer, peak", "Maximum"
            ),
        ),
        marks=(
            ("auroraMaxCapacity", lambda s: s.aurora_max_capacity),
            ("auroraMinCapacity", lambda s: s.aurora_min_capacity),
        ),
        alarms=("max-capacity-reached",),
    ),
    Chart(
        "Utilization (% of maximum capacity)",
        "%",
        (*_roles("ACUUtilization", label="ACU"), *_roles("CPUUtilization", label="CPU")),
        alarms=("cpu-saturated",),
    ),
    Chart(
        "Connections",
        "connections",
        _roles("DatabaseConnections", "Maximum"),
        marks=(("max_connections", lambda s: s.effective_connections),),
        alarms=("connections-exhausted",),
    ),
    Chart(
        "DB load (CPU / waits)",
        "active sessions",
        (
            Line(Metric("DBLoadCPU", MetricSource.INSTANCE), "on CPU"),
            Line(Metric("DBLoadNonCPU", MetricSource.INSTANCE), "waiting"),
        ),
        alarms=("load-above-cpus",),
        applies=lambda s: s.performance_insights_enabled,
    ),
    Chart(
        "Latency",
        "ms",
        (
            Line(Metric("CommitLatency", MetricSource.WRITER), "commit"),
            Line(Metric("ReadLatency", MetricSource.WRITER), "read", factor=1000),
            Line(Metric("WriteLatency", MetricSource.WRITER), "write", factor=1000),
        ),
        alarms=("commit-latency",),
    ),
    Chart(
        "Replica lag",
        "ms",
        (Line(Metric("AuroraReplicaLag", MetricSource.READERS), "readers, worst", "Maximum"),),
        alarms=("replica-lag",),
        applies=lambda s: s.instance_count > 1,
    ),
    Chart(
        "Freeable memory",
        "bytes",
        _roles("FreeableMemory", "Minimum"),
        alarms=("memory-exhausted",),
    ),
    Chart("Buffer cache hits", "%", _roles("BufferCacheHitRatio")),
    Chart(
        "Transaction IDs used",
        "transactions",
        (Line(Metric("MaximumUsedTransactionIDs", MetricSource.WRITER), "oldest", "Maximum"),),
        alarms=("transaction-ids", "transaction-ids-critical"),
    ),
    Chart(
        "Storage",
        "bytes",
        _of_cluster(VolumeBytesUsed="volume"),
        period_seconds=HOUR,
    ),
    Chart(
        "Backups",
        "bytes",
        _of_cluster(
            BackupRetentionPeriodStorageUsed="automated backups",
            SnapshotStorageUsed="snapshots",
            TotalBackupStorageBilled="billed backup storage",
        ),
        period_seconds=DAY,
        days=DAILY_CHART_DAYS,
    ),
    Chart(
        "Billed I/O",
        "operations per 5 minutes",
        _of_cluster(VolumeReadIOPs="read", VolumeWriteIOPs="write"),
    ),
    Chart(
        "PostgreSQL log",
        "lines per 5 minutes",
        tuple(Line(each.metric, each.meaning, "Sum") for each in log_metrics.LOG_METRICS),
        alarms=("fatal-errors", "login-failures"),
        applies=lambda s: LogType.POSTGRESQL in s.log_exports,
    ),
    Chart(
        "Days since the last rotation",
        "days",
        (Line(log_metrics.DAYS_SINCE_ROTATION, "password", "Maximum"),),
        alarms=("rotation-overdue",),
        period_seconds=DAY,
        days=DAILY_CHART_DAYS,
    ),
    Chart(
        "Rotation invocations",
        "events per 5 minutes",
        (
            Line(Metric("Invocations", MetricSource.FUNCTION), "invocations", "Sum"),
            Line(Metric("Errors", MetricSource.FUNCTION), "errors", "Sum"),
            Line(Metric("Throttles", MetricSource.FUNCTION), "throttled invocations", "Sum"),
            Line(
                Metric("TriggeredRules", MetricSource.FAILED_ROTATIONS), "failed rotations", "Sum"
            ),
        ),
    ),
    Chart(
        "Capacity cost (estimate per month at this rate)",
        "USD",
        (Line(Metric("ServerlessDatabaseCapacity", MetricSource.INSTANCE), "ACU"),),
        applies=lambda s: prices.acu_hourly_usd(s) is not None,
        total_factor=lambda s: (prices.acu_hourly_usd(s) or 0) * HOURS_PER_MONTH,
    ),
)
"""In the order in which an on-call engineer needs them; cost last."""
