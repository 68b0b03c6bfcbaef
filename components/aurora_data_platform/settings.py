"""The resolved settings of a platform: plain values, defaults applied, every rule checked."""

from collections.abc import Mapping
from functools import cached_property
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field

from components.aurora_data_platform import engine_versions, windows
from components.aurora_data_platform.faults import SettingsError
from components.aurora_data_platform.iam_documents import Location
from components.aurora_data_platform.naming import REGION_CODES, Names, RotationNames
from components.aurora_data_platform.parameters import (
    DEFAULT_PARAMETERS,
    AppliedParameter,
    ParameterValue,
    convert,
)
from components.aurora_data_platform.rules import RULES
from components.aurora_data_platform.setting_types import (
    APPLICATION_USER_LENGTH,
    LOG_RETENTION_DAYS,
    MONITORING_INTERVAL_SECONDS,
    PERFORMANCE_INSIGHTS_RETENTION_DAYS,
    RECOVERY_WINDOW_DAYS,
    RESERVED_USERS,
    Acu,
    AlarmProfile,
    ApplicationUserName,
    CertificateAuthority,
    DataClassification,
    EmailAddress,
    LogType,
    MasterUserName,
    RotationStrategy,
    SecretsManagerAccess,
    StorageType,
    TagKey,
    TopicArn,
    UserName,
    WebFolder,
    WholeNumber,
    known_in,
    one_of,
    readable_by,
    setting,
)
from components.aurora_data_platform.validation import validate
from components.rotation_function.settings import CLONE_SUFFIX

_RESERVED = ", ".join(RESERVED_USERS)
_YES_OR_NO = "true or false"
_SWITCH = "it is a switch"


