"""PostgreSQL servers and users for tests."""

import secrets
import shutil
import tempfile
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Generic, Protocol, TypeVar

import psycopg
from psycopg import sql

from emulator.postgresql import (
    PostgresServer,
    ServerCertificateAuthority,
    free_address,
    set_password,
)

__all__ = [
    "DATABASE",
    "MASTER",
    "PORT",
    "Account",
    "Login",
    "RunningDatabase",
    "connected",
    "open_folder",
    "running_database",
]

MASTER, DATABASE, PORT = "platform", "trials", 5432
_NUMBERS = count(1)


class Account(Protocol):
    """What a client needs to log in."""

    @property
    def host(self) -> str: ...
    @property
    def port(self) -> int: ...
    @property
    def database(self) -> str: ...
    @property
    def username(self) -> str: ...
    @property
    def password(self) -> str: ...


@dataclass(frozen=True)
class Login:
    """A user of a server, with its password."""

    host: str
    port: int
    database: str
    username: str
    password: str


LoginT = TypeVar("LoginT", bound=Account)
MakeLogin = Callable[[str, int, str, str, str], LoginT]
"""Returns a login of a host, port, database, user and password."""


@dataclass(frozen=True)
class RunningDatabase(Generic[LoginT]):
    """A running PostgreSQL server.

    Attributes:
        server: The server.
        address: Address on which it listens, on port 5432.
        certificates: Certificate authority that signed its certificate.
        master_password: Password of its master user.
        make_login: How its users are described.
    """

    server: PostgresServer
    address: str
    certificates: Path
    master_password: str
    make_login: MakeLogin[LoginT]

    def login(self, username: str, password: str) -> LoginT:
        """Return a login of this server, whether the user exists or not."""
        return self.make_login(self.address, PORT, DATABASE, username, password)

    @property
    def master(self) -> LoginT:
        """The master user."""
        return self.login(MASTER, self.master_password)

    def no_user(self) -> LoginT:
        """Return the login of a user that does not exist."""
        return self.login(f"user{next(_NUMBERS)}", secrets.token_urlsafe(24))

    def new_user(self) -> LoginT:
        """Create a user that no other test uses, as if the master user had created it."""
        login = self.no_user()
        name = sql.Identifier(login.username)
        with self.server.superuser() as connection:
            connection.execute(sql.SQL("CREATE ROLE {} LOGIN").format(name))
            # PostgreSQL grants this to the creator of a role automatically.
            connection.execute(
                sql.SQL("GRANT {} TO {} WITH ADMIN OPTION, INHERIT FALSE, SET FALSE").format(
                    name, sql.Identifier(MASTER)
                )
            )
            set_password(connection, login.username, login.password)
        return login


@contextmanager
def connected(login: Account, *, sslmode: str = "require") -> Generator[psycopg.Connection]:
    """Log in; every statement commits by itself.

    Args:
        login: User, password and database.
        sslmode: libpq's mode of TLS.
    """
    with psycopg.connect(
        host=login.host,
        port=login.port,
        user=login.username,
        password=login.password,
        dbname=login.database,
        autocommit=True,
        sslmode=sslmode,
    ) as connection:
        yield connection


@contextmanager
def open_folder() -> Generator[Path]:
    """Create a folder that every user can enter, unlike the folders of pytest."""
    folder = Path(tempfile.mkdtemp(prefix="database-"))
    folder.chmod(0o711)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def running_database(
    parameters: dict[str, str], make_login: MakeLogin[LoginT] = Login
) -> Generator[RunningDatabase[LoginT]]:
    """Start a new server, and stop it at the end of the context.

    Args:
        parameters: PostgreSQL's parameters.
        make_login: How its users are described. Default: as `Login`.
    """
    with open_folder() as folder:
        authority = ServerCertificateAuthority(folder / "authority")
        address = free_address(str(folder), PORT)
        password = secrets.token_urlsafe(24)
        server = PostgresServer(folder / "server", address=address, port=PORT, authority=authority)
        with server:
            server.create(parameters, master=MASTER, password=password, database=DATABASE)
            yield RunningDatabase(server, address, authority.certificate, password, make_login)
