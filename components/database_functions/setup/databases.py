"""Databases of the cluster: their existence, schemas, extensions and search paths."""

from collections.abc import Iterator, Sequence

from components.database_functions.database import Session, quoted_name
from components.database_functions.errors import DeclarationError
from components.database_functions.setup.changes import Change
from components.database_functions.setup.declaration import OWNER, DeclaredDatabase

PUBLIC_SCHEMA = "public"
_OWNERS = """
SELECT d.datname, o.rolname, pg_catalog.pg_has_role(o.oid, 'USAGE'), current_user
FROM pg_catalog.pg_database d JOIN pg_catalog.pg_roles o ON o.oid = d.datdba
"""
_SEARCH_PATH = """
SELECT item FROM pg_catalog.pg_db_role_setting s
JOIN pg_catalog.pg_database d ON d.oid = s.setdatabase
CROSS JOIN LATERAL pg_catalog.unnest(s.setconfig) AS item
WHERE s.setrole = 0 AND d.datname = pg_catalog.current_database() AND item LIKE 'search_path=%'
"""
_SCHEMAS = """
SELECT n.nspname, pg_catalog.pg_get_userbyid(n.nspowner),
       pg_catalog.pg_has_role(n.nspowner, 'USAGE')
FROM pg_catalog.pg_namespace n
"""


def missing_databases(
    session: Session, wanted: Sequence[DeclaredDatabase]
) -> Sequence[DeclaredDatabase]:
    """Return the databases that do not exist.

    Raises:
        DeclarationError: A database exists whose owner the master user is not.
    """
    found = {name: row for name, *row in session.run(_OWNERS)}
    for database in wanted:
        if database.name not in found:
            continue
        owner, is_administered, master = found[database.name]
        if not is_administered:
            message = (
                f"database {database.name} belongs to {owner}, so its privileges cannot be set; as "
                f"{owner}, run: ALTER DATABASE {quoted_name(database.name)} OWNER TO "
                f"{quoted_name(master)}"
            )
            raise DeclarationError(message)
    return [each for each in wanted if each.name not in found]


def creation(database: DeclaredDatabase) -> Change:
    """Return the statement that creates a database; it cannot run in a transaction."""
    sql = f"CREATE DATABASE {quoted_name(database.name)}"
    return Change(f"database {database.name}: created", sql)


def content_changes(session: Session, database: DeclaredDatabase) -> Iterator[Change]:
    """Yield the statements that create schemas and extensions and set the search path."""
    owner = database.group(OWNER)
    yield from _access_of_owner(session, database)
    found = {name: (held_by, usable) for name, held_by, usable in session.run(_SCHEMAS)}
    for schema in database.schemas:
        if schema not in found:
            yield Change(
                f"schema {schema}: created",
                f"CREATE SCHEMA {quoted_name(schema)} AUTHORIZATION {quoted_name(owner)}",
            )
        elif schema != PUBLIC_SCHEMA and found[schema][0] != owner and found[schema][1]:
            yield Change(
                f"schema {schema}: owner changed from {found[schema][0]} to {owner}",
                f"ALTER SCHEMA {quoted_name(schema)} OWNER TO {quoted_name(owner)}",
            )
    installed = {name for (name,) in session.run("SELECT extname FROM pg_catalog.pg_extension")}
    for extension in database.extensions:
        if extension not in installed:
            # With CASCADE, an extension before it may have installed this one.
            sql = f"CREATE EXTENSION IF NOT EXISTS {quoted_name(extension)} CASCADE"
            yield Change(f"extension {extension}: created", sql)
    yield from _search_path(session, database)


def _access_of_owner(session: Session, database: DeclaredDatabase) -> Iterator[Change]:
    """Let the owner role own schemas, for which PostgreSQL requires CREATE on the database."""
    owner = database.group(OWNER)
    ((may_create,),) = session.run(
        "SELECT pg_catalog.has_database_privilege(:owner, :database, 'CREATE')",
        owner=owner,
        database=database.name,
    )
    if not may_create:
        sql = f"GRANT CREATE ON DATABASE {quoted_name(database.name)} TO {quoted_name(owner)}"
        yield Change(f"database {database.name}: CREATE granted to {owner}", sql)


def _search_path(session: Session, database: DeclaredDatabase) -> Iterator[Change]:
    if list(database.schemas) == [PUBLIC_SCHEMA]:
        return
    path = [*(name for name in database.schemas if name != PUBLIC_SCHEMA), PUBLIC_SCHEMA]
    ((wanted,),) = session.run(
        "SELECT pg_catalog.string_agg(pg_catalog.quote_ident(item), ', ') "
        "FROM pg_catalog.unnest(CAST(:path AS text[])) AS item",
        path=path,
    )
    if [f"search_path={wanted}"] not in session.run(_SEARCH_PATH):
        yield Change(
            f"database {database.name}: search path {wanted}",
            f"ALTER DATABASE {quoted_name(database.name)} SET search_path = {wanted}",
        )
