"""Copy jobs: recovery points in another vault, also of another region."""

import uuid
from datetime import timedelta
from typing import Any

from moto.rds.models import DBClusterSnapshot

from emulator.aws import databases
from emulator.aws.errors import reject
from emulator.aws.moto_adapter.backends import Backends
from emulator.aws.moto_adapter.call import Answer, Call, Proceed, answer
from emulator.aws.patches.backup.jobs import refusal
from emulator.aws.patches.backup.state import (
    Document,
    existing,
    now,
    require_assumable_role,
    state_of,
    vault_of,
)
from emulator.aws.registry import patch_operations

_TEST = "backup/test_copies"
_SNAPSHOT = ":cluster-snapshot:"


@patch_operations(
    "backup:StartCopyJob",
    moto_behaviour="not implemented",
    aws="a job copies the snapshot to the vault's region as `awsbackup:copyjob-<id>`, encrypted "
    "with the vault's key; it fails if the vault's lock does not allow the retention, which counts "
    "from the creation of the original. Here it ends at once; scheduled copies are not made, "
    "because nothing runs a plan",
    source="AWS Backup API reference, StartCopyJob; AWS Backup developer guide, Copy a backup and "
    "Creating backup copies across AWS Regions",
    test=f"{_TEST}::test_a_copy_is_a_snapshot_in_the_region_of_its_vault",
)
def start_copy_job(call: Call, proceed: Proceed) -> Answer:
    """Run the job to its end."""
    del proceed
    params, job_id = call.params, str(uuid.uuid4())
    source = vault_of(call, params["SourceBackupVaultName"])
    key = (source.backup_vault_name, params["RecoveryPointArn"])
    point = existing(state_of(call).recovery_points, key, f"Recovery point {key[1]}")
    target = params["DestinationBackupVaultArn"]
    if target == source.backup_vault_arn:
        reject("InvalidRequestException", "The destination vault is the source vault")
    region, account, _, name = target.split(":")[3:7]
    there = Backends(account, region)
    vault = vault_of(there, name)
    require_assumable_role(call, params["IamRoleArn"])
    lifecycle: Document = params.get("Lifecycle") or {}
    days = int(lifecycle.get("DeleteAfterDays", 0))
    job: Document = {
        "AccountId": call.account_id,
        "CopyJobId": job_id,
        "CreationDate": now(),
        "SourceBackupVaultArn": source.backup_vault_arn,
        "SourceRecoveryPointArn": point["RecoveryPointArn"],
        "DestinationBackupVaultArn": target,
        "IamRoleArn": params["IamRoleArn"],
        "ResourceArn": point["ResourceArn"],
        "ResourceType": "Aurora",
    }
    refused = refusal(vault, days)
    if refused:
        job |= {"State": "FAILED", "StatusMessage": refused}
    else:
        copied = _copied(there, name, point, job_id, days)
        job |= {
            "State": "COMPLETED",
            "CompletionDate": now(),
            "DestinationRecoveryPointArn": copied["RecoveryPointArn"],
        }
    state_of(call).copy_jobs[job_id] = job
    return answer({"CopyJobId": job_id, "CreationDate": job["CreationDate"]})


@patch_operations(
    "backup:DescribeCopyJob",
    moto_behaviour="not implemented",
    aws="returns the job's state and the copy",
    source="AWS Backup API reference, DescribeCopyJob",
    test=f"{_TEST}::test_a_copy_that_the_lock_does_not_allow_fails_the_job",
)
def describe_copy_job(call: Call, proceed: Proceed) -> Answer:
    """Answer from the stored job."""
    del proceed
    job_id = call.params["CopyJobId"]
    job = existing(state_of(call).copy_jobs, job_id, f"Copy job {job_id}")
    return answer({"CopyJob": job})


def _copied(there: Backends, vault_name: str, point: Document, job_id: str, days: int) -> Document:
    """Copy the snapshot with its data, and return the recovery point."""
    vault = there.backup.vaults[vault_name]
    source_arn: str = point["RecoveryPointArn"]
    source_name = source_arn.partition(_SNAPSHOT)[2]
    original = Backends(there.account_id, source_arn.split(":")[3]).rds
    name = f"awsbackup:copyjob-{job_id}"
    arn = f"arn:{there.partition}:rds:{there.region}:{there.account_id}{_SNAPSHOT}{name}"
    source = original.cluster_snapshots[source_name]
    copy: Any = DBClusterSnapshot(
        there.rds, source.cluster, name, tags=source.tags, kms_key_id=vault.encryption_key_arn
    )
    there.rds.cluster_snapshots[name] = copy
    servers = databases.current()
    if servers is not None and servers.has_snapshot(source_name):
        servers.copy_snapshot(source_name, name)
    copied: Document = {
        **point,
        "BackupVaultName": vault.backup_vault_name,
        "BackupVaultArn": vault.backup_vault_arn,
        "RecoveryPointArn": arn,
        "SourceBackupVaultArn": point["BackupVaultArn"],
        "CompletionDate": now(),
    }
    if days:
        copied["Lifecycle"] = {"DeleteAfterDays": days}
        delete_at = point["CreationDate"] + timedelta(days=days)
        copied["CalculatedLifecycle"] = {"DeleteAt": delete_at}
    state_of(there).recovery_points[vault.backup_vault_name, arn] = copied
    return copied
