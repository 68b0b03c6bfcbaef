"""Logins: over verified TLS, with passwords that appear in no message."""

import os
import re
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

_REFUSED = re.compile(
    r"(?:\S+ )?authentication failed for user \"|empty password returned by client"
    r"|no pg_hba\.conf entry for |pg_hba\.conf rejects "
    r"|role \".*\" (?:does not exist|is not permitted to log in)"
    r"|database \".*\" does not exist"
)
"""Messages of SQLSTATE 28P01, 28000 and 3D000 (PostgreSQL documentation, appendix A; its auth.c,
miscinit.c and postinit.c). psycopg has no SQLSTATE of a failed connection, only libpq's text. Any
other FATAL says that the server opens no session, such as 57P03 (it starts or stops) and 53300 (it
has no free connection); so does one in another language (lc_messages)."""


class UnreachableError(Exception):
    """The server cannot be reached, or its certificate cannot be verified."""


class UnavailableError(UnreachableError):
    """The server answered, and opens no session: it starts, stops or has no free connection."""


class LoginRejectedError(Exception):
    """The server answered, and rejected the login: the user, its password or the database."""


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
    """Log in; every statement commits by itself and is canceled after ten seconds.

    Args:
        login: The user and the endpoint.
        tls: Use TLS and verify the server. Without it nothing is encrypted, the password's SCRAM
            exchange included: use it only to check that a server refuses it.
        read_only: Reject every write.

    Raises:
        UnreachableError: no answer, or the certificate is not trusted.
        UnavailableError: the server opens no session at the moment.
        LoginRejectedError: the server rejected the login.
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
    refusal = refusal.strip()
    if fatal and _REFUSED.match(refusal):
        return LoginRejectedError(refusal)
    if fatal:
        return UnavailableError(f"{login.host}:{login.port} opens no session: {refusal}")
    return UnreachableError(f"{login.host}:{login.port} cannot be reached from here: {reason}")
