"""The roles of an RDS server, created by its superuser over the Unix socket."""

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql

from emulator.postgresql.configuration import RDS_IAM, RDS_SUPERUSER, SUPERUSER, TOKEN_USERS

DEFAULT = "postgres"
"""The database that every server has."""
_GROUPS = (RDS_SUPERUSER, RDS_IAM, "rds_ad", "rds_password", "rds_replication")
_GRANTED = (
    *("pg_checkpoint", "pg_monitor", "pg_signal_backend", "pg_use_reserved_connections"),
    *("rds_password", "rds_replication"),
)
"""The roles of rds_superuser for PostgreSQL 16 and later (RDS user guide, Viewing roles and their
privileges). Instances with PostgreSQL 17 have been seen with pg_create_subscription, pg_maintain,
pg_read_all_data and pg_write_all_data as well, which AWS does not document."""


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
    for role in (*_GROUPS, TOKEN_USERS):
        connection.execute(sql.SQL("CREATE ROLE {}").format(sql.Identifier(role)))
    for role in _GRANTED:
        _grant(connection, role, RDS_SUPERUSER)
    # On RDS a member of rds_superuser grants RDS's roles without ADMIN OPTION.
    _grant(connection, RDS_IAM, RDS_SUPERUSER, inherited=False)
    connection.execute(
        sql.SQL("CREATE ROLE {} LOGIN CREATEDB CREATEROLE VALID UNTIL 'infinity'").format(
            sql.Identifier(master)
        )
    )
    _grant(connection, RDS_SUPERUSER, master)
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


def _grant(
    connection: psycopg.Connection, role: str, member: str, *, inherited: bool = True
) -> None:
    """Grant a role with ADMIN OPTION, and without its privileges unless they are inherited."""
    connection.execute(
        sql.SQL("GRANT {} TO {} WITH ADMIN TRUE, INHERIT {}, SET {}").format(
            sql.Identifier(role),
            sql.Identifier(member),
            sql.Literal(inherited),
            sql.Literal(inherited),
        )
    )
