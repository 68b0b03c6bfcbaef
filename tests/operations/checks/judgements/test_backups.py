"""Judgements on snapshots, automated backups and recovery points."""

from datetime import timedelta
from typing import Any

import pytest

from operations.checks.judgement import Judgement, NotApplicableError
from operations.checks.judgements import backups
from tests.operations.checks.judgements.examples import NOW, outputs

PLAN = {"schedule": "cron(0 5 ? * * *)", "vaultName": "dev-backups", "windowHours": 25}


def recent(vault_age: float, *point_ages: float, status: str = "COMPLETED") -> Judgement:
    """Judge points and a vault of some age, in hours before noon."""
    points = [{"CreationDate": NOW - timedelta(hours=age), "Status": status} for age in point_ages]
    vault = {"CreationDate": NOW - timedelta(hours=vault_age)}
    return backups.recovery_point_recent(outputs(backupPlan=PLAN), vault, points, NOW)


@pytest.mark.parametrize(
    ("judged", "passed"),
    [
        (recent(1000, 6), True),
        (recent(1000, 31), True),
        (recent(1000, 31.1), False),
        (recent(1000, 55, 79), False),
        (recent(1000), False),
        (recent(1000, 6, status="PARTIAL"), False),
        (recent(31), False),
        (recent(30), True),
    ],
)
def test_the_last_backup_that_must_have_ended_has_a_recovery_point(
    judged: Judgement, passed: bool
) -> None:
    assert judged.passed is passed


def test_a_missing_recovery_point_is_reported_with_the_time_of_its_backup() -> None:
    assert recent(1000, 55, 79) == Judgement(
        passed=False,
        expected="of 2026-11-26 05:00 UTC or later",
        found="2026-11-25 05:00 UTC",
        evidence="schedule cron(0 5 ? * * *); 2 of 2 recovery points usable",
    )
    assert recent(1000).found == "none"


def test_without_a_backup_plan_no_recovery_point_is_expected() -> None:
    with pytest.raises(NotApplicableError, match="the stack has no backup plan"):
        backups.recovery_point_recent(outputs(), {}, [], NOW)


@pytest.mark.parametrize(
    ("minutes", "passed"), [(4, True), (14, True), (16, False), (60 * 24, False)]
)
def test_the_restorable_time_must_follow_the_clock(minutes: int, passed: bool) -> None:
    cluster = {"LatestRestorableTime": NOW - timedelta(minutes=minutes)}
    assert backups.restorable_time(outputs(), cluster, NOW).passed is passed
    assert backups.restorable_time(outputs(), {}, NOW).found == "none"


@pytest.mark.parametrize(
    ("days", "count", "passed"), [(0, 0, True), (1, 0, True), (3, 0, False), (3, 1, True)]
)
def test_a_cluster_has_an_automated_snapshot_after_two_days(
    days: int, count: int, passed: bool
) -> None:
    cluster = {"ClusterCreateTime": NOW - timedelta(days=days)}
    manual = {"SnapshotType": "manual"}
    found = [manual, *([{"SnapshotType": "automated"}] * count)]
    assert backups.snapshots_present(outputs(), cluster, found, NOW).passed is passed


@pytest.mark.parametrize("states", [[], ["retained"], ["active", "active"]])
def test_exactly_one_automated_backup_is_active(states: list[str]) -> None:
    rows = [{"Status": each} for each in states]
    assert backups.automated_backups(outputs(), rows).passed is False
    assert backups.automated_backups(outputs(), [{"Status": "active"}]).passed is True


def snapshot(name: str, key: str | None) -> dict[str, Any]:
    found = {"DBClusterSnapshotIdentifier": name, "StorageEncrypted": key is not None}
    return found | ({"KmsKeyId": key} if key else {})


def test_a_snapshot_with_the_key_of_a_previous_cluster_passes_and_is_named() -> None:
    own = outputs()
    found = [snapshot("new", own.kms_key_arn), snapshot("dev-final", "arn:old-key")]
    assert backups.snapshots_encrypted(own, found) == Judgement(
        passed=True,
        expected="all encrypted",
        found="2 encrypted",
        evidence="with another key: dev-final: arn:old-key",
    )
    assert backups.snapshots_encrypted(own, found[:1]).evidence == ""


def test_a_snapshot_that_is_not_encrypted_fails() -> None:
    own = outputs()
    found = [snapshot("plain", None), snapshot("new", own.kms_key_arn)]
    assert backups.snapshots_encrypted(own, found) == Judgement(
        passed=False, expected="all encrypted", found="not encrypted: plain"
    )
