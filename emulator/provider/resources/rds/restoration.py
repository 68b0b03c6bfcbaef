"""RDS: creation of a cluster from a snapshot or another cluster.

The calls are those of hashicorp/terraform-provider-aws, internal/service/rds/cluster.go,
resourceClusterCreate: what the restore does not accept is set afterwards by ModifyDBCluster. A
snapshot's restore does not send iamDatabaseAuthenticationEnabled, so that IAM authentication is off
until the next update.
"""

from collections.abc import Mapping

from emulator.provider.protocol.properties import Properties

_BOTH = frozenset(
    {
        "CopyTagsToSnapshot",
        "DBClusterIdentifier",
        "DBClusterParameterGroupName",
        "DBSubnetGroupName",
        "DeletionProtection",
        "EnableCloudwatchLogsExports",
        "KmsKeyId",
        "MonitoringInterval",
        "MonitoringRoleArn",
        "NetworkType",
        "Port",
        "StorageType",
        "Tags",
        "VpcSecurityGroupIds",
    }
)
_SENT: Mapping[str, frozenset[str]] = {
    "restore_db_cluster_from_snapshot": _BOTH
    | {
        "AvailabilityZones",
        "DatabaseName",
        "Engine",
        "EngineLifecycleSupport",
        "EngineMode",
        "EngineVersion",
    },
    "restore_db_cluster_to_point_in_time": _BOTH | {"EnableIAMDatabaseAuthentication"},
}
"""Members of the create request that each restore sends as well."""

_SENT_AFTERWARDS = frozenset(
    {
        "BackupRetentionPeriod",
        "ManageMasterUserPassword",
        "MasterUserPassword",
        "MasterUserSecretKmsKeyId",
        "PreferredBackupWindow",
        "PreferredMaintenanceWindow",
        "ServerlessV2ScalingConfiguration",
    }
)

_MEMBERS = {
    "restoreToTime": "RestoreToTime",
    "restoreType": "RestoreType",
    "sourceClusterIdentifier": "SourceDBClusterIdentifier",
    "sourceClusterResourceId": "SourceDbClusterResourceId",
    "useLatestRestorableTime": "UseLatestRestorableTime",
}
"""Request members of a point in time."""


def operation(inputs: Properties) -> str | None:
    """Return the operation that restores a cluster; None for a new cluster."""
    if inputs.get("snapshotIdentifier"):
        return "restore_db_cluster_from_snapshot"
    if inputs.get("restoreToPointInTime"):
        return "restore_db_cluster_to_point_in_time"
    return None


def restore_request(inputs: Properties, creation: Properties) -> Properties:
    """Return the request of `operation`.

    Args:
        inputs: The cluster's inputs, which have a source.
        creation: The request that would create a new cluster.
    """
    name = operation(inputs) or ""
    sent = {member: value for member, value in creation.items() if member in _SENT[name]}
    if inputs.get("snapshotIdentifier"):
        return {**sent, "SnapshotIdentifier": inputs["snapshotIdentifier"]}
    source = inputs["restoreToPointInTime"]
    return {**sent, **{_MEMBERS[key]: value for key, value in source.items() if value}}


def changes_afterwards(creation: Properties) -> Properties:
    """Return what ModifyDBCluster sets once the restored cluster is available."""
    return {member: value for member, value in creation.items() if member in _SENT_AFTERWARDS}
