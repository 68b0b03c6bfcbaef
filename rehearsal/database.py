"""The rehearsed database from a client's side: its secret, its rotation and a login."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

from emulator.provider import AwsConnection, Properties

ROTATION_SECONDS = 120.0
"""Time limit of a rotation."""
POLL_SECONDS = 0.2
CURRENT, PENDING = "AWSCURRENT", "AWSPENDING"


class RotationTimeoutError(Exception):
    """The secret was not rotated in time."""


class LoginError(Exception):
    """The database rejected the login with the secret's value."""


@dataclass(frozen=True)
class Login:
    """A successful login.

    Attributes:
        user: The user that logged in.
        server: The server's version.
        encrypted: Whether the connection uses TLS.
    """

    user: str
    server: str
    encrypted: bool


@dataclass(frozen=True)
class SecretContent:
    """The current value of a secret.

    Attributes:
        version: Version id.
        content: The value, which is JSON.
    """

    version: str
    content: dict[str, Any] = field(repr=False)


class RehearsedDatabase:
    """One stack's database.

    Args:
        url: URL of the emulated AWS.
        secret_arn: ARN of one of the stack's secrets.
        certificates: The CA certificate of the server, PEM.
        log: Log of the emulated AWS, which the messages name.

    Attributes:
        secret_arn: ARN of the secret.
        region: Region of the secret.
    """

    def __init__(self, url: str, secret_arn: str, certificates: Path, log: Path) -> None:
        self.secret_arn = secret_arn
        self._certificates = certificates
        self._log = log
        self.region = secret_arn.split(":")[3]
        self._aws = AwsConnection(url, region=self.region)

    def secret(self) -> SecretContent:
        """Read the current version."""
        answer = self._call("get_secret_value", VersionStage=CURRENT)
        return SecretContent(answer["VersionId"], json.loads(answer["SecretString"]))

    def rotate(self) -> None:
        """Request a rotation and wait for its end.

        Raises:
            RotationTimeoutError: it did not end in time.
        """
        before = self.secret().version
        self._call("rotate_secret")
        self._wait(lambda: self.secret().version != before)

    def wait_for_first_rotation(self) -> None:
        """Wait until the first rotation has replaced the initial password.

        Raises:
            RotationTimeoutError: it did not end in time.
        """
        self._wait(self._is_settled)

    def _is_settled(self) -> bool:
        described = self._call("describe_secret")
        holders = {
            stage: version
            for version, stages in described["VersionIdsToStages"].items()
            for stage in stages
        }
        pending = holders.get(PENDING)
        return bool(described.get("LastRotatedDate")) and pending in (None, holders[CURRENT])

    def log_in(self, secret: SecretContent | None = None) -> Login:
        """Log in with a secret's value, over TLS with certificate verification.

        Args:
            secret: The value. Default: the current one.

        Raises:
            LoginError: the database rejected the login.
        """
        with self.connect(secret=secret) as connection:
            # An alternating user's clone may not read pg_stat_ssl, so ask the client.
            encrypted = connection.pgconn.ssl_in_use
            row = connection.execute(
                "SELECT session_user, current_setting('server_version')"
            ).fetchone()
        if row is None:
            message = "the server answered a query without a row"
            raise RuntimeError(message)
        return Login(*row, encrypted=encrypted)

    def connect(
        self, database: str = "", *, secret: SecretContent | None = None
    ) -> psycopg.Connection:
        """Open a connection with a secret's value, over TLS with certificate verification.

        Args:
            database: The database. Default: the one in the secret.
            secret: The value. Default: the current one.

        Raises:
            LoginError: the database rejected the login.
        """
        content = (secret or self.secret()).content
        try:
            return psycopg.connect(
                host=content["host"],
                port=content["port"],
                user=content["username"],
                password=content["password"],
                dbname=database or content["dbname"],
                sslmode="verify-full",
                sslrootcert=str(self._certificates),
                connect_timeout=5,
            )
        except psycopg.OperationalError as error:
            message = f"{content['username']} cannot log in to {content['host']}: {error}"
            raise LoginError(message) from error

    def _call(self, operation: str, **members: str) -> Properties:
        return self._aws.call("secretsmanager", operation, SecretId=self.secret_arn, **members)

    def _wait(self, done: Callable[[], bool]) -> None:
        deadline = time.monotonic() + ROTATION_SECONDS
        while not done():
            if time.monotonic() > deadline:
                message = (
                    f"{self.secret_arn} was not rotated within {ROTATION_SECONDS:.0f} s; "
                    f"the cause is in the emulated AWS log {self._log}"
                )
                raise RotationTimeoutError(message)
            time.sleep(POLL_SECONDS)
