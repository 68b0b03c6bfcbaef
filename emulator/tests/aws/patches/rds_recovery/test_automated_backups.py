from typing import Any

import pytest

from emulator.testing.requests import ACCOUNT_ID, serverless_cluster_request

pytestmark = pytest.mark.emulator


def test_a_cluster_has_one_automated_backup(rds: Any, name: str) -> None:
    cluster = rds.create_db_cluster(
        **serverless_cluster_request(name, BackupRetentionPeriod=7, StorageEncrypted=True)
    )["DBCluster"]
    (backup,) = rds.describe_db_cluster_automated_backups(
        DbClusterResourceId=cluster["DbClusterResourceId"]
    )["DBClusterAutomatedBackups"]
    window = backup.pop("RestoreWindow")
    assert {
        key: backup[key]
        for key in (
            *("DBClusterIdentifier", "DBClusterArn", "Status", "BackupRetentionPeriod", "Region"),
            *("StorageEncrypted", "Engine"),
        )
    } == {
        "DBClusterIdentifier": name,
        "DBClusterArn": f"arn:aws:rds:us-east-2:{ACCOUNT_ID}:cluster:{name}",
        "Status": "active",
        "BackupRetentionPeriod": 7,
        "Region": "us-east-2",
        "StorageEncrypted": True,
        "Engine": "aurora-postgresql",
    }
    assert window["EarliestTime"] <= window["LatestTime"]


def test_the_backups_of_another_cluster_are_left_out(rds: Any, name: str) -> None:
    rds.create_db_cluster(**serverless_cluster_request(name))
    found = rds.describe_db_cluster_automated_backups(DBClusterIdentifier=f"{name}-other")
    assert found["DBClusterAutomatedBackups"] == []
