"""Backup vaults: routes of the service, and vaults with recovery points."""

from moto.backup import urls

from emulator.aws.errors import reject
from emulator.aws.moto_adapter.call import Answer, Call, Proceed, answer
from emulator.aws.patches.backup.state import state_of, vault_of
from emulator.aws.registry import patch_classes, patch_operations

_TEST = "backup/test_vaults"
_PATHS = (
    "backup-jobs",
    "backup-jobs/(?P<job>[^/]+)",
    "copy-jobs",
    "copy-jobs/(?P<job>[^/]+)",
    "backup-vaults/(?P<vault>[^/]+)/recovery-points/",
    "backup-vaults/(?P<vault>[^/]+)/recovery-points/(?P<point>[^/]+)",
    "restore-testing/plans",
    "restore-testing/plans/(?P<plan>[^/]+)",
    "restore-testing/plans/(?P<plan>[^/]+)/selections",
    "restore-testing/plans/(?P<plan>[^/]+)/selections/(?P<selection>[^/]+)",
)


@patch_classes(
    moto_behaviour="requests about jobs, recovery points and restore testing have no route",
    aws="they are answered",
    source="AWS Backup API reference, Actions",
    test="backup/test_jobs::test_a_backup_job_keeps_the_cluster_as_a_snapshot",
)
def route_backup_requests() -> None:
    """Add the routes; moto finds the operation in the service's model."""
    for path in _PATHS:
        urls.url_paths[f"{{0}}/{path}$"] = urls.response.dispatch


@patch_operations(
    "backup:DescribeBackupVault",
    moto_behaviour="the number of recovery points is missing; the key and the lock's members have "
    "moto's own types",
    aws="returns key, lock and number of recovery points",
    source="AWS Backup API reference, DescribeBackupVault",
    test=f"{_TEST}::test_a_vault_describes_its_key_and_its_lock",
)
def describe_backup_vault(call: Call, proceed: Proceed) -> Answer:
    """Answer from moto's vault."""
    del proceed
    vault = vault_of(call, call.params["BackupVaultName"])
    points = state_of(call).points_of(vault.backup_vault_name)
    return answer({**vault.to_list_dict(), "NumberOfRecoveryPoints": len(points)})


@patch_operations(
    "backup:DeleteBackupVault",
    moto_behaviour="a vault is deleted with its recovery points, and a missing one successfully",
    aws="InvalidRequestException while there are recovery points; ResourceNotFoundException",
    source="AWS Backup API reference, DeleteBackupVault; aws/aws-cdk issue 33711 and "
    "gruntwork-io/cloud-nuke issue 730 quote the message",
    test="backup/test_jobs::test_a_vault_with_recovery_points_is_not_deleted",
)
def keep_vault_with_recovery_points(call: Call, proceed: Proceed) -> Answer:
    """Reject the deletion of a vault that is not empty."""
    vault = vault_of(call, call.params["BackupVaultName"])
    if state_of(call).points_of(vault.backup_vault_name):
        reject(
            "InvalidRequestException",
            "Backup vault cannot be deleted because it contains recovery points.",
        )
    return proceed()
