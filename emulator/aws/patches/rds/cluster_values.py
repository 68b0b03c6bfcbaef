"""Values of a cluster that AWS checks by themselves or against each other."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from emulator.aws.aurora import versions as aurora_versions
from emulator.aws.aurora import windows
from emulator.aws.aurora.reserved_words import RESERVED_WORDS
from emulator.aws.errors import reject, reject_combination, reject_value
from emulator.aws.moto_adapter.call import Answer, Call, Proceed
from emulator.aws.registry import patch_operations

_TEST = "rds/test_cluster_values"

Settings = Mapping[str, Any]

PERFORMANCE_INSIGHTS_DAYS = (7, *(31 * months for months in range(1, 24)), 731)
"""RDS API reference, CreateDBCluster, PerformanceInsightsRetentionPeriod."""

ADVANCED_INSIGHTS_DAYS = 465
"""CloudWatch user guide, "Database Insights": what the advanced mode retains."""

MONITORING_SECONDS = (0, 1, 5, 10, 15, 30, 60)
"""RDS API reference, CreateDBInstance, MonitoringInterval."""

_SCALING = "ServerlessV2ScalingConfiguration"
_ENUMERATIONS = {
    "EngineLifecycleSupport": (
        "open-source-rds-extended-support",
        "open-source-rds-extended-support-disabled",
    ),
    "NetworkType": ("IPV4", "DUAL"),
}
_RESERVED_USERS = re.compile(
    r"(admin|rdsadmin|rds_.*|rdsrepladmin|rdsproxyadmin|pg_.*)", re.IGNORECASE
)
_USER = re.compile(r"[a-zA-Z][a-zA-Z0-9_]{0,62}")
_RESERVED_DATABASES = frozenset({"admin", "rdsadmin", "template0", "template1"})
"""Databases and users of the engine and of RDS itself."""

_DATABASE = re.compile(r"[a-zA-Z][a-zA-Z0-9_]{0,62}")
_PASSWORD = re.compile(r"[!#-.0-?A-~]*")


@patch_operations(
    "rds:CreateDBCluster",
    "rds:ModifyDBCluster",
    moto_behaviour="only the password's minimum length is validated",
    aws="InvalidParameterValue or InvalidParameterCombination; nothing changes",
    source="RDS API reference, CreateDBCluster and ModifyDBCluster, each member's constraints",
    test=f"{_TEST}::test_an_invalid_value_is_rejected_and_nothing_is_created",
)
def validate_cluster(call: Call, proceed: Proceed) -> Answer:
    """Validate the resulting cluster: its current settings with the request's on top."""
    stored = {} if call.creates else _stored(call)
    wanted = {**stored, **call.params}
    if _SCALING in call.params:
        wanted[_SCALING] = {**stored.get(_SCALING, {}), **call.params[_SCALING]}
    for check in _CHECKS:
        check(wanted)
    return proceed()


def _stored(call: Call) -> dict[str, Any]:
    """What checks compare a modification with.

    The windows only where one of the two is sent: moto's own defaults of a cluster that was
    created without a window may overlap, AWS's do not.
    """
    cluster = call.rds.clusters[call.params["DBClusterIdentifier"]]
    stored: dict[str, Any] = {
        "EngineVersion": cluster.engine_version,
        _SCALING: cluster.serverless_v2_scaling_configuration,
        "EnablePerformanceInsights": getattr(cluster, "performance_insights_enabled", False),
        "PerformanceInsightsRetentionPeriod": getattr(
            cluster, "performance_insights_retention_period", None
        ),
        "DatabaseInsightsMode": getattr(cluster, "database_insights_mode", "standard"),
        "MonitoringInterval": getattr(cluster, "monitoring_interval", 0),
        "MonitoringRoleArn": getattr(cluster, "monitoring_role_arn", None),
    }
    if {"PreferredBackupWindow", "PreferredMaintenanceWindow"} & call.params.keys():
        stored["PreferredBackupWindow"] = cluster.preferred_backup_window
        stored["PreferredMaintenanceWindow"] = cluster.preferred_maintenance_window
    if call.params.get("MonitoringInterval") == 0:
        del stored["MonitoringRoleArn"]  # turning it off removes the role
    return {name: value for name, value in stored.items() if value is not None}


def _retention(settings: Settings) -> None:
    days = settings.get("BackupRetentionPeriod", 1)
    if not 1 <= days <= 35:
        reject_value(f"Invalid backup retention period: {days}. Must be between 1 and 35.")


def _windows(settings: Settings) -> None:
    backup = settings.get("PreferredBackupWindow")
    maintenance = settings.get("PreferredMaintenanceWindow")
    if backup:
        windows.backup_minutes(backup)
    if maintenance:
        windows.maintenance_minutes(maintenance)
    if backup and maintenance:
        windows.check_apart(backup, maintenance)


def _capacity(settings: Settings) -> None:
    scaling = settings.get(_SCALING)
    if not scaling:
        return
    low, high = aurora_versions.SERVERLESS_CAPACITY
    for word, name in (("minimum", "MinCapacity"), ("maximum", "MaxCapacity")):
        capacity = scaling.get(name)
        if capacity is None:
            continue
        prefix = (
            f"Serverless v2 {word} capacity {capacity} isn't valid. The {word} capacity must be"
        )
        if word == "maximum" and capacity < 1:
            reject_value(f"{prefix} at least 1.0.")
        if not low <= capacity <= high:
            reject_value(f"{prefix} between {low} and {high}.")
        if capacity * 2 != int(capacity * 2):
            reject_value(f"{prefix} in half-step increments.")
    if scaling.get("MinCapacity", low) > scaling.get("MaxCapacity", high):
        reject_combination(
            f"Serverless v2 minimum capacity {scaling['MinCapacity']} is larger than the maximum "
            f"capacity {scaling['MaxCapacity']}."
        )
    pause = scaling.get("SecondsUntilAutoPause")
    if pause is not None and not 300 <= pause <= 86400:
        reject_value(
            f"Serverless v2 auto-pause timeout {pause} isn't valid. It must be between 300 and "
            "86400 seconds."
        )


