"""Backup jobs and recovery points."""

from typing import Any, NamedTuple

import pytest

from emulator.testing.requests import serverless_cluster_request
from emulator.tests.aws.requests import Rejection, rejection

pytestmark = pytest.mark.emulator


class Protected(NamedTuple):
    """A cluster and a vault of the same name."""

    name: str
    cluster_arn: str
    role: str


@pytest.fixture
def protected(backup: Any, rds: Any, name: str, backup_role: str) -> Protected:
    cluster = rds.create_db_cluster(**serverless_cluster_request(name, DatabaseName="shop"))
    backup.create_backup_vault(BackupVaultName=name)
    return Protected(name, cluster["DBCluster"]["DBClusterArn"], backup_role)


def start(backup: Any, protected: Protected, **changes: Any) -> dict[str, Any]:
    return backup.start_backup_job(
        BackupVaultName=protected.name,
        ResourceArn=protected.cluster_arn,
        IamRoleArn=protected.role,
        **changes,
    )


def test_a_backup_job_keeps_the_cluster_as_a_snapshot(
    backup: Any, rds: Any, protected: Protected
) -> None:
    job = start(
        backup,
        protected,
        Lifecycle={"DeleteAfterDays": 90},
        RecoveryPointTags={"Environment": "test"},
    )
    done = backup.describe_backup_job(BackupJobId=job["BackupJobId"])
    assert (done["State"], done["ResourceType"]) == ("COMPLETED", "Aurora")
    (point,) = backup.list_recovery_points_by_backup_vault(
        BackupVaultName=protected.name, ByResourceArn=protected.cluster_arn
    )["RecoveryPoints"]
    arn = point["RecoveryPointArn"]
    snapshot_name = f"awsbackup:job-{job['BackupJobId']}"
    assert arn == f"arn:aws:rds:us-east-2:123456789012:cluster-snapshot:{snapshot_name}"
    kept = point["CalculatedLifecycle"]["DeleteAt"] - point["CreationDate"]
    assert (kept.days, point["Lifecycle"]) == (90, {"DeleteAfterDays": 90})
    (snapshot,) = rds.describe_db_cluster_snapshots(DBClusterSnapshotIdentifier=snapshot_name)[
        "DBClusterSnapshots"
    ]
    assert (snapshot["SnapshotType"], snapshot["TagList"]) == (
        "manual",
        [{"Key": "Environment", "Value": "test"}],
    )
    vault = backup.describe_backup_vault(BackupVaultName=protected.name)
    assert vault["NumberOfRecoveryPoints"] == 1


def test_the_jobs_of_a_vault_are_listed(backup: Any, protected: Protected) -> None:
    job = start(backup, protected)
    listed = backup.list_backup_jobs(ByBackupVaultName=protected.name)["BackupJobs"]
    assert [each["BackupJobId"] for each in listed] == [job["BackupJobId"]]
    failed = backup.list_backup_jobs(ByBackupVaultName=protected.name, ByState="FAILED")
    assert failed["BackupJobs"] == []


def test_a_recovery_point_outlives_its_cluster_and_is_restored(
    backup: Any, rds: Any, protected: Protected
) -> None:
    arn = start(backup, protected)["RecoveryPointArn"]
    rds.delete_db_cluster(DBClusterIdentifier=protected.name, SkipFinalSnapshot=True)
    points = backup.list_recovery_points_by_backup_vault(BackupVaultName=protected.name)
    assert [point["RecoveryPointArn"] for point in points["RecoveryPoints"]] == [arn]
    restored = rds.restore_db_cluster_from_snapshot(
        DBClusterIdentifier=protected.name, SnapshotIdentifier=arn, Engine="aurora-postgresql"
    )["DBCluster"]
    assert (restored["MasterUsername"], restored["DatabaseName"]) == ("platform", "shop")


def test_a_recovery_point_is_described_until_it_is_deleted(
    backup: Any, protected: Protected
) -> None:
    named = {
        "BackupVaultName": protected.name,
        "RecoveryPointArn": start(backup, protected)["RecoveryPointArn"],
    }
    found = backup.describe_recovery_point(**named)
    assert {key: found[key] for key in (*named, "ResourceArn", "Status")} == {
        **named,
        "ResourceArn": protected.cluster_arn,
        "Status": "COMPLETED",
    }
    backup.delete_recovery_point(**named)
    assert rejection(backup.describe_recovery_point, **named).code == "ResourceNotFoundException"


def test_a_vault_with_recovery_points_is_not_deleted(backup: Any, protected: Protected) -> None:
    arn = start(backup, protected)["RecoveryPointArn"]
    assert rejection(backup.delete_backup_vault, BackupVaultName=protected.name) == Rejection(
        "InvalidRequestException",
        "Backup vault cannot be deleted because it contains recovery points.",
    )
    backup.delete_recovery_point(BackupVaultName=protected.name, RecoveryPointArn=arn)
    backup.delete_backup_vault(BackupVaultName=protected.name)


@pytest.mark.parametrize(
    ("lifecycle", "message"),
    [
        ({"DeleteAfterDays": 7}, "Retention of 7 days is shorter than the vault's minimum of 30"),
        ({"DeleteAfterDays": 400}, "Retention of 400 days is longer than the vault's maximum of"),
        ({}, "Retention of 0 days is longer than the vault's maximum of 365 days"),
    ],
)
def test_a_retention_that_the_lock_does_not_allow_fails_the_job(
    backup: Any, protected: Protected, lifecycle: dict[str, int], message: str
) -> None:
    backup.put_backup_vault_lock_configuration(
        BackupVaultName=protected.name, MinRetentionDays=30, MaxRetentionDays=365
    )
    job = start(backup, protected, Lifecycle=lifecycle)
    found = backup.describe_backup_job(BackupJobId=job["BackupJobId"])
    assert found["State"] == "FAILED"
    assert found["StatusMessage"].startswith(message)
    assert "RecoveryPointArn" not in job


def test_a_locked_vault_keeps_its_recovery_points(backup: Any, protected: Protected) -> None:
    arn = start(backup, protected)["RecoveryPointArn"]
    backup.put_backup_vault_lock_configuration(BackupVaultName=protected.name, MinRetentionDays=7)
    rejected = rejection(
        backup.delete_recovery_point, BackupVaultName=protected.name, RecoveryPointArn=arn
    )
    assert rejected.code == "InvalidRequestException"
    backup.delete_backup_vault_lock_configuration(BackupVaultName=protected.name)
    backup.delete_recovery_point(BackupVaultName=protected.name, RecoveryPointArn=arn)


def test_a_job_needs_an_existing_cluster_and_a_role_of_aws_backup(
    backup: Any, protected: Protected
) -> None:
    gone = protected._replace(cluster_arn=f"{protected.cluster_arn}-gone")
    rejected = rejection(start, backup=backup, protected=gone)
    assert rejected.code == "InvalidParameterValueException"
    other = protected._replace(role=f"{protected.role}-gone")
    rejected = rejection(start, backup=backup, protected=other)
    assert rejected.message == f"IAM Role {other.role} cannot be assumed by AWS Backup"
