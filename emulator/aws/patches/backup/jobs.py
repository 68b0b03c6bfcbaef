"""Backup jobs, and the recovery points that they create."""

import uuid
from datetime import timedelta

from moto.backup.models import Vault

from emulator.aws import databases
from emulator.aws.errors import reject
from emulator.aws.moto_adapter.call import Answer, Call, Proceed, answer
from emulator.aws.patches.backup.state import (
    Document,
    existing,
    now,
    require_assumable_role,
    state_of,
    vault_of,
)
from emulator.aws.registry import patch_operations

_TEST = "backup/test_jobs"
_FOREVER = 0


@patch_operations(
    "backup:StartBackupJob",
    moto_behaviour="not implemented",
    aws="a job creates the cluster snapshot `awsbackup:job-<id>`, with the cluster's data, as a "
    "recovery point of the vault; it fails if the vault's lock does not allow the retention. This "
    "emulator backs up Aurora clusters only, at once",
    source="AWS Backup API reference, StartBackupJob; AWS Backup developer guide, Backup creation "
    "by resource type and AWS Backup Vault Lock; Aurora user guide, Using AWS Backup: its backups "
    "are manual DB cluster snapshots",
    test=f"{_TEST}::test_a_backup_job_keeps_the_cluster_as_a_snapshot",
)
def start_backup_job(call: Call, proceed: Proceed) -> Answer:
    """Run the job to its end."""
    del proceed
    params, job_id = call.params, str(uuid.uuid4())
    vault = vault_of(call, params["BackupVaultName"])
    cluster = _cluster_of(call, params["ResourceArn"])
    require_assumable_role(call, params["IamRoleArn"])
    created = now()
    job: Document = {
        "AccountId": call.account_id,
        "BackupJobId": job_id,
        "BackupVaultName": vault.backup_vault_name,
        "BackupVaultArn": vault.backup_vault_arn,
        "CreationDate": created,
        "CompletionDate": created,
        "IamRoleArn": params["IamRoleArn"],
        "PercentDone": "100.0",
        "ResourceArn": params["ResourceArn"],
        "ResourceType": "Aurora",
    }
    lifecycle: Document = params.get("Lifecycle") or {}
    days = int(lifecycle.get("DeleteAfterDays", _FOREVER))
    refused = refusal(vault, days)
    if refused:
        job |= {"State": "FAILED", "StatusMessage": refused}
    else:
        point = _recovery_point(call, job, cluster, days)
        state_of(call).recovery_points[vault.backup_vault_name, point["RecoveryPointArn"]] = point
        job |= {"State": "COMPLETED", "RecoveryPointArn": point["RecoveryPointArn"]}
    state_of(call).jobs[job_id] = job
    members = ("BackupJobId", "RecoveryPointArn", "CreationDate")
    return answer({key: job[key] for key in members if key in job})


@patch_operations(
    "backup:DescribeBackupJob",
    moto_behaviour="not implemented",
    aws="returns the job's state and recovery point",
    source="AWS Backup API reference, DescribeBackupJob",
    test=f"{_TEST}::test_a_retention_that_the_lock_does_not_allow_fails_the_job",
)
def describe_backup_job(call: Call, proceed: Proceed) -> Answer:
    """Answer from the stored job."""
    del proceed
    job_id = call.params["BackupJobId"]
    return answer(existing(state_of(call).jobs, job_id, f"Backup job {job_id}"))


@patch_operations(
    "backup:ListBackupJobs",
    moto_behaviour="not implemented",
    aws="lists the jobs, of one vault, resource or state on request",
    source="AWS Backup API reference, ListBackupJobs",
    test=f"{_TEST}::test_the_jobs_of_a_vault_are_listed",
)
def list_backup_jobs(call: Call, proceed: Proceed) -> Answer:
    """Answer from the stored jobs."""
    del proceed
    wanted = {
        "BackupVaultName": call.params.get("ByBackupVaultName"),
        "ResourceArn": call.params.get("ByResourceArn"),
        "State": call.params.get("ByState"),
    }
    jobs = [
        job
        for job in state_of(call).jobs.values()
        if all(value in (None, job[member]) for member, value in wanted.items())
    ]
    return answer({"BackupJobs": jobs})


