"""Settings of the setup function, read from environment variables."""

from collections.abc import Mapping
from dataclasses import dataclass

from components.database_functions.errors import SettingsError

MASTER_SECRET_VARIABLE = "MASTER_SECRET_ARN"  # noqa: S105 - the name of a variable
CONNECT_LIMIT_SECONDS = 90
"""A paused cluster takes about 15 s to resume, and 30 s or more after a day."""
STATEMENT_LIMIT_SECONDS = 120
"""Includes the creation of a database, and lock waits."""
LOGIN_LIMIT_SECONDS = 90.0
"""A rotation changes the master password a few seconds before the secret names it."""
LOCK_LIMIT_SECONDS = 300.0
"""Another setup may have as many databases to change."""


@dataclass(frozen=True, kw_only=True)
class SetupSettings:
    """Settings of the setup function.

    Attributes:
        master_secret_arn: Secret of the master user.
        connect_limit: How long a login is retried, in seconds.
        statement_limit: Statement timeout, in seconds.
        login_limit: How long a rejected login is retried, in seconds.
        lock_limit: How long to wait for another setup, in seconds.
    """

    master_secret_arn: str
    connect_limit: int = CONNECT_LIMIT_SECONDS
    statement_limit: int = STATEMENT_LIMIT_SECONDS
    login_limit: float = LOGIN_LIMIT_SECONDS
    lock_limit: float = LOCK_LIMIT_SECONDS

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> "SetupSettings":
        """Parse the settings.

        Raises:
            SettingsError: The master secret is missing.
        """
        arn = environment.get(MASTER_SECRET_VARIABLE, "")
        if not arn.startswith("arn:"):
            message = f"{MASTER_SECRET_VARIABLE} is {arn!r}, allowed: an ARN"
            raise SettingsError(message)
        return cls(master_secret_arn=arn)
