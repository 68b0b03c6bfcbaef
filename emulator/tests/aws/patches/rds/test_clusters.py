from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from emulator.testing.requests import cluster_request, instance_request, serverless_cluster_request
from emulator.tests.aws.requests import Rejection, cluster_of, names_of_clusters, rejection

pytestmark = pytest.mark.emulator

_GRAMMAR = (
    "The parameter {} is not a valid identifier. Identifiers must begin with a letter; must "
    "contain only ASCII letters, digits, and hyphens; and must not end with a hyphen or contain "
    "two consecutive hyphens."
)


def _snapshots(rds: Any, cluster: str) -> list[dict[str, Any]]:
    return rds.describe_db_cluster_snapshots(DBClusterIdentifier=cluster)["DBClusterSnapshots"]


@pytest.fixture
def restores(rds: Any, name: str) -> tuple[Callable[..., object], ...]:
    """Return the two ways to restore a cluster that exists under another name."""
    source, snapshot = f"{name}-source", f"{name}-snapshot"
    rds.create_db_cluster(**cluster_request(source))
    rds.create_db_cluster_snapshot(DBClusterIdentifier=source, DBClusterSnapshotIdentifier=snapshot)
    return (
        partial(
            rds.restore_db_cluster_from_snapshot,
            SnapshotIdentifier=snapshot,
            Engine="aurora-postgresql",
        ),
        partial(
            rds.restore_db_cluster_to_point_in_time,
            SourceDBClusterIdentifier=source,
            UseLatestRestorableTime=True,
        ),
    )


@pytest.mark.parametrize("identifier", ["1st", "a--b", "a-", "a_b", "ä", "a.b", "a" * 64])
def test_an_identifier_that_breaks_the_grammar_is_rejected(
    rds: Any, restores: tuple[Callable[..., object], ...], identifier: str
) -> None:
    illegal = Rejection("InvalidParameterValue", _GRAMMAR.format("DBClusterIdentifier"))
    assert rejection(rds.create_db_cluster, **cluster_request(identifier)) == illegal
    for restore in restores:
        assert rejection(restore, DBClusterIdentifier=identifier) == illegal


def test_an_identifier_is_found_in_any_spelling(rds: Any, name: str) -> None:
    rds.create_db_cluster(**cluster_request(name.upper()))
    assert cluster_of(rds, name)["DBClusterIdentifier"] == name
    rds.modify_db_cluster(DBClusterIdentifier=name.title(), BackupRetentionPeriod=3)
    assert cluster_of(rds, name.upper())["BackupRetentionPeriod"] == 3
    rds.delete_db_cluster(DBClusterIdentifier=name.title(), SkipFinalSnapshot=True)
    assert name not in names_of_clusters(rds)


@pytest.mark.parametrize("spelling", [str.lower, str.upper])
def test_a_second_cluster_of_the_same_name_is_rejected_and_changes_nothing(
    rds: Any, name: str, spelling: Any
) -> None:
    rds.create_db_cluster(**cluster_request(name, DeletionProtection=True))
    before = cluster_of(rds, name)
    request = cluster_request(spelling(name), BackupRetentionPeriod=9)
    assert rejection(rds.create_db_cluster, **request) == Rejection(
        "DBClusterAlreadyExistsFault", "DB Cluster already exists"
    )
    assert cluster_of(rds, name) == before


def test_a_restore_to_an_identifier_in_use_is_rejected(
    rds: Any, name: str, restores: tuple[Callable[..., object], ...]
) -> None:
    rds.create_db_cluster(**cluster_request(name))
    before = cluster_of(rds, name)
    for restore in restores:
        assert rejection(restore, DBClusterIdentifier=name.upper()) == Rejection(
            "DBClusterAlreadyExistsFault", "DB Cluster already exists"
        )
    assert cluster_of(rds, name) == before


def test_a_deleted_cluster_can_be_created_again_immediately(
    rds: Any, name: str, restores: tuple[Callable[..., object], ...]
) -> None:
    resource_ids: set[str] = set()
    create = partial(rds.create_db_cluster, **cluster_request(name))
    for make in (create, create, *(partial(way, DBClusterIdentifier=name) for way in restores)):
        make()
        resource_ids.add(cluster_of(rds, name)["DbClusterResourceId"])
        rds.delete_db_cluster(
            DBClusterIdentifier=name, SkipFinalSnapshot=True, DeleteAutomatedBackups=False
        )
    assert len(resource_ids) == 4


@pytest.mark.parametrize("operation", ["modify_db_cluster", "promote_read_replica_db_cluster"])
def test_modifying_or_promoting_a_missing_cluster_is_rejected(
    rds: Any, name: str, operation: str
) -> None:
    assert rejection(getattr(rds, operation), DBClusterIdentifier=name) == Rejection(
        "DBClusterNotFoundFault", f"DBCluster {name} not found.", 404
    )


def test_a_stopped_cluster_cannot_be_modified(rds: Any, name: str) -> None:
    rds.create_db_cluster(**serverless_cluster_request(name))
    rds.create_db_instance(**instance_request(f"{name}-1", name))
    rds.stop_db_cluster(DBClusterIdentifier=name)
    modify = partial(rds.modify_db_cluster, DBClusterIdentifier=name, BackupRetentionPeriod=9)
    assert rejection(modify) == Rejection(
        "InvalidDBClusterStateFault", f"DbCluster {name} is in stopped state"
    )
    rds.start_db_cluster(DBClusterIdentifier=name)
    modify()
    assert cluster_of(rds, name)["BackupRetentionPeriod"] == 9


