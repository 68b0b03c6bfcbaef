"""Automated backups of clusters."""

from moto.rds.models import DBCluster

from emulator.aws.moto_adapter.call import Answer, Call, Proceed, answer
from emulator.aws.registry import patch_operations

_COPIED = {
    "AllocatedStorage": "allocated_storage",
    "AvailabilityZones": "availability_zones",
    "BackupRetentionPeriod": "backup_retention_period",
    "ClusterCreateTime": "cluster_create_time",
    "DBClusterArn": "db_cluster_arn",
    "DBClusterIdentifier": "db_cluster_identifier",
    "DbClusterResourceId": "db_cluster_resource_id",
    "Engine": "engine",
    "EngineMode": "engine_mode",
    "EngineVersion": "engine_version",
    "IAMDatabaseAuthenticationEnabled": "iam_database_authentication_enabled",
    "KmsKeyId": "kms_key_id",
    "MasterUsername": "master_username",
    "Port": "port",
    "StorageEncrypted": "storage_encrypted",
}
"""Members of DBClusterAutomatedBackup that are those of the cluster, and moto's names of them."""


@patch_operations(
    "rds:DescribeDBClusterAutomatedBackups",
    moto_behaviour="not implemented",
    aws="every cluster that keeps backups has one automated backup, with the window of times to "
    "which it can be restored",
    source="RDS API reference, DescribeDBClusterAutomatedBackups, DBClusterAutomatedBackup",
    test="rds_recovery/test_automated_backups::test_a_cluster_has_one_automated_backup",
)
def describe_automated_backups(call: Call, proceed: Proceed) -> Answer:
    """Return the automated backups of the clusters that exist."""
    del proceed
    wanted = {
        "db_cluster_resource_id": call.params.get("DbClusterResourceId"),
        "db_cluster_identifier": call.params.get("DBClusterIdentifier"),
    }
    found = [
        cluster
        for cluster in call.rds.clusters.values()
        if cluster.backup_retention_period
        and all(value in (None, getattr(cluster, name)) for name, value in wanted.items())
    ]
    return answer({"DBClusterAutomatedBackups": [_backup(call, each) for each in found]})


def _backup(call: Call, cluster: DBCluster) -> dict[str, object]:
    identity = str(cluster.resource_id).removeprefix("cluster-").lower()
    return {
        **{member: getattr(cluster, name, None) for member, name in _COPIED.items()},
        "DBClusterAutomatedBackupsArn": (
            f"arn:{call.partition}:rds:{call.region}:{call.account_id}:"
            f"cluster-auto-backup:ab-{identity}"
        ),
        "Region": call.region,
        "RestoreWindow": {
            "EarliestTime": cluster.earliest_restorable_time,
            "LatestTime": cluster.latest_restorable_time,
        },
        "Status": "active",
    }
