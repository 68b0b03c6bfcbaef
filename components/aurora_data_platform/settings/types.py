"""The vocabulary of settings: legal values of single fields, and how a field is declared."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field

from components.database_functions.rotation.settings import (
    ALTERNATING_USERS,
    CLONE_SUFFIX,
    LONGEST_NAME,
    SINGLE_USER,
)


class DataClassification(StrEnum):
    """Sensitivity of the stored data, told to compliance tools by a tag."""

    PUBLIC = "public"
    INTERNAL = "internal"
    CONFIDENTIAL = "confidential"
    RESTRICTED = "restricted"


class StorageType(StrEnum):
    """Aurora storage configuration (Amazon Aurora User Guide, Storage configurations)."""

    STANDARD = "aurora"
    IO_OPTIMIZED = "aurora-iopt1"


class CertificateAuthority(StrEnum):
    """Certificate authorities that RDS offers (Amazon RDS User Guide, Using SSL/TLS)."""

    RSA2048 = "rds-ca-rsa2048-g1"
    RSA4096 = "rds-ca-rsa4096-g1"
    ECC384 = "rds-ca-ecc384-g1"


class LogType(StrEnum):
    """Logs that Aurora PostgreSQL exports (RDS API, EnableCloudwatchLogsExports)."""

    POSTGRESQL = "postgresql"
    INSTANCE = "instance"
    IAM_DB_AUTH_ERROR = "iam-db-auth-error"


class RotationStrategy(StrEnum):
    """Whose password a rotation changes, by the function's own names."""

    SINGLE_USER = SINGLE_USER
    ALTERNATING_USERS = ALTERNATING_USERS


class SecretsManagerAccess(StrEnum):
    """How the rotation function, which has no way out of the VPC, reaches Secrets Manager."""

    CREATE = "create"
    EXISTING = "existing"
    NAT = "nat"


class AlarmProfile(StrEnum):
    """Which alarms of the catalogue a platform has."""

    PRODUCTION = "production"
    DEVELOPMENT = "development"


LOG_RETENTION_DAYS = (
    *(1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545),
    *(731, 1096, 1827, 2192, 2557, 2922, 3288, 3653),
)
"""What CloudWatch Logs takes (API reference, PutRetentionPolicy); 0, never, is left out."""

PERFORMANCE_INSIGHTS_RETENTION_DAYS = (7, *(31 * months for months in range(1, 24)), 731)
"""RDS API, PerformanceInsightsRetentionPeriod: 7, months of 31 days, or two years."""

MONITORING_INTERVAL_SECONDS = (0, 1, 5, 10, 15, 30, 60)
"""RDS API, MonitoringInterval."""

RECOVERY_WINDOW_DAYS = (0, *range(7, 31))
"""Secrets Manager API, RecoveryWindowInDays; 0 stands for deletion without recovery."""

APPLICATION_USER_LENGTH = LONGEST_NAME - len(CLONE_SUFFIX)
"""What PostgreSQL's limit leaves of a name whose clone needs one too."""
RESERVED_USERS = ("admin", "administrator", "postgres", "rdsadmin", "root")
"""Refused by Aurora PostgreSQL, or default names that Security Hub RDS.24 flags."""


def setting(
    default: object = ...,
    *,
    allowed: str,
    why: str,
    description: str,
    config: str | None = "string",
) -> Any:
    """Declare a setting with all that an error message and the reference say of it.

    Args:
        default: Value when it is left out; required without.
        allowed: What it accepts, in words.
        why: The reason of the limit.
        description: One sentence for the reference and `Pulumi.yaml`.
        config: Its type in `Pulumi.yaml`, or None for what the program finds out by itself.
    """
    return Field(
        default,
        description=description,
        json_schema_extra={"allowed": allowed, "why": why, "config": config},
    )


def switch(*, default: bool, description: str, why: str = "it is a switch") -> Any:
    """Declare a setting that is on or off; see `setting`."""
    return setting(
        default, allowed="true or false", why=why, description=description, config="boolean"
    )


def one_of(values: tuple[int, ...]) -> AfterValidator:
    """Validator for a number out of a short list."""

    def check(value: int) -> int:
        if value not in values:
            msg = f"not one of {values}"
            raise ValueError(msg)
        return value

    return AfterValidator(check)


def readable_by(reader: Callable[[str], object]) -> AfterValidator:
    """Validator for a text that `reader` takes without a ValueError."""

    def check(value: str) -> str:
        reader(value)
        return value

    return AfterValidator(check)


def known_in(table: Mapping[str, object]) -> AfterValidator:
    """Validator for a text that is a key of `table`."""

    def check(value: str) -> str:
        if value not in table:
            msg = "unknown"
            raise ValueError(msg)
        return value

    return AfterValidator(check)


def _not_boolean(value: object) -> object:
    # pydantic would read true as 1.
    if isinstance(value, bool):
        msg = "a boolean is not a number"
        raise ValueError(msg)
    return value


def _half_step(value: float) -> float:
    if value * 2 % 1 != 0:
        msg = "not a multiple of 0.5"
        raise ValueError(msg)
    return value


def _not_reserved(value: str) -> str:
    if value in RESERVED_USERS or value.startswith("pg_"):
        msg = "reserved"
        raise ValueError(msg)
    return value


def _no_clone(value: str) -> str:
    if value.endswith(CLONE_SUFFIX):
        msg = "a clone's name"
        raise ValueError(msg)
    return value


def _not_reserved_tag(value: str) -> str:
    if value.lower().startswith("aws:"):
        msg = "reserved"
        raise ValueError(msg)
    return value


TagKey = Annotated[str, Field(min_length=1, max_length=128), AfterValidator(_not_reserved_tag)]
WholeNumber = Annotated[int, BeforeValidator(_not_boolean)]
Acu = Annotated[
    float,
    BeforeValidator(_not_boolean),
    Field(ge=0, le=256, allow_inf_nan=False),
    AfterValidator(_half_step),
]
"""Aurora capacity units: 0 to 256 in steps of 0.5; 1 ACU is about 2 GiB of memory."""

EmailAddress = Annotated[str, Field(pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$", max_length=254)]
TopicArn = Annotated[
    str, Field(pattern=r"^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[A-Za-z0-9_-]{1,256}$")
]

WebFolder = Annotated[str, Field(pattern=r"^(https?://\S+/)?$", max_length=200)]
UserName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,62}$"), AfterValidator(_not_reserved)]
MasterUserName = Annotated[
    str, Field(pattern=r"^[a-z][a-z0-9_]{0,15}$"), AfterValidator(_not_reserved)
]
ApplicationUserName = Annotated[
    UserName, Field(max_length=APPLICATION_USER_LENGTH), AfterValidator(_no_clone)
]
