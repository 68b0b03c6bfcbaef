"""The backup plan: snapshots by AWS Backup, in addition to the cluster's automated backups.

A plan never enables continuous backup: AWS Backup would take over the retention period and the
backup window of the cluster, which then differ from the program's
(hashicorp/terraform-provider-aws, issue 33465 and pull request 34187).
"""

import re
from collections.abc import Iterable
from typing import Annotated

from pydantic import Field

from components.aurora_data_platform.errors import ConfigIssue
from components.aurora_data_platform.settings.schedules import is_cron
from components.aurora_data_platform.settings.types import (
    SettingsObject,
    WholeNumber,
    parsed_by,
    setting,
)

_ONE_MINUTE = re.compile(r"cron\([0-9]+ ")
_VAULT_ARN = r"arn:aws[a-z-]*:backup:[a-z0-9-]+:[0-9]{12}:backup-vault:[A-Za-z0-9_-]{2,50}"
SCHEDULE = (
    "cron(minute hour day month weekday year) in UTC with one minute from 0 to 59, and a ? for "
    "either the day or the weekday, for example cron(0 5 ? * * *)"
)
"""Accepted schedules, in words."""
MAX_RETENTION_DAYS = 36_500
"""AWS Backup API, Lifecycle: 100 years."""
MIN_COOLING_OFF_DAYS = 3
"""AWS Backup API, PutBackupVaultLockConfiguration, ChangeableForDays."""


def _check_schedule(text: str) -> None:
    if text and not (_ONE_MINUTE.match(text) and is_cron(text)):
        msg = "not a schedule"
        raise ValueError(msg)


class VaultLock(SettingsObject):
    """A lock that keeps recovery points from being deleted early."""

    min_retention_days: Annotated[
        WholeNumber,
        Field(ge=0, le=MAX_RETENTION_DAYS),
        setting("1 to 36500 days, or 0 for no lock", "AWS Backup API, MinRetentionDays"),
    ] = 0
    """Minimum retention period of every recovery point in the vault, in days."""
    max_retention_days: Annotated[
        WholeNumber,
        Field(ge=1, le=MAX_RETENTION_DAYS),
        setting("1 to 36500 days", "AWS Backup API, MaxRetentionDays"),
    ] = MAX_RETENTION_DAYS
    """Maximum retention period of every recovery point in the vault, in days."""
    changeable_for_days: Annotated[
        WholeNumber,
        Field(ge=0, le=MAX_RETENTION_DAYS),
        setting(
            "0 for governance mode, or 3 to 36500 days for compliance mode",
            "AWS Backup API, ChangeableForDays",
        ),
    ] = 0
    """Days after which nobody, AWS included, can remove or change the lock or delete the vault
    before its recovery points expire (compliance mode). 0: permitted users can remove the lock
    (governance mode)."""

    @property
    def is_given(self) -> bool:
        """Whether the vault is locked."""
        return self.min_retention_days > 0

    @property
    def is_empty(self) -> bool:
        """Whether it allows no retention period at all."""
        return self.is_given and self.min_retention_days > self.max_retention_days

    def allows(self, retention_days: int) -> bool:
        """Return whether a vault with this lock accepts a retention period, in days."""
        limits = range(self.min_retention_days, self.max_retention_days + 1)
        return not self.is_given or retention_days in limits


class RestoreTesting(SettingsObject):
    """Restores by which AWS Backup tests the recovery points."""

    schedule: Annotated[
        str,
        parsed_by(_check_schedule),
        setting(SCHEDULE, "AWS Backup API, RestoreTestingPlanForCreate"),
    ] = ""
    """When AWS Backup restores the latest recovery point and deletes the restored cluster again;
    empty for no tests."""
    start_window_hours: Annotated[
        WholeNumber,
        Field(ge=1, le=168),
        setting("1 to 168 hours", "AWS Backup API, StartWindowHours"),
    ] = 24
    """Hours after the scheduled time within which the restore starts."""


class BackupPlan(SettingsObject):
    """Scheduled snapshots of the cluster in a backup vault."""

    schedule: Annotated[
        str,
        parsed_by(_check_schedule),
        setting(SCHEDULE, "AWS Backup API, ScheduleExpression; at most once an hour"),
    ] = ""
    """When a backup is started; empty for no plan."""
    retention_days: Annotated[
        WholeNumber,
        Field(ge=1, le=MAX_RETENTION_DAYS),
        setting("1 to 36500 days", "AWS Backup API, DeleteAfterDays"),
    ] = 90
    """Days after which a recovery point is deleted."""
    copy_to: Annotated[
        str,
        Field(pattern=rf"^(|{_VAULT_ARN})$"),
        setting(
            "the ARN of a backup vault in either another region or another account",
            "AWS Backup Developer Guide, Copy a backup",
        ),
    ] = ""
    """Existing backup vault that receives a copy of each recovery point; empty for no copies."""
    copy_retention_days: Annotated[
        WholeNumber,
        Field(ge=1, le=MAX_RETENTION_DAYS),
        setting("1 to 36500 days", "AWS Backup API, DeleteAfterDays"),
    ] = 90
    """Days after which a copy is deleted."""
    vault_lock: Annotated[
        VaultLock, setting("an object with minRetentionDays, maxRetentionDays, changeableForDays")
    ] = VaultLock()
    """Lock of the vault: limits retention periods, and prevents the early deletion of recovery
    points."""
    restore_testing: Annotated[
        RestoreTesting, setting("an object with schedule and startWindowHours")
    ] = RestoreTesting()
    """Restore testing of the recovery points."""

    @property
    def is_given(self) -> bool:
        """Whether there is a plan."""
        return bool(self.schedule)

    @property
    def copy_region(self) -> str:
        """Region of the copies; empty without copies."""
        return self.copy_to.split(":")[3] if self.copy_to else ""

    @property
    def copy_account(self) -> str:
        """Account of the copies; empty without copies."""
        return self.copy_to.split(":")[4] if self.copy_to else ""


def copy_issues(plan: BackupPlan, region: str, account_id: str) -> Iterable[ConfigIssue]:
    """Return an issue if a platform in this region and account cannot copy to the vault."""
    elsewhere = (plan.copy_region != region) + (plan.copy_account != account_id)
    if plan.copy_to and elsewhere != 1:
        yield ConfigIssue(
            "backupPlan.copyTo",
            plan.copy_to,
            f"a vault either in another region of {account_id} or in {region} of another account",
            "this platform does not support copies to another region of another account yet; AWS "
            "Backup does"
            if elsewhere
            else "a copy next to the original is lost with it",
        )
