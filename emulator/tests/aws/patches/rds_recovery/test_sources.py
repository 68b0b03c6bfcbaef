"""Sources of restored clusters."""

from typing import Any

import pytest

from emulator.testing.requests import serverless_cluster_request
from emulator.tests.aws.requests import Rejection, rejection

pytestmark = pytest.mark.emulator


def test_a_snapshot_is_found_by_its_arn(rds: Any, name: str) -> None:
    rds.create_db_cluster(**serverless_cluster_request(name, DatabaseName="shop"))
    snapshot = rds.create_db_cluster_snapshot(
        DBClusterIdentifier=name, DBClusterSnapshotIdentifier=f"{name}-snapshot"
    )["DBClusterSnapshot"]
    restored = rds.restore_db_cluster_from_snapshot(
        DBClusterIdentifier=f"{name}-then",
        SnapshotIdentifier=snapshot["DBClusterSnapshotArn"],
        Engine="aurora-postgresql",
    )["DBCluster"]
    assert (restored["MasterUsername"], restored["DatabaseName"]) == ("platform", "shop")


def test_an_unknown_snapshot_is_rejected(rds: Any, name: str) -> None:
    rejected = rejection(
        rds.restore_db_cluster_from_snapshot,
        DBClusterIdentifier=name,
        SnapshotIdentifier=f"{name}-gone",
        Engine="aurora-postgresql",
    )
    assert rejected == Rejection(
        "DBClusterSnapshotNotFoundFault", f"DBClusterSnapshot not found: {name}-gone", 404
    )


@pytest.mark.parametrize("by", ["DBClusterArn", "DbClusterResourceId"])
def test_a_source_is_found_by_its_arn_and_its_resource_id(rds: Any, name: str, by: str) -> None:
    source = rds.create_db_cluster(**serverless_cluster_request(name))["DBCluster"]
    member = "SourceDBClusterIdentifier" if by == "DBClusterArn" else "SourceDbClusterResourceId"
    restored = rds.restore_db_cluster_to_point_in_time(
        DBClusterIdentifier=f"{name}-copy",
        UseLatestRestorableTime=True,
        RestoreType="copy-on-write",
        **{member: source[by]},
    )["DBCluster"]
    assert restored["MasterUsername"] == source["MasterUsername"]
    assert restored["DbClusterResourceId"] != source["DbClusterResourceId"]


def test_an_unknown_source_is_rejected(rds: Any, name: str) -> None:
    rejected = rejection(
        rds.restore_db_cluster_to_point_in_time,
        DBClusterIdentifier=name,
        SourceDBClusterIdentifier=f"{name}-gone",
        UseLatestRestorableTime=True,
    )
    assert (rejected.code, rejected.status) == ("DBClusterNotFoundFault", 404)


def test_a_resource_id_without_automated_backups_is_rejected(rds: Any, name: str) -> None:
    rejected = rejection(
        rds.restore_db_cluster_to_point_in_time,
        DBClusterIdentifier=name,
        SourceDbClusterResourceId="cluster-ABCDEFGHIJKLMNOPQRSTUVWXYZ",
        UseLatestRestorableTime=True,
    )
    assert (rejected.code, rejected.status) == ("DBClusterAutomatedBackupNotFoundFault", 404)
