"""Connections to the database over verified TLS."""

import socket
import ssl
import struct
import time
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Any, Protocol, cast

from pg8000 import native  # pyright: ignore[reportMissingTypeStubs]
from pg8000.exceptions import (  # pyright: ignore[reportMissingTypeStubs]
    DatabaseError,
    InterfaceError,
)

from components.database_functions.credential import Credential
from components.database_functions.errors import (
    DatabaseUnreachableError,
    LoginRejectedError,
    PermissionDeniedError,
    SettingsError,
    StatementError,
)

CERTIFICATES = Path(__file__).with_name("certificates.pem")
_RETRY_SECONDS = 1.0
_LOGIN_REJECTED = {"28P01", "28000"}
"""SQLSTATEs of a wrong password and of every other rejected login."""
_RETRYABLE = {"57P03", "53300"}
"""SQLSTATEs of a server that starts or stops, and of one without free connections."""
_PERMISSION_DENIED = "42501"
"""SQLSTATE insufficient_privilege."""
_HOSTNAME_MISMATCH = 62
"""OpenSSL's X509_V_ERR_HOSTNAME_MISMATCH."""
_SSL_REQUEST = struct.pack("!ii", 8, 80877103)
"""PostgreSQL protocol, SSLRequest."""
_SSL_ACCEPTED = b"S"
"""The answer of a server with TLS."""
_CAUSES: Mapping[str, str] = {
    "25006": "{host} is not the writer; store the writer endpoint of the cluster in the secret",
    "42501": "the user lacks a privilege",
    "57014": "the statement timed out; a lock on the role may be held by another session",
    "53": "the server lacks resources",
    "08": "the connection failed",
}
"""Explanations by SQLSTATE or its class (PostgreSQL documentation, appendix A)."""


class Driver(Protocol):
    """The part of a driver's connection that is used."""

    def run(self, sql: str, **parameters: object) -> list[Any] | None:
        """Run one statement."""
        ...

    def close(self) -> None:
        """Close the connection."""
        ...


class Limits(Protocol):
    """Time limits of connections.

    Attributes:
        connect_limit: How long a login is retried, in seconds.
        statement_limit: Statement timeout, including lock waits, in seconds.
    """

    @property
    def connect_limit(self) -> int: ...  # noqa: D102 - an attribute

    @property
    def statement_limit(self) -> int: ...  # noqa: D102 - an attribute


Connect = Callable[..., Driver]
_PG8000 = cast("Any", native)
quoted_name: Callable[[str], str] = _PG8000.identifier
quoted_text: Callable[[str], str] = _PG8000.literal


def connect_over_tls(*, host: str, port: int, timeout: float, **options: object) -> Driver:
    """Open a connection; `timeout` applies to the connection and to every later response."""
    channel = socket.create_connection((host, port), timeout)
    try:
        # Disable Nagle's algorithm: with delayed ACKs each login would take 40 ms longer.
        channel.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return _PG8000.Connection(host=host, port=port, sock=channel, **options)
    except BaseException:
        channel.close()
        raise


class Session:
    """Statements of one login.

    Args:
        driver: The connection.
        host: Host that it is connected to.
    """

    def __init__(self, driver: Driver, host: str) -> None:
        self._driver = driver
        self._host = host

    def run(self, sql: str, **parameters: object) -> list[Any]:
        """Run one statement and return its rows.

        Raises:
            PermissionDeniedError: The user lacks a privilege.
            StatementError: The database rejected it for another reason.
            DatabaseUnreachableError: The connection was lost.
        """
        try:
            return self._driver.run(sql, **parameters) or []
        # `from None`: the server may quote the statement, which contains a verifier.
        except DatabaseError as failure:
            is_denied = _sqlstate(failure) == _PERMISSION_DENIED
            kind = PermissionDeniedError if is_denied else StatementError
            raise kind(self._explained(failure)) from None
        except (InterfaceError, OSError) as failure:
            message = f"the connection was lost: {type(failure).__name__}"
            raise DatabaseUnreachableError(message) from None

    @contextmanager
    def transaction(self, *, undo: bool = False) -> Generator[None]:
        """Commit the statements of the block, or undo them.

        An exception leaves them to be rolled back.
        """
        self.run("BEGIN")
        yield
        self.run("ROLLBACK" if undo else "COMMIT")

    def _explained(self, failure: DatabaseError) -> str:
        code = _sqlstate(failure)
        cause = _CAUSES.get(code) or _CAUSES.get(code[:2])
        message = _message(failure)
        return f"{cause.format(host=self._host)}: {message}" if cause else message


