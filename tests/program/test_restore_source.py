"""Sources of a restored cluster: what a preview finds out about them."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pulumi
import pytest

from tools.testing.programs import run_uncached
from tools.testing.recorder import FailedLookup, Recording

CLUSTERS, CLUSTER, SNAPSHOT, KEY, VERSION = (
    *("aws:rds/getClusters:getClusters", "aws:rds/getCluster:getCluster"),
    *("aws:rds/getClusterSnapshot:getClusterSnapshot", "aws:kms/getKey:getKey"),
    "aws:rds/getEngineVersion:getEngineVersion",
)
SOURCE = "prod-aurora-cluster-ue2"
KEY_ARN = "arn:aws:kms:us-east-2:123456789012:key/source"
FOUND_CLUSTER = {
    "backupRetentionPeriod": 30,
    "clusterIdentifier": SOURCE,
    "databaseName": "trialfinder",
    "engine": "aurora-postgresql",
    "engineVersion": "17.5",
    "kmsKeyId": KEY_ARN,
    "masterUsername": "aurora_master",
    "port": 5432,
    "storageEncrypted": True,
}
FOUND_SNAPSHOT = {
    "dbClusterIdentifier": SOURCE,
    "engine": "aurora-postgresql",
    "engineVersion": "17.5",
    "kmsKeyId": KEY_ARN,
    "snapshotCreateTime": "2026-11-26T03:05:00Z",
    "status": "available",
    "storageEncrypted": True,
}
ENABLED = {"arn": KEY_ARN, "enabled": True, "keyState": "Enabled"}
Logged = list[tuple[str, str]]


@pytest.fixture
def logged(monkeypatch: pytest.MonkeyPatch) -> Logged:
    messages: Logged = []
    for level in ("info", "warn"):

        def record(text: str, *_: object, level: str = level) -> None:
            messages.append((level, text))

        monkeypatch.setattr(pulumi.log, level, record)
    return messages


def restore(
    source: dict[str, str],
    *,
    clusters: tuple[str, ...] = (SOURCE,),
    cluster: Any = None,
    snapshot: Any = None,
    key: Any = None,
    **changes: Any,
) -> Recording:
    def version(arguments: dict[str, Any]) -> dict[str, Any]:
        return {"versionActual": arguments["preferredVersions"][0]}

    answers: dict[str, Any] = {
        CLUSTERS: {"clusterIdentifiers": list(clusters)},
        CLUSTER: {**FOUND_CLUSTER, **(cluster or {})},
        SNAPSHOT: snapshot
        if isinstance(snapshot, FailedLookup)
        else {**FOUND_SNAPSHOT, **(snapshot or {})},
        KEY: {**ENABLED, **(key or {})},
        VERSION: version,
    }
    return run_uncached("dev", answers, restoreFrom=source, **changes)


def rejected(source: dict[str, str], **changes: Any) -> str:
    with pytest.raises(pulumi.RunError) as error:
        restore(source, **changes)
    return str(error.value)


def cluster_of(recording: Recording) -> Mapping[str, Any]:
    return recording.only("rds/cluster:Cluster").inputs


def test_a_snapshot_is_restored_with_its_version_or_a_later_one(logged: Logged) -> None:
    created = cluster_of(restore({"snapshot": "final"}))
    assert created["snapshotIdentifier"] == "final"
    assert "restoreToPointInTime" not in created
    assert created["engineVersion"] == "17.5"
    assert (
        "info",
        f"dev-aurora-cluster-ue2 is created from the snapshot final of {SOURCE}, taken "
        "2026-11-26T03:05:00Z, as a copy encrypted with this platform's key",
    ) in logged
    assert (
        "warn",
        "restoreFrom.snapshot: the AWS provider does not enable IAM authentication and Performance "
        "Insights when it restores a cluster; run `pulumi up` a second time",
    ) in logged


@pytest.mark.parametrize(
    ("snapshot", "kind"),
    [
        ("final", None),
        ("rds:dev-aurora-cluster-ue2-2026-11-26-03-05", "automated"),
        ("arn:aws:rds:us-east-2:123456789012:cluster-snapshot:awsbackup:job-1", None),
        ("arn:aws:rds:us-east-2:123456789012:cluster-snapshot:rds:dev-2026-11-26", "automated"),
        ("arn:aws:rds:us-east-2:123456789012:cluster-snapshot:final", None),
    ],
)
def test_a_snapshot_is_looked_up_with_the_type_that_its_name_shows(
    snapshot: str, kind: str | None
) -> None:
    recording = restore({"snapshot": snapshot})
    (arguments,) = [given for token, given in recording.invokes if token == SNAPSHOT]
    assert arguments.get("snapshotType") == kind


def test_a_cluster_is_restored_to_a_time_with_its_own_version(logged: Logged) -> None:
    moment = datetime.now(UTC).replace(microsecond=0) - timedelta(days=2)
    recording = restore({"cluster": SOURCE, "time": moment.isoformat()})
    assert cluster_of(recording)["restoreToPointInTime"] == {
        "sourceClusterIdentifier": SOURCE,
        "restoreType": "full-copy",
        "restoreToTime": f"{moment:%Y-%m-%dT%H:%M:%SZ}",
    }
    assert cluster_of(recording)["engineVersion"] == "17.5"
    assert recording.exports["declaredState"]["engineVersion"] == "17.5"
    again, warning = [text for level, text in logged if level == "warn" and "restoreFrom" in text]
    assert again == (
        "restoreFrom.cluster: the AWS provider does not enable Performance Insights when it restores "
        "a cluster; run `pulumi up` a second time"
    )
    assert "AWS then enrolls the cluster in Extended Support" in warning


def test_a_cluster_is_cloned() -> None:
    created = cluster_of(restore({"cluster": SOURCE, "method": "copy-on-write"}))
    assert created["restoreToPointInTime"] == {
        "sourceClusterIdentifier": SOURCE,
        "restoreType": "copy-on-write",
        "useLatestRestorableTime": True,
    }


def test_a_deleted_cluster_is_restored_by_its_resource_id(logged: Logged) -> None:
    recording = restore({"cluster": "cluster-ABCD1234"}, clusters=())
    assert cluster_of(recording)["restoreToPointInTime"]["sourceClusterResourceId"] == (
        "cluster-ABCD1234"
    )
    assert any("so nothing was checked" in text for _, text in logged)


def test_an_existing_cluster_has_no_source_and_nothing_of_it_is_looked_up(logged: Logged) -> None:
    recording = restore({"snapshot": "gone"}, clusters=("dev-aurora-cluster-ue2",))
    looked_up = [
        arguments for token, arguments in recording.invokes if token in (SNAPSHOT, CLUSTER)
    ]
    assert looked_up == [{"clusterIdentifier": "dev-aurora-cluster-ue2"}]
    assert (
        "info",
        "restoreFrom has no effect: it is read when a cluster is created, and "
        "dev-aurora-cluster-ue2 exists",
    ) in logged


def test_nothing_is_looked_up_without_a_source() -> None:
    looked_up = {token for token, _ in restore({}).invokes}
    assert not {SNAPSHOT, CLUSTER} & looked_up


@pytest.mark.parametrize(
    ("source", "changes", "reason"),
    [
        (
            {"snapshot": "gone"},
            {"snapshot": FailedLookup("DBClusterSnapshotNotFoundFault: gone not found")},
            "DBClusterSnapshotNotFoundFault: gone not found",
        ),
        (
            {"snapshot": "final"},
            {"snapshot": {"engine": "aurora-mysql"}},
            "its engine is aurora-mysql",
        ),
        (
            {"snapshot": "final"},
            {"snapshot": {"engineVersion": "16.6"}},
            "its engine version is 16.6, and engineVersion is 17.4: restore with the same major "
            "version, then upgrade",
        ),
        ({"snapshot": "final"}, {"snapshot": {"status": "creating"}}, "its status is creating"),
        (
            {"snapshot": "final"},
            {"applyImmediately": False},
            "that deployment enables IAM authentication, and users with it could not log in before "
            "the next maintenance window",
        ),
        (
            {"snapshot": "final"},
            {"key": {"enabled": False, "keyState": "PendingDeletion"}},
            f"its key {KEY_ARN} is PendingDeletion",
        ),
        (
            {"snapshot": "final"},
            {"cluster": {"masterUsername": "root"}},
            f"a restored cluster keeps the value of {SOURCE}",
        ),
        (
            {"cluster": SOURCE},
            {"cluster": {"storageEncrypted": False}},
            "an unencrypted cluster cannot be restored to a point in time with a KMS key; take a "
            "snapshot and restore that",
        ),
        (
            {"cluster": SOURCE},
            {"cluster": {"databaseName": "orders"}},
            f"a restored cluster keeps the value of {SOURCE}",
        ),
        (
            {"cluster": SOURCE, "time": "2020-01-01T00:00:00Z"},
            {},
            "the source keeps its backups for 30 days",
        ),
        (
            {"cluster": SOURCE, "time": "2099-01-01T00:00:00Z"},
            {},
            "the source keeps its backups for 30 days",
        ),
    ],
)
def test_a_source_that_cannot_be_restored_is_rejected_at_preview(
    source: dict[str, str], changes: dict[str, Any], reason: str
) -> None:
    message = rejected(source, **changes)
    assert reason in message.rpartition("reason:  ")[2]


def test_all_problems_of_a_source_are_reported_together() -> None:
    message = rejected(
        {"cluster": SOURCE, "time": "2020-01-01T00:00:00Z"},
        cluster={"engineVersion": "16.6", "masterUsername": "root", "databaseName": "orders"},
        key={"enabled": False, "keyState": "Disabled"},
    )
    keys = [line.strip() for line in message.splitlines() if line[:2] == "  " and line[2] != " "]
    assert keys == [
        *("restoreFrom.cluster", "restoreFrom.time", "masterUsername", "databaseName"),
        "restoreFrom.cluster",
    ]


def test_the_master_user_of_a_deleted_source_is_not_compared(logged: Logged) -> None:
    restore({"snapshot": "final"}, clusters=())
    assert any("could not be compared" in text for _, text in logged)
