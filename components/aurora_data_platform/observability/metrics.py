"""Metrics, by whom they are published and about what.

Names and dimensions: Amazon Aurora User Guide, Amazon CloudWatch metrics for Amazon Aurora and for
Performance Insights; AWS Lambda, Amazon SQS and Amazon EventBridge guides, metrics.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from components.aurora_data_platform.naming import Names
from components.aurora_data_platform.observability.scopes import Scope
from components.aurora_data_platform.observability.subjects import Subject

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
"""CloudWatch's unit of each metric of AWS's own that the platform uses."""

_OF_LOGS = {Scope.LOG: "Count", Scope.ROTATION_LOG: "None"}
"""Lines are counted; a day is no unit of CloudWatch's."""

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
        return _OF_LOGS.get(self.scope) or UNITS[self.name]

    def namespace(self, names: Names, subject: Subject) -> str:
        """Namespace that it is published in.

        Metrics of logs have no dimensions, so their namespaces tell platforms and rotations apart.
        """
        if self.scope is Scope.ROTATION_LOG and subject.rotation is not None:
            return subject.rotation.metrics
        if self.scope is Scope.LOG:
            return names.log_metrics
        return _NAMESPACES.get(self.scope, _DATABASE)

    def dimensions(self, names: Names, subject: Subject) -> Mapping[str, str]:
        """Dimensions by name."""
        cluster = {"DBClusterIdentifier": names.cluster}
        rotation = subject.rotation
        if rotation is not None:
            return {
                Scope.FUNCTION: {"FunctionName": rotation.function},
                Scope.DEAD_LETTERS: {"QueueName": rotation.dead_letters},
                Scope.FAILED_ROTATIONS: {"RuleName": rotation.failures_rule},
                Scope.ROTATION_LOG: dict[str, str](),
            }[self.scope]
        return {
            Scope.CLUSTER: cluster,
            # A role follows a failover; an instance does not.
            Scope.WRITER: {**cluster, "Role": "WRITER"},
            Scope.READERS: {**cluster, "Role": "READER"},
            Scope.INSTANCE: {"DBInstanceIdentifier": names.instance(subject.instance)},
            Scope.LOG: dict[str, str](),
        }[self.scope]