class PlatformSettings(BaseModel):
    """Everything that is decided before deployment.

    Field names are the argument names of the component; their camelCase forms are the configuration
    keys of a stack file. Build it with `from_args`, which reports every fault at once.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    region: Annotated[str, known_in(REGION_CODES)] = setting(
        allowed="a region of region_codes.json, for example us-east-2",
        why="names carry the region's short code, which is never guessed",
        description="AWS region; in a stack file it is `aws:region`",
        config=None,
    )
    partition: Annotated[str, Field(pattern=r"^aws[a-z-]*$")] = setting(
        allowed="an AWS partition such as aws, aws-cn, aws-us-gov",
        why="ARNs start with it",
        description="AWS partition, from the credentials in use",
        config=None,
    )
    account_id: Annotated[str, Field(pattern=r"^\d{12}$")] = setting(
        allowed="12 digits, in quotes",
        why="IAM and key policies name the account",
        description="AWS account, from the credentials in use",
        config=None,
    )
    availability_zones: tuple[str, ...] = setting(
        (),
        allowed="at least two different availability zones, or none to let AWS choose",
        why="instances are spread over them in order, so that no zone takes all of them down",
        description="Availability zones of the subnets, from the network lookup",
        config=None,
    )

    environment: Annotated[str, Field(pattern=r"^[a-z](-?[a-z0-9]){0,15}$")] = setting(
        allowed="1 to 16 lower-case letters, digits and single hyphens, a letter first",
        why="it is the first part of every name",
        description="Environment; first part of every physical name and a tag",
    )
    platform_name: Annotated[str, Field(pattern=r"^[a-z](-?[a-z0-9]){0,15}$")] = setting(
        "aurora",
        allowed="1 to 16 lower-case letters, digits and single hyphens, a letter first",
        why="it is part of every name and tells several platforms of an environment apart",
        description="Name of the platform; changing it replaces the database",
    )
    project: Annotated[str, Field(min_length=1, max_length=256)] = setting(
        "trialfinder-v2",
        allowed="1 to 256 characters",
        why="it is the value of a tag",
        description="Value of the Project tag",
    )
    cost_center: Annotated[str, Field(min_length=1, max_length=256)] = setting(
        allowed="1 to 256 characters",
        why="it is the value of a tag that cost allocation reports group by",
        description="Value of the CostCenter tag, for cost allocation",
    )
    data_classification: DataClassification = setting(
        DataClassification.CONFIDENTIAL,
        allowed="public, internal, confidential or restricted",
        why="compliance tools read it from a tag",
        description="Value of the DataClassification tag",
    )
    tags: Annotated[dict[TagKey, Annotated[str, Field(max_length=256)]], Field(max_length=40)] = (
        setting(
            {},
            allowed="at most 40 tags; keys of 1 to 128 characters without the prefix aws:, values "
            "of up to 256 characters",
            why="AWS takes 50 tags per resource and keeps the prefix for itself",
            description="Further tags for every resource; they win over the platform's own",
            config="object",
        )
    )

    engine_version: Annotated[str, readable_by(engine_versions.parse)] = setting(
        "17.4",
        allowed="MAJOR.MINOR, for example 17.4, in quotes",
        why="the parameter group's family and name follow from it",
        description="Aurora PostgreSQL version of a new cluster",
    )
    allow_engine_upgrade: bool = setting(
        default=False,
        allowed=_YES_OR_NO,
        why="an engine upgrade restarts the database, so it happens on purpose only",
        description="Lets this run change the version of an existing cluster",
        config="boolean",
    )
    auto_minor_version_upgrade: bool = setting(
        default=True,
        allowed=_YES_OR_NO,
        why=_SWITCH,
        description="Lets AWS apply minor versions in the maintenance window",
        config="boolean",
    )
    extended_support: bool = setting(
        default=False,
        allowed=_YES_OR_NO,
        why="extended support is billed per ACU-hour",
        description="Stays on a major version after its standard support, for a fee",
        config="boolean",
    )
    aurora_min_capacity: Acu = setting(
        0.5,
        allowed="0 to 256 ACU in steps of 0.5",
        why="AWS offers no other capacity; 1 ACU is about 2 GiB of memory",
        description="Least capacity of each instance, in ACU",
    )
    aurora_max_capacity: Annotated[Acu, Field(ge=1)] = setting(
        16.0,
        allowed="1 to 256 ACU in steps of 0.5",
        why="AWS offers no other capacity; 1 ACU is about 2 GiB of memory",
        description="Greatest capacity of each instance, in ACU",
    )
    seconds_until_auto_pause: Annotated[WholeNumber, Field(ge=300, le=86_400)] = setting(
        300,
        allowed="300 to 86400 seconds",
        why="RDS API, SecondsUntilAutoPause",
        description="Idle seconds until a cluster with auroraMinCapacity 0 pauses",
        config="integer",
    )
    instance_count: Annotated[WholeNumber, Field(ge=1, le=16)] = setting(
        1,
        allowed="1 to 16",
        why="an Aurora cluster has one writer and at most 15 readers",
        description="Number of DB instances; two or more survive the loss of a zone",
        config="integer",
    )
    storage_type: StorageType = setting(
        StorageType.STANDARD,
        allowed="aurora or aurora-iopt1",
        why="Aurora has these two storage configurations",
        description="Storage configuration; aurora-iopt1 pays off above a quarter of I/O cost",
    )
    parameters: dict[str, ParameterValue] = setting(
        {},
        allowed="names with a text, number or boolean each",
        why="they are cluster parameters",
        description="Cluster parameters in readable units; they win over the platform's own",
        config="object",
    )

    database_name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,62}$")] = setting(
        "trialfinder",
        allowed="1 to 63 lower-case letters, digits and underscores, a letter first",
        why="RDS API, DatabaseName; lower case needs no quoting",
        description="Database that is created with the cluster; changing it replaces the database",
    )
    master_username: MasterUserName = setting(
        "aurora_master",
        allowed="1 to 16 lower-case letters, digits and underscores, a letter first; none of "
        f"{_RESERVED}, no pg_ prefix",
        why="RDS API, MasterUsername; default names are guessed first",
        description="Master user; changing it replaces the database",
    )
    database_user: UserName = setting(
        "trialfinder_app",
        allowed="1 to 63 lower-case letters, digits and underscores, a letter first; none of "
        f"{_RESERVED}, no pg_ prefix",
        why="it is a PostgreSQL role that logs in with an IAM token",
        description="Database user that the ECS task role may log in as with IAM",
    )
    application_user: ApplicationUserName = setting(
        "trialfinder_service",
        allowed=f"1 to {APPLICATION_USER_LENGTH} lower-case letters, digits and underscores, a "
        f"letter first; none of {_RESERVED}, no pg_ prefix, no {CLONE_SUFFIX} at the end",
        why="PostgreSQL's names have 63 bytes at most, and the user's clone needs one too",
        description="Database user that takes turns with its clone; `alternating-users` only",
    )
    port: Annotated[WholeNumber, Field(ge=1150, le=65_535)] = setting(
        5432,
        allowed="1150 to 65535",
        why="RDS API, Port, for Aurora",
        description="Port of the database",
        config="integer",
    )

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
    enable_deletion_protection: bool = setting(
        default=True,
        allowed=_YES_OR_NO,
        why=_SWITCH,
        description="AWS refuses to delete the cluster while it is on",
        config="boolean",
    )
    protect_resources: bool = setting(
        default=True,
        allowed=_YES_OR_NO,
        why=_SWITCH,
        description="Pulumi refuses to delete or replace cluster, instances, key, secret and log "
        "groups while it is on",
        config="boolean",
    )
    skip_final_snapshot: bool = setting(
        default=False,
        allowed=_YES_OR_NO,
        why=_SWITCH,
        description="Deletes the cluster without a last snapshot: the data is gone",
        config="boolean",
    )
    delete_automated_backups: bool = setting(
        default=False,
        allowed=_YES_OR_NO,
        why=_SWITCH,
        description="Deletes the point-in-time backups together with the cluster",
        config="boolean",
    )
    secret_recovery_window_days: Annotated[WholeNumber, one_of(RECOVERY_WINDOW_DAYS)] = setting(
        30,
        allowed="0, or 7 to 30 days",
        why="Secrets Manager API, RecoveryWindowInDays; 0 deletes at once and frees the name",
        description="Days in which a deleted master secret can be restored",
        config="integer",
    )
    key_deletion_window_days: Annotated[WholeNumber, Field(ge=7, le=30)] = setting(
        30,
        allowed="7 to 30 days",
        why="KMS API, PendingWindowInDays",
        description="Days in which a deleted created key can be restored",
        config="integer",
    )
    rotation_strategy: RotationStrategy = setting(
        RotationStrategy.SINGLE_USER,
        allowed="single-user or alternating-users",
        why="the rotation function knows these two",
        description="`single-user` rotates the master secret; `alternating-users` does so too, and "
        "adds an application's secret, whose previous version stays valid for one more period",
    )
    rotation_days: Annotated[WholeNumber, Field(ge=1, le=1000)] = setting(
        30,
        allowed="1 to 1000 days",
        why="Secrets Manager API, RotationRules",
        description="Days after which a password is rotated",
        config="integer",
    )
    rotation_window_hours: Annotated[WholeNumber, Field(ge=1, le=24)] = setting(
        3,
        allowed="1 to 24 hours",
        why="the window starts at 00:00 UTC and must end on the same day",
        description="Length of the window, from 00:00 UTC, in which a rotation may happen",
        config="integer",
    )
    secrets_manager_access: SecretsManagerAccess = setting(
        SecretsManagerAccess.CREATE,
        allowed="create (an interface endpoint), existing (one of the VPC, with private DNS) or "
        "nat (a route to the internet)",
        why="the rotation function runs in private subnets",
        description="How the rotation function reaches Secrets Manager",
    )
    apply_immediately: bool = setting(
        default=False,
        allowed=_YES_OR_NO,
        why="changes may restart instances; by default they wait for the maintenance window",
        description="Applies modifications at once",
        config="boolean",
    )

    log_exports: tuple[LogType, ...] = setting(
        (LogType.POSTGRESQL, LogType.IAM_DB_AUTH_ERROR),
        allowed="a list of postgresql, instance, iam-db-auth-error",
        why="Aurora PostgreSQL exports no other log (RDS API, EnableCloudwatchLogsExports); "
        "`upgrade` belongs to RDS for PostgreSQL",
        description="Logs that are sent to CloudWatch",
        config="array",
    )
    log_retention_days: Annotated[WholeNumber, one_of(LOG_RETENTION_DAYS)] = setting(
        365,
        allowed=", ".join(map(str, LOG_RETENTION_DAYS)),
        why="CloudWatch Logs API, PutRetentionPolicy",
        description="Days that the exported logs are kept",
        config="integer",
    )
    performance_insights_enabled: bool = setting(
        default=True,
        allowed=_YES_OR_NO,
        why=_SWITCH,
        description="Collects database load (shown by CloudWatch Database Insights)",
        config="boolean",
    )
    performance_insights_retention_days: Annotated[
        WholeNumber, one_of(PERFORMANCE_INSIGHTS_RETENTION_DAYS)
    ] = setting(
        7,
        allowed="7, a multiple of 31 up to 713, or 731",
        why="RDS API, PerformanceInsightsRetentionPeriod; 7 is free of charge",
        description="Days that database load is kept",
        config="integer",
    )
    monitoring_interval_seconds: Annotated[WholeNumber, one_of(MONITORING_INTERVAL_SECONDS)] = (
        setting(
            60,
            allowed="0 (off), 1, 5, 10, 15, 30 or 60 seconds",
            why="RDS API, MonitoringInterval",
            description="Seconds between two points of Enhanced Monitoring",
            config="integer",
        )
    )
    alarm_profile: AlarmProfile = setting(
        AlarmProfile.PRODUCTION,
        allowed="production (every alarm) or development (what stops work)",
        why="the catalogue marks the alarms of each",
        description="Which alarms the platform has; see docs/alarms.md",
    )
    notification_emails: Annotated[tuple[EmailAddress, ...], Field(max_length=20)] = setting(
        (),
        allowed="at most 20 mail addresses",
        why="each is a subscription that somebody confirms by a link in a mail",
        description="Mail addresses that alarms and database events are sent to",
        config="array",
    )
    notification_topic_arns: Annotated[tuple[TopicArn, ...], Field(max_length=3)] = setting(
        (),
        allowed="at most 3 ARNs of SNS topics",
        why="an alarm takes five actions (CloudWatch API, AlarmActions)",
        description="Existing SNS topics that every alarm is sent to as well",
        config="array",
    )
    paging_topic_arns: Annotated[tuple[TopicArn, ...], Field(max_length=1)] = setting(
        (),
        allowed="at most one ARN of an SNS topic",
        why="an alarm takes five actions (CloudWatch API, AlarmActions)",
        description="Existing SNS topic for a database in trouble or a failed rotation only",
        config="array",
    )
    runbook_base_url: WebFolder = setting(
        "",
        allowed="an address that ends in a slash, or nothing",
        why="alarms append the page's name to it",
        description="Where docs/runbooks/alarms/ is published; alarms link there",
    )
    acu_hour_price_usd: Annotated[float, Field(ge=0, le=10, allow_inf_nan=False)] = setting(
        0.0,
        allowed="0 to 10 USD; 0 for the list price of the region, if it is known",
        why="the dashboard multiplies it by the capacity in use",
        description="Price of an ACU-hour in USD, for the dashboard's cost estimate",
    )
    ca_certificate_identifier: CertificateAuthority = setting(
        CertificateAuthority.RSA2048,
        allowed="rds-ca-rsa2048-g1, rds-ca-rsa4096-g1 or rds-ca-ecc384-g1",
        why="RDS signs server certificates with these",
        description="Certificate authority of the instances' server certificates",
    )

    @classmethod
    def from_args(cls, args: Mapping[str, object]) -> Self:
        """Build the settings.

        Args:
            args: Values by argument name or configuration key; what is left out gets its default.

        Raises:
            SettingsError: Anything is wrong; the error lists every fault.
        """
        settings, faults = validate(cls, args, RULES)
        if settings is None:
            raise SettingsError(faults)
        return settings

    @cached_property
    def names(self) -> Names:
        """Physical names."""
        return Names(
            environment=self.environment,
            platform=self.platform_name,
            region=self.region,
            major_version=self.major_version,
        )

    @property
    def location(self) -> Location:
        """Partition, region and account of every ARN."""
        return Location(self.partition, self.region, self.account_id)

    @property
    def has_application_secret(self) -> bool:
        """Whether an application logs in with a password that is rotated."""
        return self.rotation_strategy is RotationStrategy.ALTERNATING_USERS

    @property
    def rotations(self) -> tuple[RotationNames, ...]:
        """Names of every rotation that the platform has, the master secret's first."""
        own = (self.names.master_rotation,)
        return (*own, self.names.application_rotation) if self.has_application_secret else own

    @property
    def major_version(self) -> int:
        """Engine major version."""
        return engine_versions.parse(self.engine_version)[0]

    @property
    def all_parameters(self) -> Mapping[str, ParameterValue]:
        """Parameters as written, the platform's own included."""
        return {**DEFAULT_PARAMETERS, **self.parameters}

    @cached_property
    def applied_parameters(self) -> list[AppliedParameter]:
        """Parameters as RDS takes them."""
        return convert(self.all_parameters)[0]
