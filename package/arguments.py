"""Arguments of the package: every setting and deployment-time argument, each in one group."""

from dataclasses import dataclass

from components.aurora_data_platform import PlatformSettings
from program.engine_version import EngineVersionLookup

TOP_LEVEL = ""
"""Name of the group whose arguments are arguments of the resource itself."""


@dataclass(frozen=True)
class Group:
    """Arguments that belong together.

    Attributes:
        name: Property of the resource that contains them.
        type_name: Name of the object type in every language.
        description: One sentence.
        settings: Fields of `PackageSettings`.
        inputs: Fields of `AuroraDataPlatformArgs`: values that outputs of other resources may be.
            A name among both is a setting while it is known, and an input while it is not.
    """

    name: str
    type_name: str
    description: str
    settings: tuple[str, ...]
    inputs: tuple[str, ...] = ()

    @property
    def members(self) -> tuple[str, ...]:
        """Both, settings first."""
        return tuple(dict.fromkeys((*self.settings, *self.inputs)))


LOOKED_UP = (
    *("settings", "partition", "account_id", "engine_version"),
    *("availability_zones", "endpoint_subnet_ids"),
)
"""Fields of `AuroraDataPlatformArgs` that no program needs to give."""


class PackageSettings(PlatformSettings, EngineVersionLookup):
    """Settings of a platform, and of the lookups that the package makes for it."""


GROUPS = (
    Group(
        TOP_LEVEL,
        "",
        "Names and tags.",
        (
            *("environment", "platform_name", "project", "cost_center", "data_classification"),
            "tags",
        ),
    ),
    Group(
        "network",
        "Network",
        "Network of the database, and who may connect.",
        ("port", "network_type", "secrets_manager_connectivity"),
        (
            *("vpc_id", "subnet_ids", "client_security_group_ids"),
            "secrets_endpoint_security_group_id",
        ),
    ),
    Group(
        "capacity",
        "Capacity",
        "Instances and their capacity.",
        (
            *("aurora_min_capacity", "aurora_max_capacity", "seconds_until_auto_pause"),
            *("instance_count", "custom_endpoints", "storage_type"),
        ),
    ),
    Group(
        "engine",
        "Engine",
        "Engine version and parameters.",
        (
            *("engine_version", "engine_version_fallback", "allow_engine_upgrade"),
            *("auto_minor_version_upgrade", "engine_lifecycle_support", "cluster_parameters"),
            "ca_certificate_identifier",
        ),
    ),
    Group(
        "access",
        "DatabaseAccess",
        "Databases and users.",
        (
            *("database_name", "databases", "users", "users_check_schedule", "master_username"),
            "iam_roles",
        ),
    ),
    Group(
        "backups",
        "Backups",
        "Backups and maintenance.",
        (
            *("restore_from", "backup_plan", "backup_retention_days", "backup_window"),
            "maintenance_window",
            *("skip_final_snapshot", "delete_automated_backups", "apply_immediately"),
        ),
    ),
    Group(
        "protection",
        "Protection",
        "Protection from deletion.",
        ("enable_deletion_protection", "protect_resources", "secret_recovery_window_days"),
    ),
    Group(
        "encryption",
        "Encryption",
        "KMS key.",
        ("key_deletion_window_days",),
        ("kms_key_arn",),
    ),
    Group(
        "rotation",
        "Rotation",
        "Rotation of passwords, and who reads the master secret.",
        ("rotation_days", "rotation_window_hours", "rotation_reserved_concurrency"),
        ("ecs_task_execution_role_name",),
    ),
    Group(
        "monitoring",
        "Monitoring",
        "Logs, metrics, alarms and the dashboard.",
        (
            *("log_exports", "log_retention_days", "performance_insights_enabled"),
            *(
                "performance_insights_retention_days",
                "database_insights_mode",
                "monitoring_interval_seconds",
            ),
            *("alarm_profile", "runbook_base_url", "acu_hourly_price_usd"),
        ),
    ),
    Group(
        "notifications",
        "Notifications",
        "Recipients of alarms and events.",
        ("notification_emails", "notification_topic_arns", "paging_topic_arn"),
        ("notification_topic_arns", "paging_topic_arn"),
    ),
)
