"""Database and users."""

from typing import Annotated

from pydantic import BaseModel, Field

from components.aurora_data_platform.settings.types import (
    APPLICATION_USER_LENGTH,
    RESERVED_USERS,
    ApplicationUserName,
    CertificateAuthority,
    MasterUserName,
    UserName,
    WholeNumber,
    setting,
)
from components.database_functions.rotation.settings import CLONE_SUFFIX

_RESERVED = ", ".join(RESERVED_USERS)


class DatabaseSettings(BaseModel):
    """Database and users."""

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
    ca_certificate_identifier: CertificateAuthority = setting(
        CertificateAuthority.RSA2048,
        allowed="rds-ca-rsa2048-g1, rds-ca-rsa4096-g1 or rds-ca-ecc384-g1",
        why="RDS signs server certificates with these",
        description="Certificate authority of the instances' server certificates",
    )
