"""Backup vaults and their locks."""

from typing import Any

import pytest

from emulator.tests.aws.requests import Rejection, rejection

pytestmark = pytest.mark.emulator


def test_a_vault_describes_its_key_and_its_lock(backup: Any, kms: Any, name: str) -> None:
    key = kms.create_key()["KeyMetadata"]["Arn"]
    created = backup.create_backup_vault(BackupVaultName=name, EncryptionKeyArn=key)
    backup.put_backup_vault_lock_configuration(
        BackupVaultName=name, MinRetentionDays=30, MaxRetentionDays=365
    )
    found = backup.describe_backup_vault(BackupVaultName=name)
    members = ("EncryptionKeyArn", "Locked", "MinRetentionDays", "MaxRetentionDays")
    assert [found[member] for member in members] == [key, True, 30, 365]
    assert (found["BackupVaultArn"], found["NumberOfRecoveryPoints"]) == (
        created["BackupVaultArn"],
        0,
    )
    assert "LockDate" not in found


def test_a_missing_vault_is_neither_described_nor_deleted(backup: Any, name: str) -> None:
    missing = Rejection("ResourceNotFoundException", f"Backup vault {name} not found")
    assert rejection(backup.describe_backup_vault, BackupVaultName=name) == missing
    assert rejection(backup.delete_backup_vault, BackupVaultName=name) == missing
