"""Defects of backups and snapshots."""

from typing import Any

from tests.operations.defects.deployed import CLUSTER, SHARED_KEY, Defect, Deployed


def declare_backups(outputs: dict[str, Any]) -> None:
    outputs["declaredState"]["backupPlan"] = {
        "schedule": "cron(0 5 ? * * *)",
        "vaultName": "dev-aurora-backups-ue2",
        "windowHours": 25,
    }


def snapshot_with_another_key(deployed: Deployed) -> None:
    rds = deployed.client("rds")
    rds.create_db_cluster_snapshot(
        DBClusterIdentifier=CLUSTER, DBClusterSnapshotIdentifier="by-hand"
    )
    key = deployed.client("kms").describe_key(KeyId=SHARED_KEY)["KeyMetadata"]["Arn"]
    rds.copy_db_cluster_snapshot(
        SourceDBClusterSnapshotIdentifier="by-hand",
        TargetDBClusterSnapshotIdentifier="by-hand-copy",
        KmsKeyId=key,
    )


def drop_snapshots(deployed: Deployed) -> None:
    for name in ("by-hand", "by-hand-copy"):
        deployed.client("rds").delete_db_cluster_snapshot(DBClusterSnapshotIdentifier=name)


DEFECTS = (
    Defect(
        "the backup retention is lowered",
        {"backup-retention": "3 days"},
        lambda d: d.modify(BackupRetentionPeriod=3),
        lambda d: d.modify(BackupRetentionPeriod=7),
    ),
    Defect(
        "the backup window is moved",
        {"backup-windows": "backup=06:00-07:00"},
        lambda d: d.modify(PreferredBackupWindow="06:00-07:00"),
        lambda d: d.modify(PreferredBackupWindow="03:00-04:00"),
    ),
    Defect(
        "the vault of the backup plan is deleted",
        {"recovery-point-recent": "does not exist"},
        declares=declare_backups,
    ),
)
