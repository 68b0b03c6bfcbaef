"""Setups on a real server, as a master user that is not a superuser.

Roles are administered as by PostgreSQL itself, and as on RDS, whose rules are not PostgreSQL's.
"""

from collections.abc import Iterator

import pytest
from psycopg.errors import InsufficientPrivilege

from components.database_functions.errors import DeclarationError, SetupBusyError, StatementError
from tests.components.database_functions.setup.cluster import Cluster, declared, started
from tools.testing.databases import DATABASE, MASTER

OWNER = {"access": "owner"}
WRITER = {"access": "readwrite"}
APP = {DATABASE: {"schemas": ["app"]}}


@pytest.fixture(scope="module", params=[False, True], ids=["PostgreSQL", "RDS"])
def running(request: pytest.FixtureRequest) -> Iterator[Cluster]:
    with started(is_rds=request.param) as cluster:
        yield cluster


def test_a_new_cluster_becomes_what_is_declared(cluster: Cluster) -> None:
    report = cluster.apply(declared({"reports": {}}, APP))
    assert report.members() == {
        "changed": [
            "role trials_owner: created",
            "role trials_readwrite: created",
            "role trials_readonly: created",
            "role platform: member of trials_owner",
            "user reports: created",
            "user reports_clone: created",
            "role reports: member of trials_readonly",
            "role reports_clone: member of reports",
            "user reports_clone: role = reports",
            "database trials: CREATE granted to trials_owner",
            "schema app: created",
            "database trials: search path app, public",
            "database trials: CONNECT, TEMPORARY revoked from everyone",
            "database trials: CONNECT, TEMPORARY granted to trials_owner",
            "database trials: CONNECT, TEMPORARY granted to trials_readonly",
            "database trials: CONNECT, TEMPORARY granted to trials_readwrite",
            "later schemas of trials_owner: USAGE granted to trials_readonly",
            "later schemas of trials_owner: USAGE granted to trials_readwrite",
            "later sequences of trials_owner: SELECT granted to trials_readonly",
            "later sequences of trials_owner: SELECT, UPDATE, USAGE granted to trials_readwrite",
            "later tables of trials_owner: SELECT granted to trials_readonly",
            "later tables of trials_owner: DELETE, INSERT, SELECT, UPDATE granted to "
            "trials_readwrite",
            "schema app: USAGE granted to trials_readonly",
            "schema app: USAGE granted to trials_readwrite",
            "schema public: CREATE, USAGE granted to trials_owner",
            "schema public: USAGE granted to trials_readonly",
            "schema public: USAGE granted to trials_readwrite",
        ],
        "warnings": [],
        "remaining": [],
    }


def test_a_second_setup_changes_nothing(cluster: Cluster) -> None:
    declaration = declared(
        {"migrations": OWNER, "web": {**WRITER, "authentication": "iam"}, "reports": {}},
        {**APP, "billing": {"schemas": ["invoices"], "extensions": ["pgcrypto"]}},
    )
    cluster.apply(declaration)
    cluster.run("CREATE TABLE app.visits (id bigserial, note text)", "migrations")
    assert cluster.apply(declaration).members() == {"changed": [], "warnings": [], "remaining": []}


def test_what_an_owner_creates_can_be_read_and_written_as_declared(cluster: Cluster) -> None:
    cluster.apply(declared({"migrations": OWNER, "web": WRITER, "reports": {}}, APP))
    cluster.run("CREATE TABLE visits (id bigserial, note text)", "migrations")
    cluster.run("CREATE SCHEMA later", "migrations_clone")
    cluster.run("CREATE TABLE later.visits (id bigserial)", "migrations_clone")
    cluster.run("INSERT INTO app.visits (note) VALUES ('first')", "web")
    cluster.run("INSERT INTO app.visits (note) VALUES ('second')", "web_clone")
    cluster.run("INSERT INTO later.visits DEFAULT VALUES", "web")
    assert cluster.run("SELECT note FROM app.visits ORDER BY id", "reports") == [
        ("first",),
        ("second",),
    ]
    assert cluster.run("SELECT id FROM later.visits", "reports_clone") == [(1,)]


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO app.visits (note) VALUES ('x')",
        "UPDATE app.visits SET note = 'x'",
        "DELETE FROM app.visits",
        "TRUNCATE app.visits",
        "SELECT nextval('app.visits_id_seq')",
        "DROP TABLE app.visits",
        "CREATE TABLE app.others (id int)",
        "CREATE TABLE public.others (id int)",
        "CREATE SCHEMA others",
        "SET ROLE trials_owner",
        "SET ROLE trials_readwrite",
    ],
)
@pytest.mark.parametrize("user", ["reports", "reports_clone"])
def test_a_read_only_user_cannot_write(cluster: Cluster, user: str, statement: str) -> None:
    cluster.apply(declared({"migrations": OWNER, "reports": {}}, APP))
    cluster.run("CREATE TABLE app.visits (id bigserial, note text)", "migrations")
    with pytest.raises(InsufficientPrivilege):
        cluster.run(statement, user)


