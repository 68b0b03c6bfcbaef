"""The source of a restored cluster, as a stack file declares it."""

from datetime import UTC, datetime
from typing import Any

import pytest

from components.aurora_data_platform.settings.restoration import RestoreSource
from tests.components.aurora_data_platform.settings.test_settings import issues, settings

CLUSTER = "prod-aurora-cluster-ue2"
ARN = "arn:aws:rds:us-east-2:123456789012"
TIME = "latest, or a time with its time zone in quotes, for example '2026-11-27T09:00:00Z'"
KEYS = "an object with either snapshot, or cluster and optionally time and method"


INVALID: list[tuple[Any, list[tuple[str, str]]]] = [
    ("yesterday", [("restoreFrom", KEYS)]),
    ({"snapshto": "a"}, [("restoreFrom.snapshto", "")]),
    (
        {"snapshot": "a b"},
        [("restoreFrom.snapshot", "the name or ARN of a DB cluster snapshot in this region")],
    ),
    (
        {"cluster": CLUSTER, "time": "2026-11-27T09:00:00"},
        [("restoreFrom.time", TIME)],
    ),
    ({"cluster": CLUSTER, "time": "yesterday"}, [("restoreFrom.time", TIME)]),
    (
        {"cluster": CLUSTER, "method": "copy"},
        [("restoreFrom.method", "full-copy or copy-on-write")],
    ),
    (
        {"snapshot": "a", "cluster": CLUSTER},
        [("restoreFrom.cluster", "unset if restoreFrom.snapshot is set")],
    ),
    (
        {"snapshot": "a", "time": "2026-11-27T09:00:00Z", "method": "copy-on-write"},
        [
            ("restoreFrom.time", "unset unless restoreFrom.cluster is set"),
            ("restoreFrom.method", "unset unless restoreFrom.cluster is set"),
            ("restoreFrom.time", "latest with copy-on-write"),
        ],
    ),
    (
        {"cluster": CLUSTER, "time": "2026-11-27T09:00:00Z", "method": "copy-on-write"},
        [("restoreFrom.time", "latest with copy-on-write")],
    ),
    (
        {"snapshot": "arn:aws:rds:eu-west-1:123456789012:cluster-snapshot:final"},
        [("restoreFrom.snapshot", "a snapshot in us-east-2")],
    ),
]


def test_an_invalid_source_is_rejected() -> None:
    assert {str(source): issues(restore_from=source) for source, _ in INVALID} == {
        str(source): expected for source, expected in INVALID
    }


@pytest.mark.parametrize(
    "source",
    [
        {},
        {"snapshot": "prod-aurora-final-snapshot-ue2-1a2b3c4d"},
        {"snapshot": "rds:prod-aurora-cluster-ue2-2026-11-27-03-05"},
        {"snapshot": "awsbackup:job-6f4e1a0c-0c1f-4b0e-8b1e-2f4d5a6b7c8d"},
        {"snapshot": f"{ARN}:cluster-snapshot:rds:{CLUSTER}-2026-11-27-03-05"},
        {"cluster": CLUSTER, "time": "2026-11-27T09:00:00Z"},
        {"cluster": f"{ARN}:cluster:{CLUSTER}", "method": "copy-on-write"},
        {"cluster": "cluster-ABCD1234EFGH5678", "time": "latest"},
    ],
)
def test_a_valid_source_is_accepted(source: dict[str, str]) -> None:
    assert settings(restore_from=source).restore_from == RestoreSource.model_validate(source)


@pytest.mark.parametrize(
    ("source", "given"), [({}, False), ({"snapshot": "final"}, True), ({"cluster": CLUSTER}, True)]
)
def test_a_snapshot_or_a_cluster_is_restored(source: dict[str, str], *, given: bool) -> None:
    assert RestoreSource.model_validate(source).is_given is given


def test_a_time_is_converted_to_utc() -> None:
    source = RestoreSource(cluster=CLUSTER, time="2026-11-27T10:30:00+01:00")
    assert source.moment == datetime(2026, 11, 27, 9, 30, tzinfo=UTC)
    assert RestoreSource(cluster=CLUSTER).moment is None


def test_the_resource_id_of_a_deleted_cluster_is_recognized() -> None:
    deleted = RestoreSource(cluster="cluster-ABCD1234EFGH5678")
    assert deleted.resource_id == "cluster-ABCD1234EFGH5678"
    assert RestoreSource(cluster="cluster-of-orders").resource_id == ""
