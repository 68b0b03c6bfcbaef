"""The rehearsed database as a client sees it: its secret, its rotation, a login."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

from emulator.provider.aws_connection import AwsConnection
from emulator.provider.properties import Properties

ROTATION_SECONDS = 120.0
"""How long a rotation may take: the function's own time limit, rounded down to what people wait."""
POLL_SECONDS = 0.2
CURRENT, PENDING = "AWSCURRENT", "AWSPENDING"


class RotationError(Exception):
    """The secret was not rotated in time."""


@dataclass(frozen=True)
class Login:
    """A login that has worked.

    Attributes:
        user: Who logged in.
        server: The server's version.
        encrypted: Whether the connection is.
    """

    user: str
    server: str
    encrypted: bool


@dataclass(frozen=True)
class Secret:
    """What a secret holds now.

    Attributes:
        version: Version id.
        content: The JSON in it.
    """

    version: str
    content: dict[str, Any] = field(repr=False)


class RehearsedDatabase:
    """One stack's database.

    Args:
        url: Where the emulated AWS answers.
        secret_arn: A secret of the stack's.
        certificates: What proves who the server is, PEM.
    """

    def __init__(self, url: str, secret_arn: str, certificates: Path) -> None:
        self._secret_arn = secret_arn
        self._certificates = certificates
        self._aws = AwsConnection(url, region=secret_arn.split(":")[3])

    def secret(self) -> Secret:
        """Read the current version."""
        answer = self._ask("get_secret_value", VersionStage=CURRENT)
        return Secret(answer["VersionId"], json.loads(answer["SecretString"]))

    def rotate(self) -> None:
        """Ask for a rotation and wait until it is done.

        Raises:
            RotationError: it is not done in time.
        """
        before = self.secret().version
        self._ask("rotate_secret")
        self._wait(lambda: self.secret().version != before)

    def wait_for_first_rotation(self) -> None:
        """Wait until the password that the deployment made is replaced, and nothing is pending.

        Raises:
            RotationError: it is not in time.
        """
        self._wait(self._is_settled)

    def _is_settled(self) -> bool:
        described = self._ask("describe_secret")
        holders = {
            stage: version
            for version, stages in described["VersionIdsToStages"].items()
            for stage in stages
        }
        pending = holders.get(PENDING)
        return bool(described.get("LastRotatedDate")) and pending in (None, holders[CURRENT])

    def log_in(self, secret: Secret | None = None) -> Login:
        """Log in with what the secret says, over TLS with verification.

        Args:
            secret: What it said when it was read. Default: what it says now.

        Raises:
            psycopg.OperationalError: the login is refused.
        """
        content = (secret or self.secret()).content
        with psycopg.connect(
            host=content["host"],
            port=content["port"],
            user=content["username"],
            password=content["password"],
            dbname=content["dbname"],
            sslmode="verify-full",
            sslrootcert=str(self._certificates),
            connect_timeout=5,
        ) as connection:
            # An application's clone acts as its user, to whom the server's view of this connection,
            # pg_stat_ssl, is closed: it is asked of the client.
            encrypted = connection.pgconn.ssl_in_use
            row = connection.execute(
                "SELECT session_user, current_setting('server_version')"
            ).fetchone()
        if row is None:
            message = "the server answered a query without a row"
            raise RuntimeError(message)
        return Login(*row, encrypted=encrypted)

    def _ask(self, operation: str, **members: str) -> Properties:
        return self._aws.call("secretsmanager", operation, SecretId=self._secret_arn, **members)

    def _wait(self, done: Callable[[], bool]) -> None:
        deadline = time.monotonic() + ROTATION_SECONDS
        while not done():
            if time.monotonic() > deadline:
                message = (
                    f"the secret is not rotated after {ROTATION_SECONDS:.0f} s; the log of the "
                    "emulated AWS tells why"
                )
                raise RotationError(message)
            time.sleep(POLL_SECONDS)
