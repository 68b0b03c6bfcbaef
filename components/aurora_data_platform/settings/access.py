"""Settings of one database and of one user."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from components.aurora_data_platform.aurora.extensions import SUPPORTED
from components.aurora_data_platform.settings.types import (
    DatabaseName,
    SettingsObject,
    key_of,
    rejecting,
    setting,
)
from components.database_functions.setup import declaration

RoleName = Annotated[str, Field(pattern=r"^[A-Za-z0-9_+=,.@-]{1,64}$")]
"""IAM API, RoleName."""
_ROLES = setting(
    "a list of names of IAM roles, without path and ARN", "IAM API, RoleName", config_type="array"
)
SchemaName = Annotated[
    str,
    Field(pattern=r"^[a-z][a-z0-9_]{0,62}$"),
    rejecting(lambda name: name.startswith("pg_") or name == "information_schema"),
]
Timeout = Annotated[str, Field(pattern=r"^(0|[1-9][0-9]{0,5}(ms|s|min|h|d))$")]
_TIMEOUT = setting(
    "a number with a unit (ms, s, min, h or d), or 0 for none", "PostgreSQL, client settings"
)


class Authentication(StrEnum):
    """Authentication method of a user."""

    IAM = declaration.IAM
    PASSWORD = declaration.PASSWORD


class Access(StrEnum):
    """Access level of a user in its databases."""

    OWNER = declaration.OWNER
    READWRITE = declaration.READWRITE
    READONLY = declaration.READONLY


class DatabaseDeclaration(SettingsObject):
    """A database."""

    schemas: Annotated[
        tuple[SchemaName, ...],
        Field(min_length=1),
        setting(
            "a list of names of 1 to 63 lowercase letters, digits and underscores, starting with a "
            "letter; no prefix pg_",
            "lowercase names need no quotes",
            config_type="array",
        ),
    ] = ("public",)
    """Schemas; they belong to the role `<database>_owner` and are the search path."""
    extensions: Annotated[
        tuple[Annotated[str, key_of(dict.fromkeys(SUPPORTED))], ...],
        setting(
            "a list of extensions of Aurora PostgreSQL",
            "Release Notes for Aurora PostgreSQL, Extension versions",
            config_type="array",
        ),
    ] = ()
    """Extensions to create."""


class UserDeclaration(SettingsObject):
    """A user."""

    authentication: Annotated[Authentication, setting("iam or password")]
    """`iam` logs in with an IAM token, `password` with a rotated secret of its own."""
    access: Annotated[Access, setting("owner, readwrite or readonly")]
    """`owner` may change the schemas, `readwrite` the rows, `readonly` nothing."""
    databases: Annotated[
        tuple[DatabaseName, ...], setting("a list of declared databases", config_type="array")
    ] = ()
    """Databases to which it has access. Default: the initial database."""
    task_roles: Annotated[tuple[RoleName, ...], _ROLES] = ()
    """ECS task roles that log in as this user."""
    execution_roles: Annotated[tuple[RoleName, ...], _ROLES] = ()
    """ECS task execution roles that read its secret; `password` only."""
    statement_timeout: Annotated[Timeout, _TIMEOUT] = "60s"
    """Statements that take longer are canceled. Migrations may need more."""
    lock_timeout: Annotated[Timeout, _TIMEOUT] = "10s"
    """Statements that wait longer for a lock are canceled."""
    idle_in_transaction_session_timeout: Annotated[Timeout, _TIMEOUT] = "60s"
    """Sessions that are idle in a transaction for longer are ended."""

    @property
    def session_settings(self) -> dict[str, str]:
        """Values of run-time parameters by name."""
        names = ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout")
        return {name: getattr(self, name) for name in names}