DAMAGES = {
    "INSERT granted to a reader": "GRANT INSERT ON app.visits TO reports",
    "INSERT on a column granted to a reader": "GRANT INSERT (note) ON app.visits TO reports",
    "writing granted to everyone": "GRANT INSERT, UPDATE ON app.visits TO PUBLIC",
    "a sequence granted to everyone": "GRANT USAGE ON SEQUENCE app.visits_id_seq TO PUBLIC",
    "CREATE on public granted to everyone": "GRANT CREATE ON SCHEMA public TO PUBLIC",
    "CONNECT granted to everyone": f"GRANT CONNECT ON DATABASE {DATABASE} TO PUBLIC",
    "a reader made a writer": "GRANT trials_readwrite TO reports",
    "a reader made an owner": "GRANT trials_owner TO reports",
    "a membership removed": "REVOKE trials_readonly FROM reports",
    "a membership without INHERIT": "GRANT trials_readonly TO reports WITH INHERIT FALSE",
    "a membership with ADMIN": "GRANT trials_readonly TO reports WITH ADMIN TRUE",
    "SELECT revoked from readers": "REVOKE SELECT ON app.visits FROM trials_readonly",
    "USAGE revoked from readers": "REVOKE USAGE ON SCHEMA app FROM trials_readonly",
    "CONNECT revoked from readers": f"REVOKE CONNECT ON DATABASE {DATABASE} FROM trials_readonly",
    "default privileges removed": (
        "ALTER DEFAULT PRIVILEGES FOR ROLE trials_owner REVOKE SELECT ON TABLES FROM "
        "trials_readonly"
    ),
    "default privileges added in a schema": (
        "ALTER DEFAULT PRIVILEGES FOR ROLE trials_owner IN SCHEMA app GRANT INSERT ON TABLES TO "
        "reports"
    ),
    "a setting removed": "ALTER ROLE reports RESET lock_timeout",
    "a setting changed": "ALTER ROLE reports SET lock_timeout = '1h'",
    "the role of a clone removed": "ALTER ROLE reports_clone RESET role",
    "the role of an owner removed": (f"ALTER ROLE migrations IN DATABASE {DATABASE} RESET role"),
    "a login disabled": "ALTER ROLE reports NOLOGIN",
    "a user that may create roles": "ALTER ROLE reports CREATEROLE CREATEDB",
    "a user with a connection limit": "ALTER ROLE reports CONNECTION LIMIT 1",
    "a user that expires": "ALTER ROLE reports VALID UNTIL '2026-01-01'",
    "the search path removed": f"ALTER DATABASE {DATABASE} RESET search_path",
    "a comment removed": "COMMENT ON ROLE reports IS NULL",
    "a clone dropped": "DROP ROLE reports_clone",
    "the schema's owner changed": f"ALTER SCHEMA app OWNER TO {MASTER}",
    "privileges of a foreign group": "GRANT INSERT ON app.visits TO trials_readonly",
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_damage_made_by_hand_is_repaired(cluster: Cluster, damage: str) -> None:
    settings = {"lock_timeout": "10s"}
    declaration = declared({"migrations": OWNER, "reports": {"settings": settings}}, APP)
    cluster.apply(declaration)
    cluster.run("CREATE TABLE app.visits (id bigserial, note text)", "migrations")
    before = everything(cluster)
    cluster.run_as_master(damage)
    assert everything(cluster) != before

    repaired = cluster.apply(declaration)

    assert everything(cluster) == before
    assert repaired.changed != []
    assert repaired.remaining == []
    assert cluster.apply(declaration).changed == []


_OF_THE_SERVER = (
    "SELECT rolname, rolcanlogin, rolcreaterole, rolcreatedb, rolconnlimit, "
    "nullif(rolvaliduntil, 'infinity'), shobj_description(oid, 'pg_authid') FROM pg_roles",
    "SELECT roleid::regrole::text, member::regrole::text, admin_option, inherit_option "
    "FROM pg_auth_members",
    "SELECT setdatabase = 0, setrole::regrole::text, (SELECT array_agg(item ORDER BY item) "
    "FROM unnest(setconfig) item) FROM pg_db_role_setting",
    "SELECT datname, datdba::regrole::text, x.* FROM pg_database, LATERAL (SELECT "
    "grantee::regrole::text, privilege_type FROM "
    "aclexplode(coalesce(datacl, acldefault('d', datdba)))) x",
)
_OF_A_DATABASE = (
    "SELECT extname FROM pg_extension",
    "SELECT nspname, nspowner::regrole::text, x.* FROM pg_namespace, LATERAL (SELECT "
    "grantee::regrole::text, privilege_type FROM aclexplode(nspacl)) x",
    "SELECT relname, x.* FROM pg_class, LATERAL (SELECT grantee::regrole::text, privilege_type "
    "FROM aclexplode(relacl)) x WHERE relnamespace::regnamespace::text = 'app'",
    "SELECT attname, x.* FROM pg_attribute, LATERAL (SELECT grantee::regrole::text, "
    "privilege_type FROM aclexplode(attacl)) x",
    "SELECT defaclrole::regrole::text, defaclobjtype, defaclnamespace = 0, x.* "
    "FROM pg_default_acl, LATERAL (SELECT grantee::regrole::text, privilege_type "
    "FROM aclexplode(defaclacl)) x",
)


def everything(cluster: Cluster) -> list[str]:
    """Return roles, memberships, settings, databases and privileges, without object IDs."""
    databases = cluster.run("SELECT datname FROM pg_database WHERE NOT datistemplate")
    places = [(DATABASE, "", _OF_THE_SERVER)]
    places += [(str(name), f"{name}: ", _OF_A_DATABASE) for (name,) in databases]
    found: list[str] = []
    for database, prefix, queries in places:
        with cluster.running.server.superuser(database) as connection:
            for query in queries:
                rows = connection.execute(query.encode()).fetchall()
                found += [f"{prefix}{row!r}" for row in rows]
    return sorted(found)


def test_a_user_that_is_no_longer_declared_is_disabled_and_keeps_its_data(cluster: Cluster) -> None:
    cluster.apply(declared({"migrations": OWNER, "reports": {}}))
    cluster.run("ALTER DATABASE trials OWNER TO platform")
    report = cluster.apply(declared({"reports": {}}))
    assert report.changed == [
        "user migrations: login disabled",
        "role migrations: no longer member of trials_owner",
        "user migrations_clone: login disabled",
        "role migrations_clone: no longer member of migrations",
    ]
    assert report.remaining == [
        f'user {name} is disabled and not dropped; to drop it, run GRANT "{name}" TO CURRENT_USER, '
        f'in each database REASSIGN OWNED BY "{name}" TO <role> and DROP OWNED BY "{name}", then '
        f'DROP ROLE "{name}"'
        for name in ("migrations", "migrations_clone")
    ]
    assert cluster.run("SELECT rolcanlogin FROM pg_roles WHERE rolname ~ '^migrations'") == [
        (False,),
        (False,),
    ]


def test_the_master_user_can_drop_a_removed_user_as_the_report_says(cluster: Cluster) -> None:
    cluster.apply(declared({"former": WRITER}, APP))
    cluster.run("CREATE TABLE app.drafts (id int)", MASTER)
    cluster.run("ALTER TABLE app.drafts OWNER TO former")
    cluster.apply(declared(databases=APP))
    for name in ("former", "former_clone"):
        for statement in (
            f'GRANT "{name}" TO CURRENT_USER',
            f'REASSIGN OWNED BY "{name}" TO trials_owner',
            f'DROP OWNED BY "{name}"',
            f'DROP ROLE "{name}"',
        ):
            cluster.run_as_master(statement)
    owners = "SELECT relowner::regrole::text FROM pg_class WHERE relname = 'drafts'"
    assert cluster.run(owners) == [("trials_owner",)]
    report = cluster.apply(declared(databases=APP))
    assert report.remaining == []


def test_a_user_that_is_declared_again_works_as_before(cluster: Cluster) -> None:
    declaration = declared({"reports": {}})
    cluster.apply(declaration)
    before = everything(cluster)
    cluster.apply(declared())
    report = cluster.apply(declaration)
    assert everything(cluster) == before
    assert report.warnings == []
    assert report.remaining == []


def test_an_access_level_changes_in_place(cluster: Cluster) -> None:
    cluster.apply(declared({"migrations": OWNER, "web": OWNER}, APP))
    cluster.run("CREATE TABLE app.visits (id bigserial)", "migrations")
    report = cluster.apply(declared({"migrations": OWNER, "web": {}}, APP))
    assert report.changed == [
        "role web: no longer member of trials_owner",
        "role web: member of trials_readonly",
        "user web: role reset",
        "user web_clone: role reset",
    ]
    with pytest.raises(InsufficientPrivilege):
        cluster.run("INSERT INTO app.visits DEFAULT VALUES", "web")


def test_a_plain_login_role_is_adopted_with_a_warning(cluster: Cluster) -> None:
    with cluster.session() as session:
        session.run("CREATE ROLE legacy LOGIN")
    report = cluster.apply(declared({"legacy": {}}))
    assert report.warnings == [
        "user legacy existed and is managed from now on: memberships and privileges that are not "
        "declared are revoked"
    ]
    assert "role legacy: marked as managed" in report.changed


@pytest.mark.parametrize(
    ("existing", "message"),
    [
        (
            "CREATE ROLE web LOGIN CREATEROLE",
            "role web exists and is not a plain login role: it cannot log in, or it has an "
            "attribute of administrators; declare a user of another name",
        ),
        (
            "CREATE ROLE web NOLOGIN",
            "role web exists and is not a plain login role: it cannot log in, or it has an "
            "attribute of administrators; declare a user of another name",
        ),
        (
            "CREATE ROLE trials_readonly LOGIN",
            "role trials_readonly exists and is not a plain role without login, as the group role "
            "of a declared database has to be; rename it or the database",
        ),
        (
            "CREATE DATABASE billing",
            "database billing belongs to rdsadmin, so its privileges cannot be set; as rdsadmin, "
            'run: ALTER DATABASE "billing" OWNER TO "platform"',
        ),
    ],
)
def test_a_declaration_that_contradicts_the_cluster_changes_nothing(
    cluster: Cluster, existing: str, message: str
) -> None:
    cluster.run(existing)
    before = everything(cluster)
    with pytest.raises(DeclarationError) as refused:
        cluster.apply(declared({"web": {}}, {"billing": {}}))
    assert str(refused.value) == message
    assert everything(cluster) == before


@pytest.mark.parametrize("existing", ["web LOGIN", "trials_readonly NOLOGIN"])
def test_a_role_that_another_role_created_is_managed_on_rds_and_else_reported(
    cluster: Cluster, existing: str
) -> None:
    cluster.run(f"CREATE ROLE {existing}")
    name = existing.split(maxsplit=1)[0]
    before = everything(cluster)
    if cluster.is_rds:
        assert f"role {name}: marked as managed" in cluster.apply(declared({"web": {}})).changed
        return
    with pytest.raises(DeclarationError) as rejected:
        cluster.apply(declared({"web": {}}))
    assert str(rejected.value) == (
        f"role {name} was created by another role, so platform cannot manage it; as its creator, "
        f'run: GRANT "{name}" TO "platform" WITH ADMIN TRUE, INHERIT FALSE, SET FALSE'
    )
    assert everything(cluster) == before


def test_a_rejected_statement_names_the_object_and_undoes_its_database(cluster: Cluster) -> None:
    with pytest.raises(StatementError) as failed:
        cluster.apply(
            declared(databases={DATABASE: {"schemas": ["app"], "extensions": ["nothing"]}})
        )
    assert str(failed.value) == (
        'extension nothing: created: CREATE EXTENSION IF NOT EXISTS "nothing" CASCADE: extension '
        '"nothing" is not available (SQLSTATE 0A000)'
    )
    assert cluster.run("SELECT 1 FROM pg_namespace WHERE nspname = 'app'") == []


def test_a_dry_run_describes_the_changes_and_makes_none(cluster: Cluster) -> None:
    declaration = declared({"web": WRITER}, {**APP, "billing": {}})
    before = everything(cluster)
    planned = cluster.apply(declaration, dry_run=True)
    assert everything(cluster) == before
    assert cluster.run("SELECT 1 FROM pg_database WHERE datname = 'billing'") == []
    made = cluster.apply(declaration)
    assert [each for each in made.changed if each not in planned.changed] == [
        each for each in made.changed if "billing" in each and each not in planned.changed
    ]
    assert set(planned.changed) <= set(made.changed)


def test_two_setups_do_not_run_at_the_same_time(cluster: Cluster) -> None:
    with cluster.session() as other:
        other.run("SELECT pg_advisory_lock(107157058974305)")
        with pytest.raises(SetupBusyError) as refused:
            cluster.apply(declared())
    assert str(refused.value) == "another setup of this cluster did not end within 5 s"


def test_a_membership_that_another_role_granted_is_revoked_or_reported(cluster: Cluster) -> None:
    declaration = declared({"reports": {}})
    cluster.apply(declaration)
    cluster.run("GRANT trials_readwrite TO reports")
    reported = (
        "role reports is a member of trials_readwrite; rdsadmin has granted that and has to "
        'run: REVOKE "trials_readwrite" FROM "reports"'
    )
    revoked = "role reports: no longer member of trials_readwrite"
    assert cluster.apply(declaration).members() == {
        "changed": [revoked] if cluster.is_rds else [],
        "warnings": [],
        "remaining": [] if cluster.is_rds else [reported],
    }


def test_an_extension_is_created_with_those_that_it_requires(cluster: Cluster) -> None:
    """`aws_s3` requires `aws_commons` in the same way; here is a pair that PostgreSQL has."""
    declaration = declared(databases={DATABASE: {"extensions": ["earthdistance", "cube"]}})
    changed = cluster.apply(declaration).changed
    assert [each for each in changed if each.startswith("extension")] == [
        "extension earthdistance: created",
        "extension cube: created",
    ]
    installed = "SELECT extname FROM pg_extension WHERE extname IN ('cube', 'earthdistance')"
    assert sorted(cluster.run(installed)) == [("cube",), ("earthdistance",)]
    assert cluster.apply(declaration).members() == {"changed": [], "warnings": [], "remaining": []}
    cluster.run("DROP EXTENSION cube CASCADE")


def test_the_schema_that_an_extension_created_is_left_alone(cluster: Cluster) -> None:
    """As `pglogical` does: the schema belongs to rdsadmin and is not a member of the extension."""
    cluster.run("CREATE SCHEMA replication")
    cluster.run("CREATE EXTENSION citext SCHEMA replication")
    assert cluster.apply(declared()).remaining == []
    cluster.run("DROP EXTENSION citext")
    assert cluster.apply(declared()).remaining == [
        "schema replication belongs to rdsadmin, so its privileges are not managed; as rdsadmin, "
        'run: ALTER SCHEMA replication OWNER TO "trials_owner"'
    ]


def test_tables_of_other_owners_are_reported(cluster: Cluster) -> None:
    cluster.run("CREATE TABLE public.foreign_table (id int)")
    assert cluster.apply(declared()).remaining == [
        "table public.foreign_table belongs to rdsadmin, so its privileges are not managed; as "
        'rdsadmin, run: ALTER TABLE public.foreign_table OWNER TO "trials_owner"'
    ]


def test_tables_of_the_master_user_become_readable(cluster: Cluster) -> None:
    with cluster.session() as session:
        session.run("CREATE TABLE public.old_table (id int)")
    cluster.apply(declared({"reports": {}}))
    assert cluster.run("SELECT count(*) FROM public.old_table", "reports") == [(0,)]


def test_users_of_one_database_cannot_connect_to_another(cluster: Cluster) -> None:
    cluster.apply(declared({"reports": {}}, {"billing": {}}))
    query = "SELECT has_database_privilege('reports', '{}', 'CONNECT')"
    assert cluster.run(query.format(DATABASE)) == [(True,)]
    assert cluster.run(query.format("billing")) == [(False,)]


def test_an_iam_user_has_rds_iam_and_no_clone(cluster: Cluster) -> None:
    cluster.apply(declared({"web": {"authentication": "iam"}}))
    assert cluster.run(
        "SELECT roleid::regrole::text FROM pg_auth_members WHERE member = 'web'::regrole ORDER BY 1"
    ) == [("rds_iam",), ("trials_readonly",)]
    assert cluster.run("SELECT 1 FROM pg_roles WHERE rolname = 'web_clone'") == []


def test_a_user_that_changes_to_iam_loses_its_password_and_its_clone_the_login(
    cluster: Cluster,
) -> None:
    cluster.apply(declared({"web": {}}))
    cluster.run("ALTER ROLE web PASSWORD 'old'")
    report = cluster.apply(declared({"web": {"authentication": "iam"}}))
    assert report.changed == [
        "user web: password removed",
        "role web: member of rds_iam",
        "user web_clone: login disabled",
        "role web_clone: no longer member of web",
    ]
    assert cluster.run("SELECT rolpassword FROM pg_authid WHERE rolname = 'web'") == [(None,)]