class Database:
    """Logs in with credentials.

    Args:
        limits: Time limits.
        certificates: Trusted root certificates. Default: those deployed with the function.
        connect: Opens a connection. Default: pg8000 over TLS.
        application_name: Name of the sessions in the database.
    """

    def __init__(
        self,
        limits: Limits,
        *,
        certificates: Path = CERTIFICATES,
        connect: Connect = connect_over_tls,
        application_name: str = "rotation",
    ) -> None:
        self._limits = limits
        self._application_name = application_name
        self._certificates = certificates
        self._connect = connect

    def can_log_in(self, credential: Credential) -> bool:
        """Return whether the credentials can log in and run a query.

        Raises:
            DatabaseUnreachableError: The database did not answer.
        """
        try:
            with self.session(credential) as session:
                session.run("SELECT 1")
        except LoginRejectedError:
            return False
        return True

    @contextmanager
    def session(self, credential: Credential) -> Generator[Session]:
        """Log in, and log out at the end of the block.

        Raises:
            LoginRejectedError: Wrong user or password.
            DatabaseUnreachableError: No answer in time, or not the expected server.
            SettingsError: The certificate bundle cannot be loaded.
        """
        driver = self._log_in(credential)
        try:
            yield Session(driver, f"{credential.host}:{credential.port}")
        finally:
            with suppress(InterfaceError, OSError):
                driver.close()

    def _log_in(self, credential: Credential) -> Driver:
        context = _ssl_context(self._certificates)
        deadline = time.monotonic() + self._limits.connect_limit
        while True:
            remaining = deadline - time.monotonic()
            try:
                return self._connect(**self._connect_options(credential, context, remaining))
            except ssl.SSLCertVerificationError as failure:
                message = f"TLS certificate verification of {credential.host} failed: "
                message += _verification_failure(failure, credential, self._certificates)
                raise DatabaseUnreachableError(message) from None
            except DatabaseError as failure:
                if _sqlstate(failure) in _LOGIN_REJECTED:
                    raise LoginRejectedError(_message(failure)) from None
                if _sqlstate(failure) not in _RETRYABLE:
                    raise DatabaseUnreachableError(_message(failure)) from None
                reason = _message(failure)
            except (InterfaceError, OSError) as failure:
                reason = str(failure)
            if time.monotonic() + _RETRY_SECONDS >= deadline:
                message = (
                    f"{credential.host}:{credential.port} did not accept a connection within "
                    f"{self._limits.connect_limit} s: {reason}"
                )
                raise DatabaseUnreachableError(message) from None
            time.sleep(_RETRY_SECONDS)

    def _connect_options(
        self, credential: Credential, context: ssl.SSLContext, remaining: float
    ) -> dict[str, object]:
        limit = self._limits.statement_limit
        return {
            "user": credential.username,
            "password": credential.password,
            "host": credential.host,
            "port": credential.port,
            "database": credential.database,
            "ssl_context": context,
            "application_name": self._application_name,
            # The driver has one timeout for the login and every later response; the server's
            # statement timeout must expire first.
            "timeout": max(remaining, limit + 5),
            # A function that is killed inside a transaction must not keep the role locked.
            "startup_params": {
                "statement_timeout": f"{limit}s",
                "idle_in_transaction_session_timeout": f"{limit}s",
            },
        }


@cache
def _ssl_context(certificates: Path, *, check_hostname: bool = True) -> ssl.SSLContext:
    # Not create_default_context: since Python 3.13 it is stricter about the form of certificates,
    # and the function must trust the same servers on every Python version.
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.check_hostname = check_hostname
    try:
        context.load_verify_locations(cafile=certificates)
    except OSError as failure:
        message = f"the certificate bundle {certificates} cannot be loaded: {failure}"
        raise SettingsError(message) from None
    return context


def _verification_failure(
    failure: ssl.SSLCertVerificationError, credential: Credential, certificates: Path
) -> str:
    if failure.verify_code != _HOSTNAME_MISMATCH:
        return failure.verify_message
    names = ", ".join(_certificate_names(credential, certificates)) or "no names"
    return (
        f"the certificate is valid for {names}; store the endpoint of the cluster as `host` in the "
        "secret"
    )


def _certificate_names(credential: Credential, certificates: Path) -> list[str]:
    """Return the names in the server's certificate, without logging in."""
    context = _ssl_context(certificates, check_hostname=False)
    try:
        with socket.create_connection((credential.host, credential.port), 5) as channel:
            channel.sendall(_SSL_REQUEST)
            if channel.recv(len(_SSL_ACCEPTED)) != _SSL_ACCEPTED:
                return []
            with context.wrap_socket(channel) as wrapped:
                found = cast("Mapping[str, Any]", wrapped.getpeercert() or {})
    except OSError:
        return []
    return [name for _, name in found.get("subjectAltName", ())]


def _sqlstate(failure: DatabaseError) -> str:
    return _fields(failure).get("C", "")


def _message(failure: DatabaseError) -> str:
    fields = _fields(failure)
    return f"{fields.get('M', 'no message')} (SQLSTATE {fields.get('C', 'unknown')})"


def _fields(failure: DatabaseError) -> Mapping[str, str]:
    (fields,) = failure.args or ({},)
    return cast("Mapping[str, str]", fields) if isinstance(fields, dict) else {}
