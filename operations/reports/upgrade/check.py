"""The next versions of a cluster, and what stands in the way."""

from collections.abc import Mapping
from dataclasses import dataclass

from operations.aws.clients import Properties
from operations.aws.errors import PermissionMissingError
from operations.context import Context
from operations.database.queries import Query
from operations.database.running import Rows, run_queries
from operations.reports.upgrade.minor_versions import advised_minor, order

ENGINE = "aurora-postgresql"
_STANDARD = "open-source-rds-standard-support"
_EXTENDED = "open-source-rds-extended-support"


@dataclass(frozen=True)
class Support:
    """The last days of a major version's support, YYYY-MM-DD; None where AWS names none.

    Attributes:
        standard: End of standard support.
        extended: End of RDS Extended Support, which is charged.
    """

    standard: str | None = None
    extended: str | None = None

    def __str__(self) -> str:
        """Return both for people."""
        if self.standard is None:
            return "unknown"
        extended = f", extended until {self.extended}" if self.extended else ""
        return f"standard until {self.standard}{extended}"


_RUNBOOK = "docs/runbooks/upgrade.md"
_OF_THE_CLUSTER: Mapping[str, Query] = {
    "prepared transactions": Query(
        title="Prepared transactions must be committed or rolled back first",
        runbook=_RUNBOOK,
        sql="SELECT gid FROM pg_prepared_xacts",
    ),
    "logical replication slots": Query(
        title="Logical replication slots must be dropped first",
        runbook=_RUNBOOK,
        sql="SELECT slot_name FROM pg_replication_slots WHERE slot_type = 'logical'",
    ),
    "unusable databases": Query(
        title="Invalid databases must be dropped, and all others must accept connections",
        runbook=_RUNBOOK,
        sql=(
            "SELECT datname || CASE datconnlimit WHEN -2 THEN ': invalid, its DROP DATABASE was "
            "interrupted' ELSE ': accepts no connections (ALLOW_CONNECTIONS false)' END "
            "FROM pg_database WHERE datname NOT IN ('template0', 'rdsadmin') "
            "AND (datconnlimit = -2 OR NOT datallowconn) ORDER BY 1"
        ),
    ),
}
_OF_EACH_DATABASE: Mapping[str, Query] = {
    "columns of reg types": Query(
        title="pg_upgrade cannot keep columns of these types; drop or convert them",
        runbook=_RUNBOOK,
        # What contains such a type is unstable too, and can be contained itself.
        sql=(
            "WITH RECURSIVE unstable AS ("
            "SELECT oid FROM pg_type WHERE typnamespace = 'pg_catalog'::regnamespace "
            "AND typname IN ('regcollation', 'regconfig', 'regdictionary', 'regnamespace', "
            "'regoper', 'regoperator', 'regproc', 'regprocedure') "
            "UNION SELECT outer_type.oid FROM unstable AS u CROSS JOIN LATERAL ("
            "SELECT oid FROM pg_type WHERE typbasetype = u.oid AND typtype = 'd' "
            "UNION ALL SELECT oid FROM pg_type WHERE typelem = u.oid AND typtype = 'b' "
            "UNION ALL SELECT c.reltype FROM pg_attribute AS a JOIN pg_class AS c "
            "ON c.oid = a.attrelid WHERE a.atttypid = u.oid AND NOT a.attisdropped "
            "AND c.reltype <> 0 "
            "UNION ALL SELECT unnest(ARRAY[rngtypid, rngmultitypid]) FROM pg_range "
            "WHERE rngsubtype = u.oid) AS outer_type) "
            "SELECT n.nspname || '.' || c.relname || '.' || a.attname FROM pg_attribute AS a "
            "JOIN pg_class AS c ON c.oid = a.attrelid "
            "JOIN pg_namespace AS n ON n.oid = c.relnamespace "
            "WHERE a.atttypid IN (SELECT oid FROM unstable) AND NOT a.attisdropped "
            "AND c.relkind IN ('r', 'm', 'i') AND NOT pg_is_other_temp_schema(n.oid) "
            "AND n.nspname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1"
        ),
    ),
    "extensions to update": Query(
        title="Extensions with a newer version; update them after the upgrade",
        runbook=_RUNBOOK,
        sql=(
            "SELECT name || ' ' || installed_version || ' -> ' || default_version "
            "FROM pg_available_extensions WHERE installed_version <> default_version ORDER BY 1"
        ),
    ),
}
_DATABASES = Query(
    title="Databases that pg_upgrade connects to; nobody but RDS may connect to rdsadmin",
    runbook=_RUNBOOK,
    sql=(
        "SELECT datname FROM pg_database WHERE datallowconn AND datconnlimit <> -2 "
        "AND datname <> 'rdsadmin' ORDER BY 1"
    ),
)

