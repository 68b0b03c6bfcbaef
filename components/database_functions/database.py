"""The database, over TLS that proves who it is."""

import socket
import ssl
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

from components.database_functions.errors import (
    DatabaseUnreachableError,
    LoginRefusedError,
    StatementError,
)
from components.database_functions.rotation.credential import Credential
from components.database_functions.rotation.settings import Settings

CERTIFICATES = Path(__file__).with_name("certificates.pem")
_PAUSE = 1.0
_LOGIN_REFUSED = {"28P01", "28000"}
"""SQLSTATEs: wrong password, and everything else about who may log in."""
_PASSES = {"57P03", "53300"}
"""SQLSTATEs: starting or stopping, and all connections in use."""


class Driver(Protocol):
    """What is used of a connection."""

    def run(self, sql: str, **parameters: object) -> list[Any] | None:
        """Run one statement."""
        ...

    def close(self) -> None:
        """End the connection."""
        ...


Connect = Callable[..., Driver]
_PG8000 = cast("Any", native)
quoted_name: Callable[[str], str] = _PG8000.identifier
quoted_text: Callable[[str], str] = _PG8000.literal


def connect_over_tls(*, host: str, port: int, timeout: float, **members: object) -> Driver:
    """Open a connection; `timeout` is for the connection and for every later answer."""
    channel = socket.create_connection((host, port), timeout)
    try:
        # Otherwise each login waits 40 ms for an acknowledgement that the server delays.
        channel.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return _PG8000.Connection(host=host, port=port, sock=channel, **members)
    except BaseException:
        channel.close()
        raise


class Session:
    """One login's statements."""

    def __init__(self, driver: Driver) -> None:
        self._driver = driver

    def run(self, sql: str, **parameters: object) -> list[Any]:
        """Run one statement and return its rows.

        Raises:
            StatementError: the database refused it.
            DatabaseUnreachableError: the connection broke.
        """
        try:
            return self._driver.run(sql, **parameters) or []
        # The causes are cut off: a server may quote the statement, which holds a verifier.
        except DatabaseError as failure:
            raise StatementError(_told(failure)) from None
        except (InterfaceError, OSError) as failure:
            message = f"the connection broke: {type(failure).__name__}"
            raise DatabaseUnreachableError(message) from None

    @contextmanager
    def transaction(self) -> Generator[None]:
        """Commit what is run inside; what breaks off is undone when the session ends."""
        self.run("BEGIN")
        yield
        self.run("COMMIT")


class Database:
    """Logs in with credentials.

    Args:
        settings: The limits.
        certificates: Roots to trust. Default: those that are deployed with the function.
        connect: Opens a connection. Default: pg8000's, over TLS.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        certificates: Path = CERTIFICATES,
        connect: Connect = connect_over_tls,
    ) -> None:
        self._settings = settings
        self._certificates = certificates
        self._connect = connect

    def opens(self, credential: Credential) -> bool:
        """Whether the database takes the login and answers a query.

        Raises:
            DatabaseUnreachableError: it does not answer at all.
        """
        try:
            with self.session(credential) as session:
                session.run("SELECT 1")
        except LoginRefusedError:
            return False
        return True

    @contextmanager
    def session(self, credential: Credential) -> Generator[Session]:
        """Log in; log out when the context ends.

        Raises:
            LoginRefusedError: wrong user or password.
            DatabaseUnreachableError: no answer within the limit, or not the right server.
        """
        driver = self._log_in(credential)
        try:
            yield Session(driver)
        finally:
            with suppress(InterfaceError, OSError):
                driver.close()

    def _log_in(self, credential: Credential) -> Driver:
        deadline = time.monotonic() + self._settings.connect_limit
        while True:
            remaining = deadline - time.monotonic()
            try:
                return self._connect(**self._members(credential, remaining))
            except ssl.SSLCertVerificationError as failure:
                message = f"{credential.host} is not who it should be: {failure.verify_message}"
                raise DatabaseUnreachableError(message) from None
            except DatabaseError as failure:
                if _sqlstate(failure) in _LOGIN_REFUSED:
                    raise LoginRefusedError(_told(failure)) from None
                if _sqlstate(failure) not in _PASSES:
                    raise DatabaseUnreachableError(_told(failure)) from None
                told = _told(failure)
            except (InterfaceError, OSError) as failure:
                told = str(failure)
            if time.monotonic() + _PAUSE >= deadline:
                message = (
                    f"{credential.host}:{credential.port} did not take a connection for "
                    f"{self._settings.connect_limit} s: {told}"
                )
                raise DatabaseUnreachableError(message) from None
            time.sleep(_PAUSE)

    def _members(self, credential: Credential, remaining: float) -> dict[str, object]:
        limit = self._settings.statement_limit
        return {
            "user": credential.username,
            "password": credential.password,
            "host": credential.host,
            "port": credential.port,
            "database": credential.database,
            "ssl_context": _trust(self._certificates),
            "application_name": "rotation",
            # The driver has one limit for the login and for every later answer; the server ends a
            # statement first.
            "timeout": max(remaining, limit + 5),
            # A function that is killed in a transaction must not keep the role locked.
            "startup_params": {
                "statement_timeout": f"{limit}s",
                "idle_in_transaction_session_timeout": f"{limit}s",
            },
        }


@cache
def _trust(certificates: Path) -> ssl.SSLContext:
    # Not create_default_context: from Python 3.13 on it is stricter about the form of
    # certificates, and the same function must trust the same servers on every Python.
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_verify_locations(cafile=certificates)
    return context


def _sqlstate(failure: DatabaseError) -> str:
    return _fields(failure).get("C", "")


def _told(failure: DatabaseError) -> str:
    found = _fields(failure)
    return f"{found.get('M', 'no message')} (SQLSTATE {found.get('C', 'unknown')})"


def _fields(failure: DatabaseError) -> Mapping[str, str]:
    (told,) = failure.args or ({},)
    return cast("Mapping[str, str]", told) if isinstance(told, dict) else {}