def _performance_insights(settings: Settings) -> None:
    days = settings.get("PerformanceInsightsRetentionPeriod")
    if days is not None and days not in PERFORMANCE_INSIGHTS_DAYS:
        reject_value(
            f"Invalid Performance Insights retention period: {days}. Valid values are "
            f"{', '.join(map(str, PERFORMANCE_INSIGHTS_DAYS))}."
        )
    enabled = settings.get("EnablePerformanceInsights", False)
    if settings.get("DatabaseInsightsMode") == "advanced" and not (
        enabled and (days or 0) >= ADVANCED_INSIGHTS_DAYS
    ):
        reject_combination(
            "To enable the Advanced mode of Database Insights, modify your cluster to enable "
            "Performance Insights and set the retention period for Performance Insights to at "
            f"least {ADVANCED_INSIGHTS_DAYS} days."
        )


def check_monitoring(settings: Settings) -> None:
    """Reject an unsupported interval, or an interval without a role and vice versa."""
    interval, role = settings.get("MonitoringInterval", 0), settings.get("MonitoringRoleArn")
    if interval not in MONITORING_SECONDS:
        reject_value(
            f"Invalid monitoring interval: {interval}. Valid values are "
            f"{', '.join(map(str, MONITORING_SECONDS))}."
        )
    if interval and not role:
        reject_combination(
            "A MonitoringRoleARN value is required if you specify a MonitoringInterval value other "
            "than 0."
        )
    if role and not interval:
        reject_combination(
            "You must specify a MonitoringInterval value other than 0 when you specify a "
            "MonitoringRoleARN value."
        )


def _log_types(settings: Settings) -> None:
    configuration = settings.get("CloudwatchLogsExportConfiguration", {})
    requested = [
        *settings.get("EnableCloudwatchLogsExports", []),
        *configuration.get("EnableLogTypes", []),
        *configuration.get("DisableLogTypes", []),
    ]
    unknown = [name for name in requested if name not in aurora_versions.EXPORTABLE_LOG_TYPES]
    if unknown:
        version = settings.get("EngineVersion", "")
        reject_combination(
            f"You cannot use the log types '{','.join(unknown)}' with engine version "
            f"{aurora_versions.ENGINE} {version}. For supported log types, see the documentation."
        )


def _enumerations(settings: Settings) -> None:
    for member, legal in _ENUMERATIONS.items():
        if settings.get(member) not in (None, *legal):
            reject_value(
                f"Invalid {member}: {settings[member]}. Valid values are {', '.join(legal)}."
            )
    if settings.get("StorageType") not in (None, "aurora", "aurora-iopt1"):
        message = f"{settings['StorageType']} is not a storage type of {aurora_versions.ENGINE}"
        reject("StorageTypeNotSupported", message)


def _master_user(settings: Settings) -> None:
    name = settings.get("MasterUsername")
    if name is not None and (_RESERVED_USERS.fullmatch(name) or name.lower() in RESERVED_WORDS):
        reject_value(
            f"MasterUsername {name} cannot be used as it is a reserved word used by the engine"
        )
    if name is not None and not _USER.fullmatch(name):
        reject_value(
            "The parameter MasterUsername must begin with a letter and contain only alphanumeric "
            "characters and underscores, at most 63."
        )
    database = settings.get("DatabaseName")
    if database is not None and database.lower() in _RESERVED_DATABASES | RESERVED_WORDS:
        reject_value(
            f"DatabaseName {database} cannot be used as it is a reserved word used by the engine"
        )
    if database is not None and not _DATABASE.fullmatch(database):
        reject_value(
            "DatabaseName must begin with a letter and contain only alphanumeric characters and "
            "underscores, at most 63."
        )


def _password(settings: Settings) -> None:
    password = settings.get("MasterUserPassword")
    if password is None:
        return
    if settings.get("ManageMasterUserPassword"):
        reject_combination(
            "You can't specify MasterUserPassword when you use ManageMasterUserPassword."
        )
    invalid = "The parameter MasterUserPassword is not a valid password"
    if not _PASSWORD.fullmatch(password):
        reject_value(
            f"{invalid}. Only printable ASCII characters besides '/', '@', '\"', ' ' may be used."
        )
    if len(password) < 8:
        reject_value(f"{invalid} because it is shorter than 8 characters.")
    if len(password) > 41:
        reject_value(f"{invalid} because it is longer than 41 characters.")


def _port(settings: Settings) -> None:
    port = settings.get("Port", 5432)
    if not 1150 <= port <= 65535:
        reject_value(f"Invalid endpoint port {port}, valid port values are: 1150-65535")


_CHECKS: tuple[Callable[[Settings], None], ...] = (
    _master_user,
    _password,
    _port,
    _retention,
    _windows,
    _capacity,
    _enumerations,
    _performance_insights,
    check_monitoring,
    _log_types,
)
