"""A backup plan on the real engine: one stack, a backup job, and the recovery point restored."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pulumi.automation import CommandError, Stack

from emulator.testing.requests import connect
from operations.aws.clients import AwsClients
from operations.checks.catalogue import checks, readers
from operations.checks.run import CheckResult, Result, run_checks
from operations.context import Context
from operations.outputs import parse_outputs
from rehearsal import Rehearsal
from tests.engine.plans import Plan

PLATFORM = "backed"
CLUSTER, VAULT = f"dev-{PLATFORM}-cluster-ue2", f"dev-{PLATFORM}-backups-ue2"
ROLE = f"arn:aws:iam::123456789012:role/dev-{PLATFORM}-backup-role-ue2"
PLAN: dict[str, Any] = {
    "schedule": "cron(0 5 ? * * *)",
    "copyTo": "arn:aws:backup:us-west-2:123456789012:backup-vault:copies",
    "vaultLock": {"minRetentionDays": 30, "maxRetentionDays": 365},
    "restoreTesting": {"schedule": "cron(0 8 ? * SUN *)"},
}
DISPOSABLE = {"skipFinalSnapshot": True, "deleteAutomatedBackups": True}
"""Without the plan, nothing would remain of the cluster."""
NOTES = "SELECT note FROM notes ORDER BY note"


def changes_of(stack: Stack) -> list[str]:
    plan = Plan()
    stack.preview(on_event=plan.record)
    return list(plan.steps)


def back_up(client: Callable[[str], Any], days: int) -> dict[str, Any]:
    """Run an on-demand backup job as docs/runbooks/backups.md does, and return its description."""
    backup = client("backup")
    (cluster,) = client("rds").describe_db_clusters(DBClusterIdentifier=CLUSTER)["DBClusters"]
    job = backup.start_backup_job(
        BackupVaultName=VAULT,
        ResourceArn=cluster["DBClusterArn"],
        IamRoleArn=ROLE,
        Lifecycle={"DeleteAfterDays": days},
    )
    return backup.describe_backup_job(BackupJobId=job["BackupJobId"])


def judge_last_backup(
    rehearsal: Rehearsal, stack: Stack, monkeypatch: pytest.MonkeyPatch, later: timedelta
) -> CheckResult:
    """Run the check of recovery points, as if it were later."""
    parsed = parse_outputs({key: each.value for key, each in stack.outputs().items()}, "the test")
    monkeypatch.setitem(readers(), "now", lambda _: datetime.now(UTC) + later)  # pyright: ignore
    for name, value in {
        "AWS_ENDPOINT_URL": rehearsal.aws.url,
        "AWS_ACCESS_KEY_ID": "rehearsal",
        "AWS_SECRET_ACCESS_KEY": "rehearsal",
    }.items():
        monkeypatch.setenv(name, value)
    (check,) = [each for each in checks() if each.id == "recovery-point-recent"]
    context = Context(stack.name, parsed, AwsClients(parsed.region))
    (result,) = run_checks(context, [check], lambda _: None).results
    return result


def rehearsal_client(rehearsal: Rehearsal, region: str) -> Callable[[str], Any]:
    return lambda service: connect(service, rehearsal.aws.url, region)


def recovery_points(client: Callable[[str], Any]) -> list[str]:
    found = client("backup").list_recovery_points_by_backup_vault(BackupVaultName=VAULT)
    return [point["RecoveryPointArn"] for point in found["RecoveryPoints"]]


def test_recovery_points_outlive_the_cluster_and_are_restored(
    rehearsal: Rehearsal,
    client: Callable[[str], Any],
    scratch: Callable[..., Stack],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stack = scratch(PLATFORM, backupPlan=PLAN, **DISPOSABLE)
    stack.up()
    rehearsal.database(stack).wait_for_first_rotation()
    assert changes_of(stack) == []
    stack.refresh()
    assert changes_of(stack) == []
    with rehearsal.database(stack).connect() as master:
        master.execute("CREATE TABLE notes AS VALUES ('kept')")
        master.execute("ALTER TABLE notes RENAME column1 TO note")
    assert back_up(client, 7)["State"] == "FAILED", "the lock requires 30 days"
    done = back_up(client, 90)
    arn = done["RecoveryPointArn"]
    assert (done["State"], recovery_points(client)) == ("COMPLETED", [arn])
    assert changes_of(stack) == []

    # `verify` misses the next backup once its window is over.
    for later, passed in ((timedelta(hours=24), True), (timedelta(days=3), False)):
        judged = judge_last_backup(rehearsal, stack, monkeypatch, later)
        assert judged.result is (Result.PASSED if passed else Result.FAILED)
    assert judged.judgement.found.endswith("UTC")

    # A copy in the other region is a snapshot there, with the data and the key of its vault.
    west = rehearsal_client(rehearsal, "us-west-2")
    key = west("kms").create_key()["KeyMetadata"]["Arn"]
    west("backup").create_backup_vault(BackupVaultName="copies", EncryptionKeyArn=key)
    started = client("backup").start_copy_job(
        RecoveryPointArn=arn,
        SourceBackupVaultName=VAULT,
        DestinationBackupVaultArn=PLAN["copyTo"],
        IamRoleArn=ROLE,
    )
    copied = client("backup").describe_copy_job(CopyJobId=started["CopyJobId"])["CopyJob"]
    snapshot = copied["DestinationRecoveryPointArn"].partition(":cluster-snapshot:")[2]
    (found,) = west("rds").describe_db_cluster_snapshots(DBClusterSnapshotIdentifier=snapshot)[
        "DBClusterSnapshots"
    ]
    assert (found["KmsKeyId"], (rehearsal.databases / "snapshots" / snapshot).exists()) == (
        key,
        True,
    )

    # A changed lock is replaced, and the vault is locked afterwards.
    longer = {**PLAN, "vaultLock": {"minRetentionDays": 60, "maxRetentionDays": 365}}
    stack = scratch(PLATFORM, backupPlan=longer, **DISPOSABLE)
    stack.up()
    vault = client("backup").describe_backup_vault(BackupVaultName=VAULT)
    assert (vault["Locked"], vault["MinRetentionDays"]) == (True, 60)

    # AWS keeps the vault with its recovery point; the cluster is gone.
    with pytest.raises(CommandError, match="cannot be deleted because it contains recovery points"):
        stack.destroy()
    clusters = client("rds").describe_db_clusters()["DBClusters"]
    assert CLUSTER not in [each["DBClusterIdentifier"] for each in clusters]
    assert recovery_points(client) == [arn]

    snapshot = arn.partition(":cluster-snapshot:")[2]
    stack = scratch(PLATFORM, backupPlan=PLAN, restoreFrom={"snapshot": snapshot}, **DISPOSABLE)
    stack.up()
    database = rehearsal.database(stack)
    database.wait_for_first_rotation()
    with database.connect() as master:
        assert master.execute(NOTES).fetchall() == [("kept",)]

    # An administrator removes the lock (governance mode) and the recovery point; then all is deleted.
    backup = client("backup")
    backup.delete_backup_vault_lock_configuration(BackupVaultName=VAULT)
    backup.delete_recovery_point(BackupVaultName=VAULT, RecoveryPointArn=arn)
