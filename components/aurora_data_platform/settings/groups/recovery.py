"""Backups, protection and maintenance."""

from typing import Annotated

from pydantic import Field

from components.aurora_data_platform.aurora import windows
from components.aurora_data_platform.settings.backup_plan import BackupPlan
from components.aurora_data_platform.settings.restoration import RestoreSource
from components.aurora_data_platform.settings.types import (
    SettingsGroup,
    WholeNumber,
    flag,
    parsed_by,
    setting,
)


class RecoverySettings(SettingsGroup):
    """Backups, protection and maintenance."""

    restore_from: Annotated[
        RestoreSource,
        setting(
            "an object with either snapshot, or cluster and optionally time and method",
            "docs/runbooks/restore.md",
            config_type="object",
        ),
    ] = RestoreSource()
    """Source of the data of a new cluster. Once the cluster exists, adding, changing or removing it
    has no effect."""
    backup_retention_days: Annotated[
        WholeNumber,
        Field(ge=1, le=35),
        setting("1 to 35 days", "RDS API, BackupRetentionPeriod"),
    ] = 7
    """Backup retention period (PITR window), in days."""
    backup_window: Annotated[
        str,
        parsed_by(windows.backup_minutes),
        setting("hh24:mi-hh24:mi in UTC, at least 30 minutes", "RDS API, PreferredBackupWindow"),
    ] = "03:00-04:00"
    """Daily backup window, UTC."""
    backup_plan: Annotated[
        BackupPlan,
        setting(
            "an object with schedule, and optionally retentionDays, copyTo, copyRetentionDays, "
            "vaultLock and restoreTesting",
            "docs/runbooks/backups.md",
            config_type="object",
        ),
    ] = BackupPlan()
    """Snapshots by AWS Backup in a vault of their own, in addition to the automated backups.
    Enabling it requires AWS Backup's opt-in for Aurora in the region."""
    maintenance_window: Annotated[
        str,
        parsed_by(windows.maintenance_minutes),
        setting(
            "ddd:hh24:mi-ddd:hh24:mi in UTC, lowercase, at least 30 minutes",
            "RDS API, PreferredMaintenanceWindow",
        ),
    ] = "sun:04:00-sun:05:00"
    """Weekly maintenance window, UTC."""
    enable_deletion_protection: Annotated[bool, flag()] = True
    """Deletion protection: AWS rejects the deletion of the cluster."""
    protect_resources: Annotated[bool, flag()] = True
    """Pulumi rejects the deletion or replacement of cluster, instances, key, secrets, log groups
    and backup vault."""
    skip_final_snapshot: Annotated[bool, flag()] = False
    """Delete the cluster without a final snapshot; data is lost."""
    delete_automated_backups: Annotated[bool, flag()] = False
    """Delete the automated backups (PITR) together with the cluster."""
    apply_immediately: Annotated[bool, flag()] = False
    """Apply modifications at once instead of in the maintenance window; they can restart
    instances."""