@patch_operations(
    "backup:ListRecoveryPointsByBackupVault",
    moto_behaviour="not implemented",
    aws="lists the recovery points of a vault, of one resource on request",
    source="AWS Backup API reference, ListRecoveryPointsByBackupVault",
    test=f"{_TEST}::test_a_backup_job_keeps_the_cluster_as_a_snapshot",
)
def list_recovery_points(call: Call, proceed: Proceed) -> Answer:
    """Answer with the latest first."""
    del proceed
    vault = vault_of(call, call.params["BackupVaultName"])
    wanted = call.params.get("ByResourceArn")
    points = [
        point
        for point in state_of(call).points_of(vault.backup_vault_name)
        if wanted in (None, point["ResourceArn"])
    ]
    return answer({"RecoveryPoints": points[::-1]})


@patch_operations(
    "backup:DescribeRecoveryPoint",
    moto_behaviour="not implemented",
    aws="describes a recovery point of a vault; ResourceNotFoundException if the vault has none "
    "with this ARN",
    source="AWS Backup API reference, DescribeRecoveryPoint",
    test=f"{_TEST}::test_a_recovery_point_is_described_until_it_is_deleted",
)
def describe_recovery_point(call: Call, proceed: Proceed) -> Answer:
    """Answer with what the list has of it."""
    del proceed
    return answer(_point_of(call, vault_of(call, call.params["BackupVaultName"])))


@patch_operations(
    "backup:DeleteRecoveryPoint",
    moto_behaviour="not implemented",
    aws="deletes the recovery point and its snapshot; InvalidRequestException in a locked vault",
    source="AWS Backup API reference, DeleteRecoveryPoint; AWS Backup developer guide, AWS Backup "
    "Vault Lock",
    test=f"{_TEST}::test_a_locked_vault_keeps_its_recovery_points",
)
def delete_recovery_point(call: Call, proceed: Proceed) -> Answer:
    """Delete it unless the vault is locked."""
    del proceed
    vault = vault_of(call, call.params["BackupVaultName"])
    arn: str = _point_of(call, vault)["RecoveryPointArn"]
    if vault.locked:
        reject(
            "InvalidRequestException",
            f"Recovery point cannot be deleted: backup vault {vault.backup_vault_name} is locked",
        )
    del state_of(call).recovery_points[vault.backup_vault_name, arn]
    call.rds.cluster_snapshots.pop(arn.partition(":cluster-snapshot:")[2])
    return answer()


def _point_of(call: Call, vault: Vault) -> Document:
    key = (vault.backup_vault_name, call.params["RecoveryPointArn"])
    return existing(state_of(call).recovery_points, key, f"Recovery point {key[1]}")


def _cluster_of(call: Call, arn: str) -> str:
    found = [name for name, each in call.rds.clusters.items() if each.db_cluster_arn == arn]
    if not found:
        reject("InvalidParameterValueException", f"Invalid ARN: {arn} is no Aurora cluster")
    return found[0]


def refusal(vault: Vault, days: int) -> str:
    """Return why a locked vault fails a job; 0 days are forever."""
    if not vault.locked:
        return ""
    shortest, longest = vault.min_retention_days or 1, vault.max_retention_days
    if days != _FOREVER and days < shortest:
        return f"Retention of {days} days is shorter than the vault's minimum of {shortest} days"
    if longest is not None and (days == _FOREVER or days > longest):
        return f"Retention of {days} days is longer than the vault's maximum of {longest} days"
    return ""


def _recovery_point(call: Call, job: Document, cluster: str, days: int) -> Document:
    name = f"awsbackup:job-{job['BackupJobId']}"
    tags: dict[str, str] = call.params.get("RecoveryPointTags") or {}
    snapshot = call.rds.create_db_cluster_snapshot(
        cluster,
        name,
        tags=[{"Key": key, "Value": value} for key, value in tags.items()],
    )
    servers = databases.current()
    if servers is not None and servers.has_data(cluster):
        servers.snapshot(cluster, name)
    shared = ("BackupVaultName", "BackupVaultArn", "ResourceArn", "ResourceType", "IamRoleArn")
    point: Document = {
        **{key: job[key] for key in (*shared, "CreationDate", "CompletionDate")},
        "RecoveryPointArn": snapshot.arn,
        "Status": "COMPLETED",
        "IsEncrypted": True,
    }
    if days != _FOREVER:
        delete_at = job["CreationDate"] + timedelta(days=days)
        point["Lifecycle"] = {"DeleteAfterDays": days}
        point["CalculatedLifecycle"] = {"DeleteAt": delete_at}
    return point
