"""Metrics, by whom they are published and about what.

Names and dimensions: Amazon Aurora User Guide, Amazon CloudWatch metrics for Amazon Aurora and for
Performance Insights; AWS Lambda, Amazon SQS and Amazon EventBridge guides, metrics.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from components.aurora_data_platform.naming import Names


class Scope(StrEnum):
    """What a metric is about; each needs its exact set of dimensions."""

    CLUSTER = "cluster"
    WRITER = "writer"
    READERS = "readers"
    INSTANCE = "instance"
    FUNCTION = "rotation function"
    DEAD_LETTERS = "dead letters of the rotation"
    FAILED_ROTATIONS = "rule for failed rotations"
    LOG = "lines of a log"


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
"""CloudWatch's unit of each metric that the platform uses; log lines are counted."""

_NAMESPACES = {
    Scope.FUNCTION: "AWS/Lambda",
    Scope.DEAD_LETTERS: "AWS/SQS",
    Scope.FAILED_ROTATIONS: "AWS/Events",
}
_DATABASE = "AWS/RDS"


@dataclass(frozen=True)
class Metric:
    """A metric of one of the platform's resources.

    Attributes:
        name: CloudWatch's name.
        scope: What it is about.
    """

    name: str
    scope: Scope

    @property
    def unit(self) -> str:
        """CloudWatch's unit."""
        return "Count" if self.scope is Scope.LOG else UNITS[self.name]

    def namespace(self, names: Names) -> str:
        """Namespace that it is published in."""
        if self.scope is Scope.LOG:
            # Metrics of a log have no dimensions, so the namespace tells platforms apart.
            return names.log_metrics
        return _NAMESPACES.get(self.scope, _DATABASE)

    def dimensions(self, names: Names, instance: int = 0) -> Mapping[str, str]:
        """Dimensions by name.

        Args:
            names: Physical names of the platform.
            instance: Number of the instance, for a metric of one.
        """
        cluster = {"DBClusterIdentifier": names.cluster}
        return {
            Scope.CLUSTER: cluster,
            # A role follows a failover; an instance does not.
            Scope.WRITER: {**cluster, "Role": "WRITER"},
            Scope.READERS: {**cluster, "Role": "READER"},
            Scope.INSTANCE: {"DBInstanceIdentifier": names.instance(instance)},
            Scope.FUNCTION: {"FunctionName": names.rotation_function},
            Scope.DEAD_LETTERS: {"QueueName": names.rotation_dead_letters},
            Scope.FAILED_ROTATIONS: {"RuleName": names.failed_rotations_rule},
            Scope.LOG: {},
        }[self.scope]
