"""A cluster whose databases and users a setup changes."""

from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace

import psycopg
from psycopg import sql

from components.database_functions.database import Database, Session
from components.database_functions.setup.changes import Report
from components.database_functions.setup.declaration import Declaration
from components.database_functions.setup.settings import SetupSettings
from components.database_functions.setup.setup import set_up
from tests.components.database_functions.rds_roles import administer_roles_as_rds, as_on_rds
from tools.testing.databases import DATABASE, MASTER, DatabaseUnderTest, running_database

SETTINGS = SetupSettings(master_secret_arn="arn:aws:secretsmanager:master", connect_limit=5)
_KEPT_DATABASES = {"postgres", "template0", "template1", DATABASE}


def declared(
    users: Mapping[str, Mapping[str, object]] | None = None,
    databases: Mapping[str, Mapping[str, object]] | None = None,
) -> Declaration:
    """Return a declaration; users have read-only access to the initial database by default."""
    base = {"authentication": "password", "access": "readonly", "databases": [DATABASE]}
    return Declaration.parse(
        {
            "databases": {
                name: {"schemas": ["public"], "extensions": [], **members}
                for name, members in {DATABASE: dict[str, object](), **(databases or {})}.items()
            },
            "users": {
                name: {"settings": dict[str, str](), **base, **members}
                for name, members in (users or {}).items()
            },
        }
    )


@dataclass(frozen=True)
class Cluster:
    """A running server and its master user.

    Attributes:
        running: The server.
        is_rds: Roles are administered as on RDS.
    """

    running: DatabaseUnderTest
    is_rds: bool = False

    @contextmanager
    def session(self, database: str = "") -> Generator[Session]:
        database_client = Database(SETTINGS, certificates=self.running.certificates)
        place = replace(self.running.master, database=database or DATABASE)
        with database_client.session(place) as session:
            yield as_on_rds(session) if self.is_rds else session

    def apply(self, declaration: Declaration, *, dry_run: bool = False) -> Report:
        return set_up(declaration, self, lock_limit=5, dry_run=dry_run)

    def run(
        self, statement: str, user: str = "", database: str = DATABASE
    ) -> list[tuple[object, ...]]:
        """Run a statement as a user would after a login, or as the superuser."""
        with self.running.server.superuser(database) as connection:
            if user:
                self._log_in(connection, user, database)
            found = connection.execute(statement.encode(), prepare=False)
            return found.fetchall() if found.description else []

    @staticmethod
    def _log_in(connection: psycopg.Connection, user: str, database: str) -> None:
        """Become a user with the settings that a login has."""
        settings = connection.execute(
            "SELECT unnest(setconfig) FROM pg_db_role_setting s JOIN pg_roles r ON r.oid = setrole "
            "LEFT JOIN pg_database d ON d.oid = setdatabase "
            "WHERE rolname = %(user)s AND coalesce(datname, %(database)s) = %(database)s "
            "ORDER BY setdatabase",
            {"user": user, "database": database},
        ).fetchall()
        connection.execute(sql.SQL("SET SESSION AUTHORIZATION {}").format(sql.Identifier(user)))
        for (item,) in settings:
            name, value = str(item).split("=", 1)
            connection.execute(sql.SQL("SELECT set_config({}, {}, false)").format(name, value))

    def run_as_master(self, statement: str) -> None:
        """Run a statement in a session of the master user."""
        with self.session() as session:
            session.run(statement)

    def clean(self) -> None:
        """Remove everything that setups and tests have created."""
        with self.running.server.superuser() as connection:
            for (name,) in self.run("SELECT datname FROM pg_database"):
                if name not in _KEPT_DATABASES:
                    connection.execute(
                        sql.SQL("DROP DATABASE {}").format(sql.Identifier(str(name)))
                    )
        with self.running.server.superuser(DATABASE) as connection:
            for name in self._added_schemas():
                connection.execute(sql.SQL("DROP SCHEMA {} CASCADE").format(sql.Identifier(name)))
            connection.execute("DROP SCHEMA public CASCADE")
            connection.execute("CREATE SCHEMA public AUTHORIZATION pg_database_owner")
            connection.execute("GRANT USAGE ON SCHEMA public TO PUBLIC")
            roles = [sql.Identifier(name) for name in self._added_roles()]
            for role in roles:
                connection.execute(sql.SQL("DROP OWNED BY {}").format(role))
            for role in roles:
                connection.execute(sql.SQL("DROP ROLE {}").format(role))
            connection.execute(
                sql.SQL("ALTER DATABASE {} RESET ALL").format(sql.Identifier(DATABASE))
            )

    def _added_schemas(self) -> Iterator[str]:
        for (name,) in self.run(
            "SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_' "
            "AND nspname NOT IN ('information_schema', 'public')"
        ):
            yield str(name)

    def _added_roles(self) -> Iterator[str]:
        for (name,) in self.run(
            f"SELECT rolname FROM pg_roles WHERE rolname !~ '^(pg_|rds|emulated_)' AND rolname <> '{MASTER}'"
        ):
            yield str(name)


@contextmanager
def started(*, is_rds: bool = False) -> Generator[Cluster]:
    """Start a server whose master user may grant rds_iam.

    Args:
        is_rds: Whether roles are administered as on RDS, or as by PostgreSQL itself.
    """
    with running_database({}) as database:
        with database.server.superuser() as connection:
            connection.execute(f"GRANT rds_iam TO {MASTER} WITH ADMIN OPTION")
        if is_rds:
            administer_roles_as_rds(database)
        yield Cluster(database, is_rds)
