"""The roles of an RDS server, created by its superuser over the Unix socket."""

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql

from emulator.postgresql.configuration import SUPERUSER

DEFAULT = "postgres"
"""The database that every server has."""
_RDS_SUPERUSER = "rds_superuser"
_RDS_ROLES = (_RDS_SUPERUSER, "rds_iam", "rds_password")
_GRANTED = ("pg_monitor", "pg_signal_backend", "pg_checkpoint")
"""PostgreSQL's predefined roles of rds_superuser; Aurora's has further privileges."""


@contextmanager
def superuser(
    socket_folder: Path, port: int, database: str = DEFAULT
) -> Generator[psycopg.Connection]:
    """Log in as the superuser; every statement commits by itself."""
    with psycopg.connect(
        host=str(socket_folder), port=port, user=SUPERUSER, dbname=database, autocommit=True
    ) as connection:
        yield connection


def create(connection: psycopg.Connection, master: str, password: str, database: str) -> None:
    """Create RDS's roles, the master user (not a superuser, as in RDS) and its database."""
    for role in _RDS_ROLES:
        connection.execute(sql.SQL("CREATE ROLE {}").format(sql.Identifier(role)))
    for role in _GRANTED:
        _grant(connection, role, _RDS_SUPERUSER)
    connection.execute(
        sql.SQL("CREATE ROLE {} LOGIN CREATEDB CREATEROLE").format(sql.Identifier(master))
    )
    _grant(connection, _RDS_SUPERUSER, master)
    set_password(connection, master, password)
    # initdb creates the default database, the only one without DatabaseName.
    if database != DEFAULT:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(database)))
    connection.execute(
        sql.SQL("ALTER DATABASE {} OWNER TO {}").format(
            sql.Identifier(database), sql.Identifier(master)
        )
    )


def set_password(connection: psycopg.Connection, role: str, password: str) -> None:
    """Set a role's password, sending only its SCRAM verifier to the server."""
    verifier = connection.pgconn.encrypt_password(
        password.encode(), role.encode(), b"scram-sha-256"
    ).decode()
    connection.execute(
        sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(role), sql.Literal(verifier))
    )


def _grant(connection: psycopg.Connection, role: str, member: str) -> None:
    connection.execute(
        sql.SQL("GRANT {} TO {} WITH ADMIN OPTION").format(
            sql.Identifier(role), sql.Identifier(member)
        )
    )
