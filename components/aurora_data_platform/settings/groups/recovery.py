"""Backups, protection and maintenance."""

from typing import Annotated

from pydantic import BaseModel, Field

from components.aurora_data_platform.aurora import windows
from components.aurora_data_platform.settings.types import (
    WholeNumber,
    readable_by,
    setting,
    switch,
)


class RecoverySettings(BaseModel):
    """Backups, protection and maintenance."""

    backup_retention_days: Annotated[WholeNumber, Field(ge=1, le=35)] = setting(
        7,
        allowed="1 to 35 days",
        why="RDS API, BackupRetentionPeriod",
        description="Days that point-in-time recovery reaches back",
        config="integer",
    )
    backup_window: Annotated[str, readable_by(windows.backup_minutes)] = setting(
        "03:00-04:00",
        allowed="hh24:mi-hh24:mi in UTC, at least 30 minutes",
        why="RDS API, PreferredBackupWindow",
        description="Daily backup window, UTC",
    )
    maintenance_window: Annotated[str, readable_by(windows.maintenance_minutes)] = setting(
        "sun:04:00-sun:05:00",
        allowed="ddd:hh24:mi-ddd:hh24:mi in UTC, lower case, at least 30 minutes",
        why="RDS API, PreferredMaintenanceWindow",
        description="Weekly maintenance window, UTC",
    )
    enable_deletion_protection: bool = switch(
        default=True,
        description="AWS refuses to delete the cluster while it is on",
    )
    protect_resources: bool = switch(
        default=True,
        description="Pulumi refuses to delete or replace cluster, instances, key, secret and log "
        "groups while it is on",
    )
    skip_final_snapshot: bool = switch(
        default=False,
        description="Deletes the cluster without a last snapshot: the data is gone",
    )
    delete_automated_backups: bool = switch(
        default=False,
        description="Deletes the point-in-time backups together with the cluster",
    )
    apply_immediately: bool = switch(
        default=False,
        why="changes may restart instances; by default they wait for the maintenance window",
        description="Applies modifications at once",
    )