def test_a_rejected_rotation_of_a_managed_password_keeps_the_cluster(rds: Any, name: str) -> None:
    request = cluster_request(name, ManageMasterUserPassword=True)
    del request["MasterUserPassword"]
    rds.create_db_cluster(**request)
    assert rejection(
        rds.modify_db_cluster, DBClusterIdentifier=name, RotateMasterUserPassword=True
    ) == Rejection(
        "InvalidParameterCombination",
        "You must specify apply immediately when rotating the master user password.",
    )
    assert cluster_of(rds, name)["Status"] == "available"


@pytest.mark.parametrize(
    ("members", "rejected"),
    [
        (
            {},
            Rejection(
                "InvalidParameterCombination",
                "FinalDBSnapshotIdentifier is required unless SkipFinalSnapshot is specified.",
            ),
        ),
        (
            {"SkipFinalSnapshot": True, "FinalDBSnapshotIdentifier": "both"},
            Rejection(
                "InvalidParameterCombination",
                "FinalDBSnapshotIdentifier can not be specified when SkipFinalSnapshot is true.",
            ),
        ),
        (
            {"FinalDBSnapshotIdentifier": "final_snapshot"},
            Rejection("InvalidParameterValue", _GRAMMAR.format("FinalDBSnapshotIdentifier")),
        ),
        (
            {"FinalDBSnapshotIdentifier": "Taken"},
            Rejection(
                "DBClusterSnapshotAlreadyExistsFault",
                "Cannot create the cluster snapshot because Taken already exists.",
            ),
        ),
    ],
    ids=["neither", "both", "grammar", "taken"],
)
def test_an_invalid_deletion_is_rejected_by_aws(
    rds: Any, name: str, members: dict[str, Any], rejected: Rejection
) -> None:
    rds.create_db_cluster(**cluster_request(name))
    snapshot = {"DBClusterSnapshotIdentifier": "taken"}
    rds.create_db_cluster_snapshot(DBClusterIdentifier=name, **snapshot)
    assert rejection(rds.delete_db_cluster, DBClusterIdentifier=name, **members) == rejected
    rds.delete_db_cluster_snapshot(**snapshot)
    assert cluster_of(rds, name)["Status"] == "available"


def test_a_protected_cluster_is_not_deleted(rds: Any, name: str) -> None:
    rds.create_db_cluster(**cluster_request(name, DeletionProtection=True))
    assert rejection(
        rds.delete_db_cluster, DBClusterIdentifier=name, SkipFinalSnapshot=True
    ) == Rejection(
        "InvalidParameterCombination",
        "Cannot delete protected Cluster, please disable deletion protection and try again.",
    )
    assert cluster_of(rds, name)["Status"] == "available"


def test_a_cluster_with_an_instance_is_not_deleted(rds: Any, name: str) -> None:
    rds.create_db_cluster(**serverless_cluster_request(name))
    rds.create_db_instance(**instance_request(f"{name}-1", name))
    assert rejection(
        rds.delete_db_cluster, DBClusterIdentifier=name, SkipFinalSnapshot=True
    ) == Rejection(
        "InvalidDBClusterStateFault",
        "Cluster cannot be deleted, it still contains DB instances in non-deleting state.",
    )
    assert cluster_of(rds, name)["Status"] == "available"


def test_deleting_a_missing_cluster_is_rejected(rds: Any, name: str) -> None:
    assert rejection(
        rds.delete_db_cluster, DBClusterIdentifier=name, SkipFinalSnapshot=True
    ) == Rejection("DBClusterNotFoundFault", f"DBCluster {name} not found.", 404)


@pytest.mark.parametrize(
    ("members", "kinds"),
    [({}, []), ({"DeleteAutomatedBackups": False}, ["automated"])],
    ids=["by default", "kept on request"],
)
def test_a_deletion_is_reported_and_removes_automated_snapshots(
    rds: Any, name: str, members: dict[str, Any], kinds: list[str]
) -> None:
    rds.create_db_cluster(**cluster_request(name))
    deleted = rds.delete_db_cluster(DBClusterIdentifier=name, SkipFinalSnapshot=True, **members)
    assert deleted["DBCluster"]["Status"] == "deleting"
    assert [snapshot["SnapshotType"] for snapshot in _snapshots(rds, name)] == kinds


def test_a_final_snapshot_carries_what_its_cluster_was(rds: Any, name: str, network: Any) -> None:
    rds.create_db_cluster(
        **cluster_request(
            name,
            DBSubnetGroupName=network.subnet_group,
            StorageType="aurora-iopt1",
            EnableIAMDatabaseAuthentication=True,
        )
    )
    cluster = cluster_of(rds, name)
    rds.delete_db_cluster(DBClusterIdentifier=name, FinalDBSnapshotIdentifier=f"{name}-Final")
    (snapshot,) = _snapshots(rds, name)
    assert snapshot["DBClusterSnapshotIdentifier"] == f"{name}-final"
    assert snapshot["SnapshotType"] == "manual"
    for member in ("DbClusterResourceId", "EngineMode", "StorageType", "EngineVersion"):
        assert snapshot[member] == cluster[member]
    assert snapshot["AvailabilityZones"] == cluster["AvailabilityZones"]
    assert snapshot["IAMDatabaseAuthenticationEnabled"] is True
    assert snapshot["VpcId"] == network.vpc_id
