"""Random declarations, one after the other, with damage in between.

After each setup the database is what is declared, a second setup changes nothing, no row is lost,
and a user can do exactly what its access level says: all of this is tried, not derived.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg.errors import InsufficientPrivilege

from components.database_functions.setup.declaration import Declaration, DeclaredUser
from tests.components.database_functions.setup.cluster import Cluster, declared
from tools.testing.databases import DATABASE, MASTER

USERS, OTHER = ("ada", "bob", "eve"), "billing"
ACCESS = st.sampled_from(["owner", "readwrite", "readonly"])
USER = st.fixed_dictionaries(
    {
        "authentication": st.sampled_from(["iam", "password"]),
        "access": ACCESS,
        "databases": st.sampled_from([[DATABASE], [OTHER], [DATABASE, OTHER]]),
        "settings": st.sampled_from([{}, {"lock_timeout": "5s"}]),
    }
)
DECLARATIONS = st.tuples(
    st.dictionaries(st.sampled_from(USERS), USER),
    st.sampled_from([["public"], ["app"], ["app", "audit"]]),
)
DAMAGES = st.sampled_from(
    [
        f"GRANT {DATABASE}_readwrite TO {{user}}",
        f"GRANT {OTHER}_owner TO {{user}} WITH ADMIN OPTION",
        "GRANT ALL ON ALL TABLES IN SCHEMA public TO {user}",
        "GRANT INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO PUBLIC",
        f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {DATABASE}_readonly",
        f"ALTER DEFAULT PRIVILEGES FOR ROLE {DATABASE}_owner GRANT ALL ON TABLES TO {{user}}",
        "ALTER ROLE {user} CREATEROLE CREATEDB",
        "ALTER ROLE {user} NOLOGIN",
        "ALTER ROLE {user} SET role = 'rds_superuser'",
        f"GRANT CONNECT ON DATABASE {DATABASE} TO {{user}}",
        "GRANT CREATE ON SCHEMA public TO {user}",
    ]
)
HISTORIES = st.lists(
    st.tuples(DECLARATIONS, st.lists(st.tuples(DAMAGES, st.sampled_from(USERS)), max_size=2)),
    min_size=2,
    max_size=3,
)


@dataclass
class Rows:
    """The rows that must never be lost: a table of the owner role in each database."""

    cluster: Cluster
    expected: dict[str, int] = field(default_factory=dict[str, int])

    def prepare(self) -> None:
        for database in (DATABASE, OTHER):
            if database not in self.expected:
                statement = "CREATE TABLE public.visits (id int)"
                self.cluster.run(f"SET ROLE {database}_owner; {statement}", MASTER, database)
                self.expected[database] = 0

    def add(self, database: str) -> None:
        self.expected[database] += 1

    def found(self) -> Mapping[str, int]:
        return {
            database: len(self.cluster.run("SELECT id FROM public.visits", database=database))
            for database in self.expected
        }


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(HISTORIES)
def test_any_history_ends_in_what_is_declared(running: Cluster, history: list[Any]) -> None:
    rows = Rows(running)
    try:
        for (users, schemas), damages in history:
            declaration = declared(users, {DATABASE: {"schemas": schemas}, OTHER: {}})
            running.apply(declaration)
            rows.prepare()
            check(running, declaration, rows)
            for damage, user in damages:
                if running.run(f"SELECT 1 FROM pg_roles WHERE rolname = '{user}'"):
                    running.run(damage.format(user=user), MASTER)
            running.apply(declaration)
            check(running, declaration, rows)
    finally:
        running.clean()


def check(cluster: Cluster, declaration: Declaration, rows: Rows) -> None:
    again = cluster.apply(declaration)
    assert again.changed == []
    by_name = {user.name: user for user in declaration.users}
    for name in USERS:
        for login in (name, f"{name}_clone"):
            user = by_name.get(name)
            is_declared = user is not None and login in user.logins
            assert can_log_in(cluster, login) == is_declared, login
            for database in (DATABASE, OTHER) if is_declared else ():
                assert user is not None
                assert tried(cluster, login, database, rows) == allowed(user, database), login
    assert rows.found() == rows.expected


def can_log_in(cluster: Cluster, login: str) -> bool:
    return cluster.run(f"SELECT rolcanlogin FROM pg_roles WHERE rolname = '{login}'") == [(True,)]


def tried(cluster: Cluster, login: str, database: str, rows: Rows) -> set[str]:
    """Return what a user can do in a database, by trying it."""
    connects = f"SELECT has_database_privilege('{login}', '{database}', 'CONNECT')"
    if cluster.run(connects) == [(False,)]:
        return set()
    done = {"connect"}
    statements = {
        "read": "SELECT id FROM public.visits",
        "write": "INSERT INTO public.visits VALUES (1)",
        "change": "ALTER TABLE public.visits ADD COLUMN x int; ALTER TABLE public.visits DROP x",
    }
    for action, statement in statements.items():
        try:
            cluster.run(statement, login, database)
        except InsufficientPrivilege:
            continue
        done.add(action)
        if action == "write":
            rows.add(database)
    return done


def allowed(user: DeclaredUser, database: str) -> set[str]:
    if database not in user.databases:
        return set()
    actions = {"readonly": ["read"], "readwrite": ["read", "write"]}
    return {"connect", *actions.get(user.access, ["read", "write", "change"])}
