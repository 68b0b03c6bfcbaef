"""Database and users."""

from typing import Annotated

from pydantic import Field

from components.aurora_data_platform.aurora.identifiers import (
    RESERVED_DATABASES,
    RESERVED_USERS,
)
from components.aurora_data_platform.settings.access import DatabaseDeclaration, UserDeclaration
from components.aurora_data_platform.settings.types import (
    IAM_ROLE_FEATURES,
    MAX_DATABASE_LENGTH,
    MAX_USER_LENGTH,
    CaCertificateIdentifier,
    DatabaseName,
    MasterUserName,
    NetworkType,
    RoleArn,
    ScheduleExpression,
    SettingsGroup,
    UserName,
    WholeNumber,
    key_of,
    setting,
)
from components.database_functions.rotation.settings import CLONE_SUFFIX


def _name(length: int) -> str:
    return f"1 to {length} lowercase letters, digits and underscores, starting with a letter"


_NOT_RESERVED_USER = (
    f"; no reserved word of PostgreSQL, none of {', '.join(sorted(RESERVED_USERS))}, no prefix pg_ "
    "or rds_"
)


class DatabaseSettings(SettingsGroup):
    """Database and users."""

    database_name: Annotated[
        DatabaseName,
        setting(
            f"{_name(MAX_DATABASE_LENGTH)}; no reserved word of PostgreSQL, none of "
            f"{', '.join(sorted(RESERVED_DATABASES))}",
            "RDS API, DatabaseName; lowercase names need no quotes, and the names of its group "
            "roles have a suffix",
        ),
    ] = "trialfinder"
    """Database created with the cluster. Changing it replaces the database."""
    master_username: Annotated[
        MasterUserName,
        setting(
            f"{_name(16)}{_NOT_RESERVED_USER}",
            "RDS API, MasterUsername; attackers try default names first",
        ),
    ] = "aurora_master"
    """Master user. Changing it replaces the database."""
    databases: Annotated[
        dict[DatabaseName, DatabaseDeclaration],
        setting(
            f"a map of databases; names have {_name(MAX_DATABASE_LENGTH)}; no reserved word of "
            "PostgreSQL",
            "the names of the group roles have a suffix",
            config_type="object",
        ),
    ] = {}
    """Databases with their schemas and extensions. `databaseName` always exists; removing an entry
    drops nothing."""
    users: Annotated[
        dict[UserName, UserDeclaration],
        setting(
            f"a map of users; names have {_name(MAX_USER_LENGTH)}{_NOT_RESERVED_USER}, no suffix "
            f"{CLONE_SUFFIX}",
            "PostgreSQL names have at most 63 bytes, and the name of a clone has a suffix",
            config_type="object",
        ),
    ] = {}
    """Database users. Removing an entry disables the user and drops nothing."""
    users_check_schedule: Annotated[
        ScheduleExpression,
        setting(
            "rate(N minutes, hours or days), cron(six fields, in UTC), or empty for no check",
            "EventBridge API, ScheduleExpression; in cron, either the day or the weekday is a ?",
        ),
    ] = "rate(1 day)"
    """When databases and users are compared with the declaration; differences are repaired and
    reported."""
    iam_roles: Annotated[
        dict[Annotated[str, key_of(dict.fromkeys(IAM_ROLE_FEATURES))], RoleArn],
        setting(
            f"a map of feature ({', '.join(IAM_ROLE_FEATURES)}) to the ARN of an IAM role",
            "RDS API, AddRoleToDBCluster; a role serves one feature",
            config_type="object",
        ),
    ] = {}
    """IAM roles that the cluster assumes, by feature; opens HTTPS to every address for the cluster.
    See docs/databases-and-users.md."""
    port: Annotated[
        WholeNumber, Field(ge=1150, le=65_535), setting("1150 to 65535", "RDS API, Port")
    ] = 5432
    """Port of the database. It cannot change once the cluster exists: secrets contain it."""
    network_type: Annotated[
        NetworkType,
        setting(
            "IPV4 or DUAL",
            "Amazon Aurora User Guide, Working with a DB cluster in a VPC, Dual-stack mode",
        ),
    ] = NetworkType.IPV4
    """DUAL also accepts connections over IPv6; every subnet needs an IPv6 range. Clients are still
    admitted by their security groups."""
    ca_certificate_identifier: Annotated[
        CaCertificateIdentifier,
        setting("rds-ca-rsa2048-g1, rds-ca-rsa4096-g1 or rds-ca-ecc384-g1"),
    ] = CaCertificateIdentifier.RSA2048
    """Certificate authority of the instances' server certificates."""
