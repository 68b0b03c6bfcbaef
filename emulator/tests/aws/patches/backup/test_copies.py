"""Copies of recovery points in another region."""

from collections.abc import Callable
from typing import Any, NamedTuple

import pytest

from emulator.aws.server import RunningServer
from emulator.testing.requests import connect, serverless_cluster_request
from emulator.tests.aws.requests import rejection

pytestmark = pytest.mark.emulator

Client = Callable[[str], Any]
THERE = "us-west-2"


class Copied(NamedTuple):
    """A recovery point, and the vault of the same name in another region."""

    name: str
    point: str
    vault: str
    key: str
    role: str


@pytest.fixture
def there(server: RunningServer) -> Client:
    return lambda service: connect(service, server.url, THERE)


@pytest.fixture
def copied(backup: Any, rds: Any, there: Client, name: str, backup_role: str) -> Copied:
    cluster = rds.create_db_cluster(**serverless_cluster_request(name))["DBCluster"]
    backup.create_backup_vault(BackupVaultName=name)
    point = backup.start_backup_job(
        BackupVaultName=name,
        ResourceArn=cluster["DBClusterArn"],
        IamRoleArn=backup_role,
        Lifecycle={"DeleteAfterDays": 90},
        RecoveryPointTags={"Environment": "test"},
    )["RecoveryPointArn"]
    key = there("kms").create_key()["KeyMetadata"]["Arn"]
    vault = there("backup").create_backup_vault(BackupVaultName=name, EncryptionKeyArn=key)
    return Copied(name, point, vault["BackupVaultArn"], key, backup_role)


def copy(backup: Any, copied: Copied, **changes: Any) -> dict[str, Any]:
    started = backup.start_copy_job(
        **{
            "RecoveryPointArn": copied.point,
            "SourceBackupVaultName": copied.name,
            "DestinationBackupVaultArn": copied.vault,
            "IamRoleArn": copied.role,
            "Lifecycle": {"DeleteAfterDays": 35},
            **changes,
        }
    )
    return backup.describe_copy_job(CopyJobId=started["CopyJobId"])["CopyJob"]


def test_a_copy_is_a_snapshot_in_the_region_of_its_vault(
    backup: Any, there: Client, copied: Copied
) -> None:
    job = copy(backup, copied)
    name = f"awsbackup:copyjob-{job['CopyJobId']}"
    arn = f"arn:aws:rds:{THERE}:123456789012:cluster-snapshot:{name}"
    assert (job["State"], job["DestinationRecoveryPointArn"]) == ("COMPLETED", arn)
    (snapshot,) = there("rds").describe_db_cluster_snapshots(DBClusterSnapshotIdentifier=name)[
        "DBClusterSnapshots"
    ]
    assert (snapshot["DBClusterSnapshotArn"], snapshot["KmsKeyId"]) == (arn, copied.key)
    assert snapshot["TagList"] == [{"Key": "Environment", "Value": "test"}]
    (point,) = there("backup").list_recovery_points_by_backup_vault(BackupVaultName=copied.name)[
        "RecoveryPoints"
    ]
    assert (point["RecoveryPointArn"], point["Status"]) == (arn, "COMPLETED")
    kept = point["CalculatedLifecycle"]["DeleteAt"] - point["CreationDate"]
    assert (kept.days, point["Lifecycle"]) == (35, {"DeleteAfterDays": 35})


def test_a_copy_outlives_the_original_and_is_restored_there(
    backup: Any, rds: Any, there: Client, copied: Copied
) -> None:
    arn = copy(backup, copied)["DestinationRecoveryPointArn"]
    rds.delete_db_cluster(DBClusterIdentifier=copied.name, SkipFinalSnapshot=True)
    backup.delete_recovery_point(BackupVaultName=copied.name, RecoveryPointArn=copied.point)
    restored = there("rds").restore_db_cluster_from_snapshot(
        DBClusterIdentifier=copied.name, SnapshotIdentifier=arn, Engine="aurora-postgresql"
    )["DBCluster"]
    assert restored["DBClusterArn"] == f"arn:aws:rds:{THERE}:123456789012:cluster:{copied.name}"
    assert restored["MasterUsername"] == "platform"


def test_a_copy_that_the_lock_does_not_allow_fails_the_job(
    backup: Any, there: Client, copied: Copied
) -> None:
    there("backup").put_backup_vault_lock_configuration(
        BackupVaultName=copied.name, MinRetentionDays=60
    )
    job = copy(backup, copied)
    assert job["State"] == "FAILED"
    assert job["StatusMessage"].startswith("Retention of 35 days is shorter than the vault's")
    assert "DestinationRecoveryPointArn" not in job


def test_a_copy_needs_a_recovery_point_a_vault_and_a_role(backup: Any, copied: Copied) -> None:
    def rejected(**changes: str) -> str:
        return rejection(copy, backup=backup, copied=copied, **changes).code

    assert rejected(RecoveryPointArn=f"{copied.point}-gone") == "ResourceNotFoundException"
    assert rejected(DestinationBackupVaultArn=f"{copied.vault}gone") == "ResourceNotFoundException"
    assert rejected(IamRoleArn=f"{copied.role}-gone") == "InvalidParameterValueException"
    own = copied.vault.replace(THERE, "us-east-2")
    assert rejected(DestinationBackupVaultArn=own) == "InvalidRequestException"
    assert rejection(backup.describe_copy_job, CopyJobId="gone").code == (
        "ResourceNotFoundException"
    )
