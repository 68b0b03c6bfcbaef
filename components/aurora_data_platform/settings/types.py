"""Types of single settings, and how a setting is declared."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic.alias_generators import to_camel

from components.aurora_data_platform.aurora.identifiers import (
    is_reserved_database,
    is_reserved_user,
)
from components.aurora_data_platform.settings.schedules import is_cron
from components.database_functions.rotation.settings import (
    CLONE_SUFFIX,
    MAX_NAME_BYTES,
)
from components.database_functions.setup.declaration import ACCESS_LEVELS

ConfigType = Literal["string", "array", "object"]


class DataClassification(StrEnum):
    """Sensitivity of the stored data, published as a tag for compliance tools."""

    PUBLIC = "public"
    INTERNAL = "internal"
    CONFIDENTIAL = "confidential"
    RESTRICTED = "restricted"


class StorageType(StrEnum):
    """Aurora storage configuration (Amazon Aurora User Guide, Storage configurations)."""

    STANDARD = "aurora"
    IO_OPTIMIZED = "aurora-iopt1"


class EngineLifecycleSupport(StrEnum):
    """Enrollment in RDS Extended Support (RDS API, EngineLifecycleSupport)."""

    ENABLED = "open-source-rds-extended-support"
    DISABLED = "open-source-rds-extended-support-disabled"


class CaCertificateIdentifier(StrEnum):
    """Certificate authorities of RDS (Amazon RDS User Guide, Using SSL/TLS)."""

    RSA2048 = "rds-ca-rsa2048-g1"
    RSA4096 = "rds-ca-rsa4096-g1"
    ECC384 = "rds-ca-ecc384-g1"


class LogType(StrEnum):
    """Logs that Aurora PostgreSQL exports (RDS API, EnableCloudwatchLogsExports)."""

    POSTGRESQL = "postgresql"
    INSTANCE = "instance"
    IAM_DB_AUTH_ERROR = "iam-db-auth-error"


class SecretsManagerConnectivity(StrEnum):
    """Network path from the Lambda functions to Secrets Manager."""

    CREATE_ENDPOINT = "create-endpoint"
    EXISTING_ENDPOINT = "existing-endpoint"
    NAT = "nat"


class DatabaseInsightsMode(StrEnum):
    """Mode of CloudWatch Database Insights (RDS API, DatabaseInsightsMode)."""

    STANDARD = "standard"
    ADVANCED = "advanced"


class NetworkType(StrEnum):
    """Addresses at which a cluster answers (RDS API, NetworkType)."""

    IPV4 = "IPV4"
    DUAL = "DUAL"


class AlarmProfile(StrEnum):
    """Selection of alarms from the catalogue."""

    PRODUCTION = "production"
    DEVELOPMENT = "development"


LOG_RETENTION_DAYS = (
    *(1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545),
    *(731, 1096, 1827, 2192, 2557, 2922, 3288, 3653),
)
"""CloudWatch Logs API, PutRetentionPolicy; 0, never expire, is not supported here."""

PERFORMANCE_INSIGHTS_RETENTION_DAYS = (7, *(31 * months for months in range(1, 24)), 731)
"""RDS API, PerformanceInsightsRetentionPeriod: 7, months of 31 days, or two years."""

ADVANCED_INSIGHTS_DAYS = 465
"""Minimum retention of the advanced mode of Database Insights (CloudWatch User Guide)."""

MONITORING_INTERVAL_SECONDS = (0, 1, 5, 10, 15, 30, 60)
"""RDS API, MonitoringInterval."""

RECOVERY_WINDOW_DAYS = (0, *range(7, 31))
"""Secrets Manager API, RecoveryWindowInDays; 0 deletes without recovery."""

MAX_NOTIFICATION_TOPICS = 3
"""CloudWatch API, AlarmActions: five, less the platform's own topic and the paging topic."""

IAM_ROLE_FEATURES = ("s3Import", "s3Export", "Lambda", "Bedrock", "SageMaker", "Comprehend")
"""Features of Aurora PostgreSQL that need a role (Amazon Aurora User Guide: Importing data from
Amazon S3, Exporting data to Amazon S3, Invoking a Lambda function, Using machine learning)."""

MAX_USER_LENGTH = MAX_NAME_BYTES - len(CLONE_SUFFIX)
"""PostgreSQL's limit, less the suffix of the clone's name."""
MAX_DATABASE_LENGTH = MAX_NAME_BYTES - max(len(f"_{access}") for access in ACCESS_LEVELS)
"""PostgreSQL's limit, less the suffix of the longest group role's name."""


