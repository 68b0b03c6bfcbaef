"""Logins: over verified TLS, with passwords that appear in no message."""

import os
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from operations.outputs import PROJECT, StackOutputs

CERTIFICATES = PROJECT / "components/database_functions/certificates.pem"
"""RDS's certificate bundle, as it is deployed with the rotation function."""

CERTIFICATES_VARIABLE = "PGSSLROOTCERT"
"""libpq's own variable; it replaces the bundle."""

CONNECT_SECONDS = 5
RESUME_SECONDS = 60
"""How long a connection to a cluster that may be paused can take: about 15 s, and after more than a
day 30 s or longer (Aurora user guide, Scaling to Zero ACUs)."""

STATEMENT_MILLISECONDS = 10_000


class UnreachableError(Exception):
    """The server cannot be reached, or its certificate cannot be verified."""


class LoginRefusedError(Exception):
    """The server answered, and rejected the login."""


@dataclass(frozen=True)
class Login:
    """A user at an endpoint.

    Attributes:
        host: Host name.
        port: Port.
        database: Database.
        user: User.
        password: Password or IAM token.
        connect_seconds: How long the server may take to answer; see `connect_seconds`.
    """

    host: str
    port: int
    database: str
    user: str
    password: str = field(repr=False)
    connect_seconds: int = CONNECT_SECONDS


@contextmanager
def session(
    login: Login, *, tls: bool = True, read_only: bool = True
) -> Generator[psycopg.Connection]:
    """Log in; every statement commits by itself and ends after ten seconds.

    Args:
        login: The user and the endpoint.
        tls: Use TLS and verify the server. Without it nothing is encrypted, the password's SCRAM
            exchange included: use it only to check that a server refuses it.
        read_only: Reject every write.

    Raises:
        UnreachableError: no answer, or the certificate is not trusted.
        LoginRefusedError: the server rejected the login.
    """
    options = f"-c statement_timeout={STATEMENT_MILLISECONDS}"
    if read_only:
        options += " -c default_transaction_read_only=on"
    try:
        connection = psycopg.connect(
            host=login.host,
            port=login.port,
            dbname=login.database,
            user=login.user,
            password=login.password,
            connect_timeout=login.connect_seconds,
            application_name="aurora-data-platform operations",
            sslmode="verify-full" if tls else "disable",
            sslrootcert=str(certificates()),
            options=options,
            autocommit=True,
        )
    except psycopg.OperationalError as error:
        raise _failure(str(error), login) from None
    with connection:
        yield connection


def may_pause(outputs: StackOutputs) -> bool:
    """Return whether the stack's cluster pauses when there are no connections."""
    return outputs.declared_state.min_capacity == 0


def connect_seconds(outputs: StackOutputs) -> int:
    """Return how long a connection to the stack's cluster may take."""
    return RESUME_SECONDS if may_pause(outputs) else CONNECT_SECONDS


def certificates() -> Path:
    """Return the file of trusted certificate authorities."""
    return Path(os.environ.get(CERTIFICATES_VARIABLE) or CERTIFICATES)


def _failure(text: str, login: Login) -> Exception:
    reason = " ".join(text.replace(login.password, "***").split())
    _, fatal, refusal = reason.partition("FATAL: ")
    if fatal:
        return LoginRefusedError(refusal.strip())
    return UnreachableError(f"{login.host}:{login.port} cannot be reached from here: {reason}")
