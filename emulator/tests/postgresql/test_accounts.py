"""The master user and RDS's roles, as on RDS."""

from typing import Any

import psycopg
import pytest
from psycopg import sql

from emulator.testing.databases import MASTER, Login, RunningDatabase, connected

pytestmark = pytest.mark.database


def rows(database: RunningDatabase[Login], query: str) -> list[tuple[Any, ...]]:
    with connected(database.master) as connection:
        return connection.execute(query.encode()).fetchall()


def test_the_master_user_has_rdss_attributes(database: RunningDatabase[Login]) -> None:
    query = """
        SELECT rolsuper, rolcreaterole, rolcreatedb, rolcanlogin, rolreplication, rolbypassrls,
               rolvaliduntil::text
        FROM pg_roles WHERE rolname = current_user
    """
    assert rows(database, query) == [(False, True, True, True, False, False, "infinity")]


def test_rds_superuser_has_the_documented_roles(database: RunningDatabase[Login]) -> None:
    query = """
        SELECT roleid::regrole::text, admin_option, inherit_option, set_option
        FROM pg_auth_members WHERE member = 'rds_superuser'::regrole ORDER BY 1
    """
    granted = (
        *("pg_checkpoint", "pg_monitor", "pg_signal_backend", "pg_use_reserved_connections"),
        *("rds_password", "rds_replication"),
    )
    assert sorted(rows(database, query)) == sorted(
        [*((role, True, True, True) for role in granted), ("rds_iam", True, False, False)]
    )


def test_the_master_user_owns_the_initial_database(database: RunningDatabase[Login]) -> None:
    query = "SELECT datdba::regrole::text FROM pg_database WHERE datname = current_database()"
    assert rows(database, query) == [(MASTER,)]
    with connected(database.master) as connection, connection.transaction(force_rollback=True):
        connection.execute("CREATE SCHEMA of_master")
        connection.execute("CREATE TABLE public.of_master ()")


def test_the_master_user_administers_the_roles_that_it_creates_without_being_one_of_them(
    database: RunningDatabase[Login],
) -> None:
    with connected(database.master) as connection, connection.transaction(force_rollback=True):
        connection.execute("CREATE ROLE created_by_master LOGIN")
        found = connection.execute(
            "SELECT admin_option, inherit_option, set_option, grantor::regrole::text "
            "FROM pg_auth_members WHERE roleid = 'created_by_master'::regrole"
        ).fetchall()
        assert found == [(True, False, False, "rdsadmin")]
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("SET ROLE created_by_master")


@pytest.mark.parametrize("role", ["rds_iam", "rds_superuser", "rds_password", "pg_monitor"])
def test_the_master_user_grants_the_roles_of_rds(
    database: RunningDatabase[Login], role: str
) -> None:
    with connected(database.master) as connection, connection.transaction(force_rollback=True):
        connection.execute("CREATE ROLE created_by_master LOGIN")
        grant = sql.SQL("GRANT {} TO created_by_master").format(sql.Identifier(role))
        connection.execute(grant)
        member = sql.SQL("SELECT pg_has_role('created_by_master', {}, 'USAGE')")
        assert connection.execute(member.format(sql.Literal(role))).fetchone() == (True,)


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE ROLE other SUPERUSER",
        "ALTER ROLE platform SUPERUSER",
        "GRANT pg_read_server_files TO platform",
        "SET ROLE rdsadmin",
        "SET ROLE rds_iam",
        "COPY (SELECT 1) TO PROGRAM 'true'",
        "ALTER SYSTEM SET work_mem = 1024",
        "SELECT * FROM pg_authid",
    ],
)
def test_the_master_user_is_denied_what_needs_a_superuser(
    database: RunningDatabase[Login], statement: str
) -> None:
    denied = pytest.raises(psycopg.errors.InsufficientPrivilege)
    with connected(database.master) as connection, denied:
        connection.execute(statement.encode())
