"""Clusters that are restored, as with the official provider."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from emulator.tests.provider.engine import AbortedError, Engine

pytestmark = pytest.mark.emulator

CLUSTER = "aws:rds/cluster:Cluster"
SNAPSHOT_LOOKUP = "aws:rds/getClusterSnapshot:getClusterSnapshot"
SETTINGS = {
    "backupRetentionPeriod": 30,
    "deletionProtection": True,
    "iamDatabaseAuthenticationEnabled": True,
    "preferredBackupWindow": "03:00-04:00",
    "preferredMaintenanceWindow": "sun:04:00-sun:05:00",
    "serverlessv2ScalingConfiguration": {"minCapacity": 1, "maxCapacity": 8},
}


def inputs_of(name: str, **changes: Any) -> dict[str, Any]:
    return {
        "clusterIdentifier": name,
        "engine": "aurora-postgresql",
        "engineVersion": "17.7",
        "masterPassword": "correct-horse",
        **changes,
    }


@pytest.fixture
def source(engine: Engine, name: str) -> str:
    engine.create(
        CLUSTER, **inputs_of(f"{name}-source", masterUsername="platform", databaseName="shop")
    )
    return f"{name}-source"


@pytest.fixture
def snapshot(source: str, client: Callable[[str], Any]) -> str:
    client("rds").create_db_cluster_snapshot(
        DBClusterIdentifier=source, DBClusterSnapshotIdentifier=f"{source}-snapshot"
    )
    return f"{source}-snapshot"


def expected(**changes: Any) -> dict[str, Any]:
    return {**SETTINGS, "masterUsername": "platform", "databaseName": "shop", **changes}


def test_a_snapshots_restore_sets_everything_but_iam_authentication(
    engine: Engine, name: str, snapshot: str
) -> None:
    restored = engine.create(CLUSTER, **inputs_of(name, snapshotIdentifier=snapshot, **SETTINGS))
    wanted = expected(iamDatabaseAuthenticationEnabled=False)
    assert {key: restored.state[key] for key in wanted} == wanted
    changed = engine.diff(restored, **inputs_of(name, snapshotIdentifier=snapshot, **SETTINGS))
    assert list(changed.diffs) == ["iamDatabaseAuthenticationEnabled"]
    assert list(changed.replaces) == []


@pytest.mark.parametrize("method", ["full-copy", "copy-on-write"])
def test_a_restore_to_a_point_in_time_sets_everything(
    engine: Engine, name: str, source: str, method: str
) -> None:
    point = {
        "sourceClusterIdentifier": source,
        "restoreType": method,
        "useLatestRestorableTime": True,
    }
    inputs = inputs_of(name, restoreToPointInTime=point, **SETTINGS)
    restored = engine.create(CLUSTER, **inputs)
    assert {key: restored.state[key] for key in expected()} == expected()
    assert list(engine.diff(restored, **inputs).diffs) == []


def test_a_clone_of_a_time_is_rejected_by_aws(engine: Engine, name: str, source: str) -> None:
    point = {
        "sourceClusterIdentifier": source,
        "restoreType": "copy-on-write",
        "restoreToTime": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}",
    }
    with pytest.raises(AbortedError, match="RestoreToTime cannot be specified"):
        engine.create(CLUSTER, **inputs_of(name, restoreToPointInTime=point))


def test_adding_and_changing_a_source_replaces_and_only_a_snapshot_can_be_removed(
    engine: Engine, name: str, source: str, snapshot: str
) -> None:
    """terraform-aws-rds-aurora#392 and #545."""
    plain = engine.create(CLUSTER, **inputs_of(f"{name}-new", masterUsername="platform"))
    added = engine.diff(plain, **inputs_of(f"{name}-new", snapshotIdentifier=snapshot))
    assert "snapshotIdentifier" in added.replaces
    restored = engine.create(CLUSTER, **inputs_of(name, snapshotIdentifier=snapshot))
    other = engine.diff(restored, **inputs_of(name, snapshotIdentifier="another"))
    assert list(other.replaces) == ["snapshotIdentifier"]
    assert list(engine.diff(restored, **inputs_of(name)).diffs) == []
    point = {"sourceClusterIdentifier": source, "useLatestRestorableTime": True}
    cloned = engine.create(CLUSTER, **inputs_of(f"{name}-clone", restoreToPointInTime=point))
    removed = engine.diff(cloned, **inputs_of(f"{name}-clone"))
    assert list(removed.replaces) == ["restoreToPointInTime"]


def test_clusters_and_snapshots_are_looked_up(engine: Engine, source: str, snapshot: str) -> None:
    def named(name: str) -> list[str]:
        filters = [{"name": "db-cluster-id", "values": [name]}]
        return engine.invoke("aws:rds/getClusters:getClusters", filters=filters)[
            "clusterIdentifiers"
        ]

    assert (named(source), named("nowhere")) == ([source], [])
    found = engine.invoke("aws:rds/getCluster:getCluster", clusterIdentifier=source)
    by_arn = engine.invoke("aws:rds/getCluster:getCluster", clusterIdentifier=found["arn"])
    assert by_arn["clusterIdentifier"] == source
    assert (found["masterUsername"], found["databaseName"]) == ("platform", "shop")
    taken = engine.invoke(SNAPSHOT_LOOKUP, dbClusterSnapshotIdentifier=snapshot)
    assert (taken["dbClusterIdentifier"], taken["engineVersion"], taken["status"]) == (
        source,
        "17.7",
        "available",
    )
    with pytest.raises(AbortedError, match="couldn't find resource"):
        engine.invoke("aws:rds/getCluster:getCluster", clusterIdentifier="nowhere")
    with pytest.raises(AbortedError, match="not found"):
        engine.invoke(SNAPSHOT_LOOKUP, dbClusterSnapshotIdentifier="nowhere")


def test_an_update_does_not_change_the_extended_support(engine: Engine, name: str) -> None:
    disabled = {"engineLifecycleSupport": "open-source-rds-extended-support-disabled"}
    cluster = engine.create(CLUSTER, **inputs_of(name, masterUsername="platform"))
    changed = engine.update(cluster, **inputs_of(name, masterUsername="platform", **disabled))
    assert changed.state["engineLifecycleSupport"] == "open-source-rds-extended-support"
    inputs = inputs_of(name, masterUsername="platform", **disabled)
    assert list(engine.diff(changed, **inputs).diffs) == ["engineLifecycleSupport"]
    ignored = engine.diff_ignoring(("engineLifecycleSupport",), changed, **inputs)
    assert list(ignored.diffs) == []
