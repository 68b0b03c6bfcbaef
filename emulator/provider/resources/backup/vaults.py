"""Backup vaults and their locks."""

from collections.abc import Mapping
from typing import ClassVar

from emulator.provider import tagging
from emulator.provider.aws_connection import AwsConnection
from emulator.provider.aws_resource import REGION, TAGS, AwsResource
from emulator.provider.operations import Operations
from emulator.provider.protocol.properties import Properties
from emulator.provider.protocol.resource_type import Naming, Property

NOT_FOUND_CODES = frozenset({"ResourceNotFoundException"})


class Vault(AwsResource):
    """A vault; its id is its name."""

    token = "aws:backup/vault:Vault"  # noqa: S105 - a type's name
    service = "backup"
    operations = Operations(
        identifier="BackupVaultName",
        create="create_backup_vault",
        created="BackupVaultName",
        describe="describe_backup_vault",
        delete="delete_backup_vault",
    )
    tagging = tagging.BACKUP_VAULT
    not_found_codes = NOT_FOUND_CODES
    naming = Naming("name")
    inputs: ClassVar[Mapping[str, Property]] = {
        "forceDestroy": Property(write_only=True, default=False),
        "kmsKeyArn": Property("EncryptionKeyArn", replaces=True, computed=True),
        "name": Property("BackupVaultName", replaces=True),
        **REGION,
        **TAGS,
    }
    outputs: ClassVar[Mapping[str, str]] = {
        "arn": "BackupVaultArn",
        "recoveryPoints": "NumberOfRecoveryPoints",
    }

    def delete(self, session: AwsConnection, resource_id: str, state: Properties) -> None:
        """Delete the vault, with `forceDestroy` after every recovery point in it."""
        if state.get("forceDestroy"):
            self.ignore_not_found(lambda: _empty(session, resource_id))
        super().delete(session, resource_id, state)


def _empty(session: AwsConnection, vault: str) -> None:
    named = {"BackupVaultName": vault}
    while found := session.call("backup", "list_recovery_points_by_backup_vault", **named)[
        "RecoveryPoints"
    ]:
        for each in found:
            arn = each["RecoveryPointArn"]
            session.call("backup", "delete_recovery_point", RecoveryPointArn=arn, **named)


class VaultLockConfiguration(AwsResource):
    """A vault's lock; its id is the vault's name."""

    token = "aws:backup/vaultLockConfiguration:VaultLockConfiguration"  # noqa: S105 - a type's name
    service = "backup"
    operations = Operations(
        identifier="BackupVaultName",
        create="put_backup_vault_lock_configuration",
        describe="describe_backup_vault",
        delete="delete_backup_vault_lock_configuration",
    )
    not_found_codes = NOT_FOUND_CODES
    naming = Naming("backupVaultName")
    inputs: ClassVar[Mapping[str, Property]] = {
        "backupVaultName": Property("BackupVaultName", replaces=True, required=True),
        "changeableForDays": Property("ChangeableForDays", replaces=True, write_only=True),
        "maxRetentionDays": Property("MaxRetentionDays", replaces=True),
        "minRetentionDays": Property("MinRetentionDays", replaces=True),
        **REGION,
    }
    outputs: ClassVar[Mapping[str, str]] = {"backupVaultArn": "BackupVaultArn"}