@dataclass(frozen=True)
class SettingSpec:
    """Description of a setting for error messages and the reference.

    Attributes:
        allowed: Accepted values, in words.
        reason: Origin or reason of the limit; empty if there is none worth naming.
        config_type: Type in `Pulumi.yaml`, or None for a setting that no stack file contains.
            Numbers and booleans are strings there: the engine would otherwise check them itself,
            one at a time, before the program can report every issue.
    """

    allowed: str
    reason: str = ""
    config_type: ConfigType | None = "string"


class SettingsGroup(BaseModel):
    """Base class of a group of settings; the docstring of a field is its description."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class SettingsObject(SettingsGroup):
    """Base class of an object inside a setting; its keys are camelCase there as well."""

    model_config = ConfigDict(alias_generator=to_camel, validate_by_name=True)


def setting(allowed: str, reason: str = "", *, config_type: ConfigType | None = "string") -> Any:
    """Return the metadata of a setting, for use inside `Annotated`; see `SettingSpec`."""
    return Field(json_schema_extra={"spec": SettingSpec(allowed, reason, config_type)})  # pyright: ignore[reportArgumentType] - only read back by `spec_of`


def flag(reason: str = "") -> Any:
    """Return the metadata of a boolean setting."""
    return setting("true or false", reason)


def one_of(values: tuple[int, ...]) -> AfterValidator:
    """Return a validator that accepts a number from a short list."""

    def check(value: int) -> int:
        if value not in values:
            msg = f"not one of {values}"
            raise ValueError(msg)
        return value

    return AfterValidator(check)


def parsed_by(parse: Callable[[str], object]) -> AfterValidator:
    """Return a validator that accepts text which `parse` accepts."""

    def check(value: str) -> str:
        parse(value)
        return value

    return AfterValidator(check)


def key_of(table: Mapping[str, object]) -> AfterValidator:
    """Return a validator that accepts a key of `table`."""
    return rejecting(lambda value: value not in table)


def rejecting(is_rejected: Callable[[str], bool]) -> AfterValidator:
    """Return a validator that rejects text for which `is_rejected` returns true."""

    def check(value: str) -> str:
        if is_rejected(value):
            msg = "not accepted"
            raise ValueError(msg)
        return value

    return AfterValidator(check)


def _not_boolean(value: object) -> object:
    # pydantic would read true as 1.
    if isinstance(value, bool):
        msg = "booleans are not accepted"
        raise ValueError(msg)
    return value


def _half_step(value: float) -> float:
    if value * 2 % 1 != 0:
        msg = "not a multiple of 0.5"
        raise ValueError(msg)
    return value


TAG_CHARACTERS = r"^[\p{L}\p{N}\p{Z}_.:/=+\-@]+$"
"""Characters of tag keys and values in every service in use (IAM API, Tag; RDS API, Tag)."""
TagKey = Annotated[
    str,
    Field(pattern=TAG_CHARACTERS, max_length=128),
    rejecting(lambda key: key.lower().startswith(("aws:", "rds:"))),
]
TagValue = Annotated[str, Field(pattern=TAG_CHARACTERS, max_length=256)]

WholeNumber = Annotated[int, BeforeValidator(_not_boolean)]
Acu = Annotated[
    float,
    BeforeValidator(_not_boolean),
    Field(ge=0, le=256),
    AfterValidator(_half_step),
]
"""Aurora capacity units: 0 to 256 in steps of 0.5; 1 ACU is about 2 GiB of memory."""

EmailAddress = Annotated[str, Field(pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$", max_length=254)]
TopicArn = Annotated[
    str, Field(pattern=r"^arn:aws[a-z-]*:sns:[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_-]{1,256}$")
]
RoleArn = Annotated[
    str,
    Field(
        pattern=r"^arn:aws[a-z-]*:iam::[0-9]{12}:role/([A-Za-z0-9_+=,.@-]+/)*[A-Za-z0-9_+=,.@-]{1,64}$"
    ),
]
_RATE = re.compile(r"rate\((1 (minute|hour|day)|([2-9]|[1-9][0-9]+) (minutes|hours|days))\)")
ScheduleExpression = Annotated[
    str, rejecting(lambda text: bool(text) and not (_RATE.fullmatch(text) or is_cron(text)))
]
FolderUrl = Annotated[str, Field(pattern=r"^(https?://\S+/)?$", max_length=200)]

DatabaseName = Annotated[
    str,
    Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=MAX_DATABASE_LENGTH),
    rejecting(is_reserved_database),
]
MasterUserName = Annotated[
    str, Field(pattern=r"^[a-z][a-z0-9_]{0,15}$"), rejecting(is_reserved_user)
]
UserName = Annotated[
    str,
    Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=MAX_USER_LENGTH),
    rejecting(lambda name: is_reserved_user(name) or name.endswith(CLONE_SUFFIX)),
]
