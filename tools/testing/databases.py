"""PostgreSQL servers and users for tests."""

import secrets
import shutil
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import psycopg
from psycopg import sql

from components.database_functions.credential import Credential
from emulator.postgresql import (
    PostgresServer,
    ServerCertificateAuthority,
    free_address,
    set_password,
)

MASTER, DATABASE, PORT = "platform", "trials", 5432
VERBOSE = {
    "max_connections": "200",
    "shared_preload_libraries": "pg_stat_statements,auto_explain",
    "log_statement": "all",
    "log_min_duration_statement": "0",
}
"""Parameters for maximum logging."""
_NUMBERS = count(1)


@dataclass(frozen=True)
class DatabaseUnderTest:
    """A running PostgreSQL server.

    Attributes:
        server: The server.
        address: Address on which it listens, on port 5432.
        certificates: Certificate authority that signed its certificate.
        master_password: Password of its master user.
    """

    server: PostgresServer
    address: str
    certificates: Path
    master_password: str

    def credential(self, username: str, password: str) -> Credential:
        content = {
            "engine": "postgres",
            "host": self.address,
            "port": PORT,
            "username": username,
            "password": password,
            "dbname": DATABASE,
            "dbClusterIdentifier": "test",
        }
        return Credential(self.address, PORT, DATABASE, username, password, content)

    @property
    def master(self) -> Credential:
        return self.credential(MASTER, self.master_password)

    def no_user(self) -> Credential:
        """Return credentials of a user that does not exist."""
        return self.credential(f"user{next(_NUMBERS)}", secrets.token_urlsafe(24))

    def new_user(self) -> Credential:
        """Create a user that no other test uses, as if the master user had created it."""
        credential = self.no_user()
        name = sql.Identifier(credential.username)
        with self.server.superuser() as connection:
            connection.execute(sql.SQL("CREATE ROLE {} LOGIN").format(name))
            # PostgreSQL grants this to the creator of a role automatically.
            connection.execute(
                sql.SQL("GRANT {} TO {} WITH ADMIN OPTION, INHERIT FALSE, SET FALSE").format(
                    name, sql.Identifier(MASTER)
                )
            )
            set_password(connection, credential.username, credential.password)
        return credential


@contextmanager
def connected(credential: Credential, *, sslmode: str = "require") -> Generator[psycopg.Connection]:
    """Log in; every statement commits by itself.

    Args:
        credential: User, password and database.
        sslmode: libpq's mode of TLS.
    """
    with psycopg.connect(
        host=credential.host,
        port=credential.port,
        user=credential.username,
        password=credential.password,
        dbname=credential.database,
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
def running_database(parameters: dict[str, str]) -> Generator[DatabaseUnderTest]:
    """Start a new server, and stop it at the end of the context."""
    with open_folder() as folder:
        authority = ServerCertificateAuthority(folder / "authority")
        address = free_address(str(folder), PORT)
        password = secrets.token_urlsafe(24)
        server = PostgresServer(folder / "server", address=address, port=PORT, authority=authority)
        with server:
            server.create(parameters, master=MASTER, password=password, database=DATABASE)
            yield DatabaseUnderTest(server, address, authority.certificate, password)
