"""Arguments of the component: its public contract."""

from collections.abc import Mapping, Sequence
from typing import NotRequired, TypedDict

import pulumi


class AuroraDataPlatformArgs(TypedDict):
    """Arguments of `AuroraDataPlatform`.

    Values that only exist at deployment are `pulumi.Input`; all others are plain, and each is
    described, with unit, default and limits, by the field of the same name in `PlatformSettings`.
    """

    vpc_id: pulumi.Input[str]
    """VPC of the subnets."""
    subnet_ids: pulumi.Input[list[pulumi.Input[str]]]
    """Private subnets in at least two availability zones."""
    client_security_group_ids: Mapping[str, pulumi.Input[str]]
    """Security groups that may connect, each by a stable name that enters its rule's identity."""
    kms_key_arn: NotRequired[pulumi.Input[str] | None]
    """ARN of a key to adopt. Default: a key is created. Changing it replaces the database."""
    task_role_name: NotRequired[pulumi.Input[str] | None]
    """ECS task role that may log in as the database user. Default: none."""
    execution_role_name: NotRequired[pulumi.Input[str] | None]
    """ECS task execution role that may read the master secret. Default: none."""
    secrets_endpoint_security_group_id: NotRequired[pulumi.Input[str] | None]
    """Security group of the VPC's own Secrets Manager endpoint, with `existing` only."""

    region: str
    partition: str
    account_id: str
    availability_zones: NotRequired[Sequence[str]]
    environment: str
    platform_name: NotRequired[str]
    project: NotRequired[str]
    cost_center: str
    data_classification: NotRequired[str]
    tags: NotRequired[Mapping[str, str]]
    engine_version: NotRequired[str]
    allow_engine_upgrade: NotRequired[bool]
    auto_minor_version_upgrade: NotRequired[bool]
    extended_support: NotRequired[bool]
    aurora_min_capacity: NotRequired[float]
    aurora_max_capacity: NotRequired[float]
    seconds_until_auto_pause: NotRequired[int]
    instance_count: NotRequired[int]
    storage_type: NotRequired[str]
    parameters: NotRequired[Mapping[str, str | int | float | bool]]
    database_name: NotRequired[str]
    master_username: NotRequired[str]
    database_user: NotRequired[str]
    application_user: NotRequired[str]
    port: NotRequired[int]
    backup_retention_days: NotRequired[int]
    backup_window: NotRequired[str]
    maintenance_window: NotRequired[str]
    enable_deletion_protection: NotRequired[bool]
    protect_resources: NotRequired[bool]
    skip_final_snapshot: NotRequired[bool]
    delete_automated_backups: NotRequired[bool]
    secret_recovery_window_days: NotRequired[int]
    key_deletion_window_days: NotRequired[int]
    rotation_strategy: NotRequired[str]
    rotation_days: NotRequired[int]
    rotation_window_hours: NotRequired[int]
    secrets_manager_access: NotRequired[str]
    apply_immediately: NotRequired[bool]
    log_exports: NotRequired[Sequence[str]]
    log_retention_days: NotRequired[int]
    performance_insights_enabled: NotRequired[bool]
    performance_insights_retention_days: NotRequired[int]
    monitoring_interval_seconds: NotRequired[int]
    alarm_profile: NotRequired[str]
    notification_emails: NotRequired[Sequence[str]]
    notification_topic_arns: NotRequired[Sequence[str]]
    paging_topic_arns: NotRequired[Sequence[str]]
    runbook_base_url: NotRequired[str]
    acu_hour_price_usd: NotRequired[float]
    ca_certificate_identifier: NotRequired[str]


RESOURCE_ARGUMENTS = frozenset(
    {
        "vpc_id",
        "subnet_ids",
        "client_security_group_ids",
        "kms_key_arn",
        "task_role_name",
        "execution_role_name",
        "secrets_endpoint_security_group_id",
    }
)
"""Arguments that are not settings."""
