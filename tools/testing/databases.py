"""PostgreSQL servers whose users are credentials of the database functions."""

from collections.abc import Generator
from contextlib import contextmanager

from components.database_functions.credential import Credential
from emulator.testing import databases
from emulator.testing.databases import DATABASE, MASTER, PORT, connected, open_folder

__all__ = [
    "DATABASE",
    "MASTER",
    "PORT",
    "VERBOSE",
    "DatabaseUnderTest",
    "connected",
    "open_folder",
    "running_database",
]

VERBOSE = {
    "max_connections": "200",
    "shared_preload_libraries": "pg_stat_statements,auto_explain",
    "log_statement": "all",
    "log_min_duration_statement": "0",
}
"""Parameters for maximum logging."""
DatabaseUnderTest = databases.RunningDatabase[Credential]


@contextmanager
def running_database(parameters: dict[str, str]) -> Generator[DatabaseUnderTest]:
    """Start a new server, and stop it at the end of the context."""
    with databases.running_database(parameters, _credential) as running:
        yield running


def _credential(host: str, port: int, database: str, username: str, password: str) -> Credential:
    content = {
        "engine": "postgres",
        "host": host,
        "port": port,
        "username": username,
        "password": password,
        "dbname": database,
        "dbClusterIdentifier": "test",
    }
    return Credential(host, port, database, username, password, content)
