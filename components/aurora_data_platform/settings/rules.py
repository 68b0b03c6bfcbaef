"""Cross-field rules: combinations that AWS rejects or that lose data."""

from collections.abc import Callable, Iterable, Sequence

from components.aurora_data_platform.aurora import engine_versions, max_connections
from components.aurora_data_platform.aurora.parameters import CONFIG_KEY, convert
from components.aurora_data_platform.aurora.regions import REGIONS
from components.aurora_data_platform.aurora.windows import windows_overlap
from components.aurora_data_platform.errors import ConfigIssue
from components.aurora_data_platform.settings.access_rules import ACCESS_RULES
from components.aurora_data_platform.settings.backup_plan import backup_plan_issues
from components.aurora_data_platform.settings.fields import SettingsFields
from components.aurora_data_platform.settings.restoration import restoration_issues
from components.aurora_data_platform.settings.types import (
    ADVANCED_INSIGHTS_DAYS,
    DatabaseInsightsMode,
)
from components.aurora_data_platform.settings.validation import CrossFieldRule


def _region_has_certificates(s: SettingsFields) -> Iterable[ConfigIssue]:
    if not REGIONS[s.region].rds_root_certificates:
        known = [name for name, region in REGIONS.items() if region.rds_root_certificates]
        yield ConfigIssue(
            "region",
            s.region,
            ", ".join(known),
            "the rotation function verifies TLS against components/database_functions/"
            "certificates.pem, which does not contain the RDS root certificates of this region",
        )


def _minimum_within_maximum(s: SettingsFields) -> Iterable[ConfigIssue]:
    if s.aurora_min_capacity > s.aurora_max_capacity:
        yield ConfigIssue(
            "auroraMinCapacity",
            s.aurora_min_capacity,
            f"at most auroraMaxCapacity ({s.aurora_max_capacity:g} ACU)",
        )


def _capacity_of_version(s: SettingsFields) -> Iterable[ConfigIssue]:
    limits = engine_versions.capacity_range(s.engine_version)
    if limits is None:
        yield ConfigIssue(
            "engineVersion",
            s.engine_version,
            "13.6 or later, 14.3 or later, 15.2 or later, 16.1 or later, any 17 or 18",
            "Aurora Serverless v2 does not support this version",
        )
        return
    for key, capacity in (
        ("auroraMinCapacity", s.aurora_min_capacity),
        ("auroraMaxCapacity", s.aurora_max_capacity),
    ):
        if not limits.minimum <= capacity <= limits.maximum:
            yield ConfigIssue(
                key,
                capacity,
                f"{limits.minimum:g} to {limits.maximum:g} ACU",
                f"not supported by Aurora PostgreSQL {s.engine_version}",
            )


def _version_exists(s: SettingsFields) -> Iterable[ConfigIssue]:
    if engine_versions.never_released(s.engine_version):
        yield ConfigIssue(
            "engineVersion",
            s.engine_version,
            f"one of {', '.join(engine_versions.CALENDAR)}, or a later minor version",
            "AWS never released this version; in YAML, an unquoted 17.10 is the number 17.1",
        )


def _auto_pause(s: SettingsFields) -> Iterable[ConfigIssue]:
    default = type(s).model_fields["seconds_until_auto_pause"].default
    if s.aurora_min_capacity > 0 and s.seconds_until_auto_pause != default:
        yield ConfigIssue(
            "secondsUntilAutoPause",
            s.seconds_until_auto_pause,
            f"{default} (the default) unless auroraMinCapacity is 0",
            f"a cluster pauses only from 0 ACU; auroraMinCapacity is {s.aurora_min_capacity:g}",
        )


def _long_term_support(s: SettingsFields) -> Iterable[ConfigIssue]:
    if engine_versions.is_lts(s.engine_version) and s.auto_minor_version_upgrade:
        yield ConfigIssue(
            "autoMinorVersionUpgrade",
            s.auto_minor_version_upgrade,
            f"false with the LTS version {s.engine_version}",
            "AWS upgrades a cluster with automatic minor upgrades away from its LTS version",
        )


def _windows_do_not_overlap(s: SettingsFields) -> Iterable[ConfigIssue]:
    if windows_overlap(s.backup_window, s.maintenance_window):
        yield ConfigIssue(
            "maintenanceWindow",
            s.maintenance_window,
            f"a window that does not overlap backupWindow ({s.backup_window})",
            "AWS rejects overlapping windows",
        )


def _advanced_insights(s: SettingsFields) -> Iterable[ConfigIssue]:
    if s.database_insights_mode is not DatabaseInsightsMode.ADVANCED:
        return
    reason = "required by databaseInsightsMode advanced (RDS API, DatabaseInsightsMode)"
    if not s.performance_insights_enabled:
        enabled = s.performance_insights_enabled
        yield ConfigIssue("performanceInsightsEnabled", enabled, "true", reason)
    if s.performance_insights_retention_days < ADVANCED_INSIGHTS_DAYS:
        yield ConfigIssue(
            "performanceInsightsRetentionDays",
            s.performance_insights_retention_days,
            f"{ADVANCED_INSIGHTS_DAYS} or more",
            reason,
        )


def _parameters_are_valid(s: SettingsFields) -> Iterable[ConfigIssue]:
    return convert(s.all_parameters)[1]


def _connections_within_cap(s: SettingsFields) -> Iterable[ConfigIssue]:
    requested = max_connections.requested_connections(s.cluster_parameters)
    cap = max_connections.connection_cap(s.aurora_min_capacity)
    if requested is not None and requested > cap:
        condition = " while auroraMinCapacity is below 1" if s.aurora_min_capacity < 1 else ""
        yield ConfigIssue(
            f"{CONFIG_KEY}.max_connections",
            s.cluster_parameters["max_connections"],
            f"at most {cap}{condition}",
            "Aurora Serverless v2 caps the number of connections",
        )


def _logs_are_distinct(s: SettingsFields) -> Iterable[ConfigIssue]:
    if len(set(s.log_exports)) < len(s.log_exports):
        yield ConfigIssue("logExports", [str(log) for log in s.log_exports], "each log once")


def _restoration(s: SettingsFields) -> Iterable[ConfigIssue]:
    return restoration_issues(s.restore_from, s.region)


def _backup_plan(s: SettingsFields) -> Iterable[ConfigIssue]:
    return backup_plan_issues(s.backup_plan)


def _rule(check: Callable[[SettingsFields], Iterable[ConfigIssue]], *reads: str) -> CrossFieldRule:
    return CrossFieldRule(frozenset(reads), check)


RULES: Sequence[CrossFieldRule] = (
    _rule(_region_has_certificates, "region"),
    _rule(_minimum_within_maximum, "aurora_min_capacity", "aurora_max_capacity"),
    _rule(_capacity_of_version, "aurora_min_capacity", "aurora_max_capacity", "engine_version"),
    _rule(_version_exists, "engine_version"),
    _rule(_auto_pause, "aurora_min_capacity", "seconds_until_auto_pause"),
    _rule(_long_term_support, "engine_version", "auto_minor_version_upgrade"),
    _rule(
        _advanced_insights,
        *("database_insights_mode", "performance_insights_enabled"),
        "performance_insights_retention_days",
    ),
    _rule(_windows_do_not_overlap, "backup_window", "maintenance_window"),
    _rule(_parameters_are_valid, "cluster_parameters"),
    _rule(_connections_within_cap, "cluster_parameters", "aurora_min_capacity"),
    _rule(_logs_are_distinct, "log_exports"),
    _rule(_restoration, "restore_from", "region"),
    _rule(_backup_plan, "backup_plan"),
    *ACCESS_RULES,
)
