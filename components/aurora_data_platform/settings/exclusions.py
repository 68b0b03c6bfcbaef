"""Combinations of settings that exclude each other, as a table.

Messages and the table in docs/configuration.md come from it.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from pydantic.alias_generators import to_snake

from components.aurora_data_platform.aurora import engine_versions, max_connections
from components.aurora_data_platform.aurora.max_connections import CAP, CAP_BELOW_ONE_ACU
from components.aurora_data_platform.aurora.parameters import CONFIG_KEY
from components.aurora_data_platform.aurora.windows import windows_overlap
from components.aurora_data_platform.errors import MISSING, ConfigIssue
from components.aurora_data_platform.settings.backup_plan import (
    MIN_COOLING_OFF_DAYS,
    SCHEDULE,
    BackupPlan,
    RestoreTesting,
    VaultLock,
)
from components.aurora_data_platform.settings.fields import SettingsFields
from components.aurora_data_platform.settings.groups.engine import EngineSettings
from components.aurora_data_platform.settings.restoration import LATEST, RestoreMethod
from components.aurora_data_platform.settings.types import (
    ADVANCED_INSIGHTS_DAYS,
    DatabaseInsightsMode,
)
from components.aurora_data_platform.settings.validation import CrossFieldRule

_DEFAULT_PAUSE = EngineSettings.model_fields["seconds_until_auto_pause"].default
_INSIGHTS = "required by databaseInsightsMode advanced (RDS API, DatabaseInsightsMode)"
_CONNECTIONS = "Aurora Serverless v2 caps the number of connections"
_WITHIN_REGION = "AWS restores within a region; copy a snapshot to this region first"


@dataclass(frozen=True)
class Exclusion:
    """A combination that is rejected.

    Attributes:
        key: Configuration key that the message names.
        condition: The combination, in words.
        holds: Whether settings are in the combination.
        expected: What the key accepts instead, with values of the settings `s`.
        reason: Why, with the source; empty if the words say it.
        others: The other configuration keys of the combination.
    """

    key: str
    condition: str
    holds: Callable[[SettingsFields], bool]
    expected: str
    reason: str = ""
    others: tuple[str, ...] = ()

    @property
    def rule(self) -> CrossFieldRule:
        """The rule that rejects it."""
        keys = (self.key, *self.others)
        return CrossFieldRule(
            frozenset(to_snake(key.partition(".")[0]) for key in keys), self._issues
        )

    def _issues(self, s: SettingsFields) -> Iterable[ConfigIssue]:
        if self.holds(s):
            filled = (text.format(s=s) for text in (self.expected, self.reason))
            yield ConfigIssue(self.key, _value(s, self.key), *filled)


def _value(s: object, key: str) -> object:
    """Return the printable value of a key."""
    for part in key.split("."):
        found: object = s
        s = (
            cast("Mapping[str, object]", found)[part]
            if isinstance(found, Mapping)
            else getattr(found, to_snake(part))
        )
    if isinstance(s, str):
        return str(s) or MISSING
    return s


def _requests_above(s: SettingsFields, cap: int) -> bool:
    requested = max_connections.requested_connections(s.cluster_parameters)
    return requested is not None and requested > cap


def _elsewhere(arn: str, region: str) -> bool:
    return arn.startswith("arn:") and arn.split(":")[3] != region


def _is_advanced(s: SettingsFields) -> bool:
    return s.database_insights_mode is DatabaseInsightsMode.ADVANCED


EXCLUSIONS: Sequence[Exclusion] = (
    Exclusion(
        "auroraMinCapacity",
        "above `auroraMaxCapacity`",
        lambda s: s.aurora_min_capacity > s.aurora_max_capacity,
        "at most auroraMaxCapacity ({s.aurora_max_capacity:g} ACU)",
        others=("auroraMaxCapacity",),
    ),
    Exclusion(
        "secondsUntilAutoPause",
        "set, and `auroraMinCapacity` is above 0",
        lambda s: s.aurora_min_capacity > 0 and s.seconds_until_auto_pause != _DEFAULT_PAUSE,
        f"{_DEFAULT_PAUSE} (the default) unless auroraMinCapacity is 0",
        "a cluster pauses only from 0 ACU; auroraMinCapacity is {s.aurora_min_capacity:g}",
        ("auroraMinCapacity",),
    ),
    Exclusion(
        "autoMinorVersionUpgrade",
        "true, and `engineVersion` is an LTS version",
        lambda s: engine_versions.is_lts(s.engine_version) and s.auto_minor_version_upgrade,
        "false with the LTS version {s.engine_version}",
        "AWS upgrades a cluster with automatic minor upgrades away from its LTS version",
        ("engineVersion",),
    ),
    Exclusion(
        "performanceInsightsEnabled",
        "false, and `databaseInsightsMode` is advanced",
        lambda s: _is_advanced(s) and not s.performance_insights_enabled,
        "true",
        _INSIGHTS,
        ("databaseInsightsMode",),
    ),
    Exclusion(
        "performanceInsightsRetentionDays",
        f"below {ADVANCED_INSIGHTS_DAYS}, and `databaseInsightsMode` is advanced",
        lambda s: (
            _is_advanced(s) and s.performance_insights_retention_days < ADVANCED_INSIGHTS_DAYS
        ),
        f"{ADVANCED_INSIGHTS_DAYS} or more",
        _INSIGHTS,
        ("databaseInsightsMode",),
    ),
    Exclusion(
        "maintenanceWindow",
        "overlaps `backupWindow`",
        lambda s: windows_overlap(s.backup_window, s.maintenance_window),
        "a window that does not overlap backupWindow ({s.backup_window})",
        "AWS rejects overlapping windows",
        ("backupWindow",),
    ),
    Exclusion(
        f"{CONFIG_KEY}.max_connections",
        f"above {CAP_BELOW_ONE_ACU}, and `auroraMinCapacity` is below 1",
        lambda s: s.aurora_min_capacity < 1 and _requests_above(s, CAP_BELOW_ONE_ACU),
        f"at most {CAP_BELOW_ONE_ACU} while auroraMinCapacity is below 1",
        _CONNECTIONS,
        ("auroraMinCapacity",),
    ),
    Exclusion(
        f"{CONFIG_KEY}.max_connections",
        f"above {CAP}",
        lambda s: s.aurora_min_capacity >= 1 and _requests_above(s, CAP),
        f"at most {CAP}",
        _CONNECTIONS,
        ("auroraMinCapacity",),
    ),
    Exclusion(
        "iamRoles",
        "one role for two features",
        lambda s: len(set(s.iam_roles.values())) < len(s.iam_roles),
        "a different role for each feature",
        "AWS rejects a second association of a role (RDS API, DBClusterRoleAlreadyExists)",
    ),
    Exclusion(
        "restoreFrom.cluster",
        "set together with `restoreFrom.snapshot`",
        lambda s: bool(s.restore_from.snapshot and s.restore_from.cluster),
        "unset if restoreFrom.snapshot is set",
    ),
    Exclusion(
        "restoreFrom.time",
        "set without `restoreFrom.cluster`",
        lambda s: not s.restore_from.cluster and s.restore_from.time != LATEST,
        "unset unless restoreFrom.cluster is set",
    ),
    Exclusion(
        "restoreFrom.method",
        "set without `restoreFrom.cluster`",
        lambda s: (
            not s.restore_from.cluster and s.restore_from.method is not RestoreMethod.FULL_COPY
        ),
        "unset unless restoreFrom.cluster is set",
    ),
    Exclusion(
        "restoreFrom.time",
        "a time, and `restoreFrom.method` is copy-on-write",
        lambda s: (
            s.restore_from.method is RestoreMethod.COPY_ON_WRITE and s.restore_from.time != LATEST
        ),
        "latest with copy-on-write",
        "a clone always has the current data (RDS API, RestoreToTime)",
    ),
    *(
        Exclusion(
            f"restoreFrom.{source}",
            "in another region",
            lambda s, source=source: _elsewhere(getattr(s.restore_from, source), s.region),
            f"a {source} in {{s.region}}",
            _WITHIN_REGION,
            ("region",),
        )
        for source in ("snapshot", "cluster")
    ),
    Exclusion(
        "backupPlan.schedule",
        "empty, and the plan has other keys",
        lambda s: not s.backup_plan.is_given and s.backup_plan != BackupPlan(),
        SCHEDULE,
        "the plan has other keys",
    ),
    Exclusion(
        "backupPlan.copyRetentionDays",
        "set without `backupPlan.copyTo`",
        lambda s: (
            not s.backup_plan.copy_to
            and s.backup_plan.copy_retention_days != BackupPlan().copy_retention_days
        ),
        "unset without copyTo",
    ),
    Exclusion(
        "backupPlan.vaultLock.minRetentionDays",
        "0, and the lock has other keys",
        lambda s: not s.backup_plan.vault_lock.is_given and s.backup_plan.vault_lock != VaultLock(),
        "at least 1 day with the other keys of the lock",
    ),
    Exclusion(
        "backupPlan.vaultLock.minRetentionDays",
        "above `maxRetentionDays`",
        lambda s: s.backup_plan.vault_lock.is_empty,
        "at most maxRetentionDays ({s.backup_plan.vault_lock.max_retention_days} days)",
    ),
    Exclusion(
        "backupPlan.retentionDays",
        "outside the retention periods of `backupPlan.vaultLock`",
        lambda s: (
            not s.backup_plan.vault_lock.is_empty
            and not s.backup_plan.vault_lock.allows(s.backup_plan.retention_days)
        ),
        "{s.backup_plan.vault_lock.min_retention_days} to "
        "{s.backup_plan.vault_lock.max_retention_days} days",
        "a locked vault fails backup jobs with another retention period",
    ),
    Exclusion(
        "backupPlan.vaultLock.changeableForDays",
        f"below {MIN_COOLING_OFF_DAYS}, and not 0",
        lambda s: (
            s.backup_plan.vault_lock.is_given
            and 0 < s.backup_plan.vault_lock.changeable_for_days < MIN_COOLING_OFF_DAYS
        ),
        f"0 or at least {MIN_COOLING_OFF_DAYS} days",
        "AWS Backup API, ChangeableForDays",
    ),
    Exclusion(
        "backupPlan.restoreTesting.startWindowHours",
        "set without a schedule",
        lambda s: (
            not s.backup_plan.restore_testing.schedule
            and s.backup_plan.restore_testing != RestoreTesting()
        ),
        "unset without a schedule",
    ),
)
