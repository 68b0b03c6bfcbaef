"""Judgements of the group `backups`."""

from datetime import datetime, timedelta

from operations.aws.clients import Properties
from operations.checks.backup_schedule import last_run
from operations.checks.judgement import Judgement, NotApplicableError, equal
from operations.outputs import StackOutputs

RESTORABLE_LAG = timedelta(minutes=15)
"""The latest restorable time is typically within the last five minutes (Aurora user guide)."""
USABLE = frozenset({"AVAILABLE", "COMPLETED"})
"""AWS Backup API, RecoveryPointByBackupVault, Status."""
FIRST_SNAPSHOT = timedelta(days=2)
"""A cluster has an automated snapshot after its first backup window."""


def backup_retention(outputs: StackOutputs, cluster: Properties) -> Judgement:
    """The recovery window is the declared one."""
    days = outputs.declared_state.backup_retention_days
    return equal(f"{days} days", f"{cluster['BackupRetentionPeriod']} days")


def backup_windows(outputs: StackOutputs, cluster: Properties) -> Judgement:
    """Backup and maintenance window are the declared ones."""
    own = outputs.declared_state
    return equal(
        {"backup": own.backup_window, "maintenance": own.maintenance_window},
        {
            "backup": cluster["PreferredBackupWindow"],
            "maintenance": cluster["PreferredMaintenanceWindow"],
        },
    )


def automated_backups(_: StackOutputs, backups: list[Properties]) -> Judgement:
    """The cluster has one automated backup, and it is active."""
    windows = [each.get("RestoreWindow", {}) for each in backups]
    evidence = "; ".join(
        f"restorable from {each.get('EarliestTime')} to {each.get('LatestTime')}"
        for each in windows
    )
    return equal(["active"], [str(each["Status"]) for each in backups], evidence)


def restorable_time(_: StackOutputs, cluster: Properties, now: datetime) -> Judgement:
    """The latest restorable time advances with the clock."""
    latest: datetime | None = cluster.get("LatestRestorableTime")
    minutes = RESTORABLE_LAG.total_seconds() / 60
    expected = f"at most {minutes:g} minutes ago"
    if latest is None:
        return Judgement(passed=False, expected=expected, found="none")
    return Judgement(
        now - latest <= RESTORABLE_LAG,
        expected,
        f"{latest:%Y-%m-%d %H:%M:%S} UTC",
        f"earliest: {cluster.get('EarliestRestorableTime')}",
    )


def snapshots_present(
    _: StackOutputs, cluster: Properties, snapshots: list[Properties], now: datetime
) -> Judgement:
    """The cluster has an automated snapshot once its first backup windows are over."""
    created: datetime = cluster["ClusterCreateTime"]
    automated = [each for each in snapshots if each["SnapshotType"] == "automated"]
    young = now - created < FIRST_SNAPSHOT
    expected = "any number: created less than two days ago" if young else "at least one"
    return Judgement(bool(automated) or young, expected, f"{len(automated)} automated snapshots")


def snapshots_encrypted(outputs: StackOutputs, snapshots: list[Properties]) -> Judgement:
    """Every snapshot is encrypted; those with another key than the platform's are named.

    Snapshots of a previous cluster of the same name have the key that it had.
    """
    plain = [_name(each) for each in snapshots if not each.get("StorageEncrypted")]
    others = [
        f"{_name(each)}: {each.get('KmsKeyId')}"
        for each in snapshots
        if each.get("StorageEncrypted") and each.get("KmsKeyId") != outputs.kms_key_arn
    ]
    return Judgement(
        not plain,
        "all encrypted",
        f"not encrypted: {', '.join(plain)}" if plain else f"{len(snapshots)} encrypted",
        f"with another key: {', '.join(others)}" if others else "",
    )


def _name(snapshot: Properties) -> str:
    return str(snapshot["DBClusterSnapshotIdentifier"])


def recovery_point_recent(
    outputs: StackOutputs, vault: Properties, points: list[Properties], now: datetime
) -> Judgement:
    """The last scheduled backup that must have ended has left a recovery point."""
    plan = outputs.declared_state.backup_plan
    if plan is None:
        message = "the stack has no backup plan"
        raise NotApplicableError(message)
    run = last_run(plan.schedule, now - timedelta(hours=plan.window_hours))
    usable = [each["CreationDate"] for each in points if each["Status"] in USABLE]
    newest: datetime | None = max(usable, default=None)
    found = f"{newest:%Y-%m-%d %H:%M} UTC" if newest else "none"
    evidence = f"schedule {plan.schedule}; {len(usable)} of {len(points)} recovery points usable"
    if run is None or vault["CreationDate"] > run:
        return Judgement(passed=True, expected="any: no backup was due yet", found=found)
    passed = newest is not None and newest >= run
    return Judgement(passed, f"of {run:%Y-%m-%d %H:%M} UTC or later", found, evidence)
