"""CloudWatch metrics of the platform: namespaces, dimensions, units and targets.

Names and dimensions: Amazon Aurora User Guide, "Amazon CloudWatch metrics for Amazon Aurora" and
"for Performance Insights"; metrics pages of the AWS Lambda, Amazon SQS and Amazon EventBridge
guides.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from components.aurora_data_platform.naming import Names, RotationNames
from components.aurora_data_platform.settings.model import PlatformSettings


class MetricSource(StrEnum):
    """What publishes a metric; each needs its exact set of dimensions."""

    CLUSTER = "cluster"
    WRITER = "writer"
    READERS = "readers"
    INSTANCE = "instance"
    FUNCTION = "rotation function"
    DEAD_LETTERS = "dead-letter queue of the rotation"
    FAILED_ROTATIONS = "rule for failed rotations"
    LOG = "PostgreSQL log"
    ROTATION_LOG = "log of the rotation function"
    SETUP_FUNCTION = "setup function"
    SETUP_LOG = "log of the setup function"


@dataclass(frozen=True)
class MetricTarget:
    """One of several resources that a metric is published for, or the only one.

    Attributes:
        prefix: Prefix of an alarm's key.
        suffix: Suffix of an alarm's key.
        label: Suffix of a line's label.
        instance: Number of the instance, 0 for none.
        rotation: Names of the rotation, if it is one.
    """

    prefix: str = ""
    suffix: str = ""
    label: str = ""
    instance: int = 0
    rotation: RotationNames | None = None

    @property
    def required_rotation(self) -> RotationNames:
        """Names of the rotation.

        Raises:
            ValueError: The target is not a rotation.
        """
        if self.rotation is None:
            msg = "not a rotation"
            raise ValueError(msg)
        return self.rotation


@dataclass(frozen=True)
class _Source:
    """A row of the table of sources."""

    namespace: Callable[[Names, MetricTarget], str]
    dimensions: Callable[[Names, MetricTarget], Mapping[str, str]]
    targets: Callable[[PlatformSettings], Sequence[MetricTarget]] = lambda _: (MetricTarget(),)
    unit: str | None = None


def _instances(s: PlatformSettings) -> Sequence[MetricTarget]:
    several = s.instance_count > 1
    return [
        MetricTarget(suffix=f"-{n}", label=f" {n}" if several else "", instance=n)
        for n in range(1, s.instance_count + 1)
    ]


def _rotations(s: PlatformSettings) -> Sequence[MetricTarget]:
    texts = (("", ""), ("users-", ", users"))
    return [
        MetricTarget(prefix=prefix, label=label, rotation=rotation)
        for (prefix, label), rotation in zip(texts, s.rotations, strict=False)
    ]


def _aws(service: str) -> Callable[[Names, MetricTarget], str]:
    return lambda _names, _target: f"AWS/{service}"


def _cluster(names: Names, _: MetricTarget) -> dict[str, str]:
    return {"DBClusterIdentifier": names.cluster}


_SOURCES: Mapping[MetricSource, _Source] = {
    MetricSource.CLUSTER: _Source(_aws("RDS"), _cluster),
    # A role follows a failover, an instance does not.
    MetricSource.WRITER: _Source(_aws("RDS"), lambda n, t: {**_cluster(n, t), "Role": "WRITER"}),
    MetricSource.READERS: _Source(_aws("RDS"), lambda n, t: {**_cluster(n, t), "Role": "READER"}),
    MetricSource.INSTANCE: _Source(
        _aws("RDS"), lambda n, t: {"DBInstanceIdentifier": n.instance(t.instance)}, _instances
    ),
    MetricSource.FUNCTION: _Source(
        _aws("Lambda"), lambda _, t: {"FunctionName": t.required_rotation.function}, _rotations
    ),
    MetricSource.DEAD_LETTERS: _Source(
        _aws("SQS"), lambda _, t: {"QueueName": t.required_rotation.dead_letters}, _rotations
    ),
    MetricSource.FAILED_ROTATIONS: _Source(
        _aws("Events"), lambda _, t: {"RuleName": t.required_rotation.failures_rule}, _rotations
    ),
    # Metrics extracted from logs have no dimensions; their namespaces keep platforms apart.
    MetricSource.LOG: _Source(lambda n, _: n.log_metrics, lambda _n, _t: {}, unit="Count"),
    MetricSource.ROTATION_LOG: _Source(
        lambda _, t: t.required_rotation.metrics, lambda _n, _t: {}, _rotations, unit="None"
    ),
    MetricSource.SETUP_FUNCTION: _Source(
        _aws("Lambda"), lambda n, _: {"FunctionName": n.setup.function}
    ),
    MetricSource.SETUP_LOG: _Source(lambda n, _: n.setup.metrics, lambda _n, _t: {}, unit="Count"),
}

UNITS: Mapping[str, str] = {
    "ACUUtilization": "Percent",
    "ApproximateNumberOfMessagesVisible": "Count",
    "AuroraReplicaLag": "Milliseconds",
    "BackupRetentionPeriodStorageUsed": "Bytes",
    "BufferCacheHitRatio": "Percent",
    "CPUUtilization": "Percent",
    "CommitLatency": "Milliseconds",
    "DBLoad": "None",
    "DBLoadCPU": "None",
    "DBLoadNonCPU": "None",
    "DatabaseConnections": "Count",
    "Deadlocks": "Count/Second",
    "EngineUptime": "Seconds",
    "Errors": "Count",
    "FreeableMemory": "Bytes",
    "Invocations": "Count",
    "MaximumUsedTransactionIDs": "Count",
    "ReadLatency": "Seconds",
    "ReplicationSlotDiskUsage": "Bytes",
    "ServerlessDatabaseCapacity": "Count",
    "SnapshotStorageUsed": "Bytes",
    "Throttles": "Count",
    "TotalBackupStorageBilled": "Bytes",
    "TriggeredRules": "Count",
    "VolumeBytesUsed": "Bytes",
    "VolumeReadIOPs": "Count",
    "VolumeWriteIOPs": "Count",
    "WriteLatency": "Seconds",
}
"""Unit of each AWS metric in use."""

MINUTE, FIVE_MINUTES, HOUR, DAY = 60, 300, 3600, 86_400
_CADENCE_SECONDS: Mapping[str, int] = {
    "BackupRetentionPeriodStorageUsed": DAY,
    "DaysSinceRotation": DAY // 2,
    "SnapshotStorageUsed": DAY,
    "TotalBackupStorageBilled": DAY,
    "VolumeBytesUsed": HOUR,
    "VolumeReadIOPs": FIVE_MINUTES,
    "VolumeWriteIOPs": FIVE_MINUTES,
}
"""How often a metric is published, where that is less often than every minute."""


@dataclass(frozen=True)
class Metric:
    """A CloudWatch metric.

    Attributes:
        name: Name of the metric.
        source: What publishes it.
    """

    name: str
    source: MetricSource

    @property
    def unit(self) -> str:
        """Unit of the metric."""
        return _SOURCES[self.source].unit or UNITS[self.name]

    @property
    def cadence_seconds(self) -> int:
        """Interval between two data points."""
        return _CADENCE_SECONDS.get(self.name, MINUTE)

    def namespace(self, names: Names, target: MetricTarget) -> str:
        """Return the namespace."""
        return _SOURCES[self.source].namespace(names, target)

    def dimensions(self, names: Names, target: MetricTarget) -> Mapping[str, str]:
        """Return the dimensions by name."""
        return _SOURCES[self.source].dimensions(names, target)

    def targets(self, s: PlatformSettings) -> Sequence[MetricTarget]:
        """Return every resource of a platform that the metric is published for."""
        return _SOURCES[self.source].targets(s)
