"""Database and users."""

from typing import Annotated

from pydantic import Field

from components.aurora_data_platform.aurora.identifiers import (
    RESERVED_DATABASES,
    RESERVED_USERS,
)
from components.aurora_data_platform.settings.types import (
    MAX_APPLICATION_USER_LENGTH,
    ApplicationUserName,
    CaCertificateIdentifier,
    DatabaseName,
    MasterUserName,
    SettingsGroup,
    UserName,
    WholeNumber,
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
            f"{_name(63)}; no reserved word of PostgreSQL, none of "
            f"{', '.join(sorted(RESERVED_DATABASES))}",
            "RDS API, DatabaseName; lowercase names need no quotes",
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
    database_user: Annotated[
        UserName, setting(f"{_name(63)}{_NOT_RESERVED_USER}", "it is a PostgreSQL role")
    ] = "trialfinder_app"
    """Database user that the ECS task role logs in as, with an IAM token."""
    application_user: Annotated[
        ApplicationUserName,
        setting(
            f"{_name(MAX_APPLICATION_USER_LENGTH)}{_NOT_RESERVED_USER}, no suffix {CLONE_SUFFIX}",
            "PostgreSQL names have at most 63 bytes, and the clone's name has a suffix",
        ),
    ] = "trialfinder_service"
    """Database user that alternates with its clone; `alternating-users` only."""
    port: Annotated[
        WholeNumber, Field(ge=1150, le=65_535), setting("1150 to 65535", "RDS API, Port")
    ] = 5432
    """Port of the database."""
    ca_certificate_identifier: Annotated[
        CaCertificateIdentifier,
        setting("rds-ca-rsa2048-g1, rds-ca-rsa4096-g1 or rds-ca-ecc384-g1"),
    ] = CaCertificateIdentifier.RSA2048
    """Certificate authority of the instances' server certificates."""