BLOCKERS: Mapping[str, Query] = {**_OF_THE_CLUSTER, **_OF_EACH_DATABASE}
"""Pre-checks of a major upgrade (Aurora user guide, Performing a major version upgrade; PostgreSQL
17, src/bin/pg_upgrade/check.c)."""

HARMLESS = frozenset({"extensions to update"})
"""Pre-checks whose findings do not block the upgrade."""


def read_targets(context: Context, version: str) -> list[Properties]:
    """Return the versions to which AWS can upgrade a version.

    Args:
        context: The stack.
        version: The running version.
    """
    rows = context.aws.pages(
        "rds",
        "describe_db_engine_versions",
        "DBEngineVersions",
        Engine=ENGINE,
        EngineVersion=version,
        IncludeAll=True,
    )
    return [target for row in rows for target in row.get("ValidUpgradeTarget", [])]


def read_support(context: Context) -> dict[str, Support]:
    """Return the support dates of every major version; empty without the permission to read them.

    Args:
        context: The stack.
    """
    try:
        rows = context.aws.pages(
            "rds", "describe_db_major_engine_versions", "DBMajorEngineVersions", Engine=ENGINE
        )
    except PermissionMissingError as error:
        context.note(f"support dates are unknown: {error}")
        return {}
    return {row["MajorEngineVersion"]: _support(row) for row in rows}


def major_of(version: str) -> str:
    """Return the major version of a version."""
    return version.partition(".")[0]


def _support(row: Properties) -> Support:
    ends = {
        each["LifecycleSupportName"]: f"{each['LifecycleSupportEndDate']:%Y-%m-%d}"
        for each in row.get("SupportedEngineLifecycles", [])
    }
    return Support(ends.get(_STANDARD), ends.get(_EXTENDED))


def next_versions(
    version: str, targets: list[Properties], *, automatic: bool
) -> dict[str, str | None]:
    """Return the advised minor and the newest major target.

    Args:
        version: The running version.
        targets: See `read_targets`.
        automatic: Whether AWS upgrades minor versions automatically.
    """
    majors = [each["EngineVersion"] for each in targets if each.get("IsMajorVersionUpgrade")]
    return {
        "minor": advised_minor(version, targets, automatic=automatic),
        "major": max(majors, key=order, default=None),
    }


def pre_checks(context: Context) -> dict[str, list[str]]:
    """Return what each pre-check found, in every database to which somebody may connect.

    Args:
        context: The stack.

    Raises:
        CannotRunError: the database cannot be reached, or rejects the login.
    """
    of_cluster = [_DATABASES, *_OF_THE_CLUSTER.values()]
    databases, *found = (_texts(rows) for rows in run_queries(context, of_cluster))
    checks = dict(zip(_OF_THE_CLUSTER, found, strict=True))
    checks |= {name: [] for name in _OF_EACH_DATABASE}
    for database in databases:
        answers = run_queries(context, [*_OF_EACH_DATABASE.values()], database=database)
        for name, rows in zip(_OF_EACH_DATABASE, answers, strict=True):
            checks[name] += [f"{database}: {text}" for text in _texts(rows)]
    return checks


def _texts(rows: Rows) -> list[str]:
    return [str(row[0]) for row in rows[1]]


def plan(stack: str, target: str, *, major: bool) -> list[str]:
    """Return the steps of an upgrade.

    Args:
        stack: Name of the stack.
        target: The version.
        major: Whether it is of another major version.
    """
    own = f"--stack {stack}"
    steps = [f"python -m operations drill restore {own} --apply  # a restorable backup exists"]
    changes = "updates the cluster in place, replaces nothing"
    if major:
        changes += " but the parameter group"
        steps.append(
            "clone the cluster with restoreFrom, upgrade the clone, and compare its query plans"
        )
    return [
        *steps,
        f'pulumi config set {own} engineVersion "{target}"',
        f"pulumi config set {own} allowEngineUpgrade true",
        f"pulumi preview {own} --diff  # {changes}",
        f"pulumi up {own}",
        f"pulumi config rm {own} allowEngineUpgrade",
        f"python -m operations verify {own}",
    ]
