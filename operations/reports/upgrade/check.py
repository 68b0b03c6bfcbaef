"""The next versions of a cluster, and what stands in the way."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from operations.aws.clients import Properties
from operations.aws.errors import AwsCallError
from operations.context import Context
from operations.database.queries import Query
from operations.database.running import run_query

ENGINE = "aurora-postgresql"
_STANDARD = "open-source-rds-standard-support"

BLOCKERS: Mapping[str, Query] = {
    "prepared transactions": Query(
        title="Prepared transactions must be committed or rolled back first",
        runbook="docs/runbooks/upgrade-major.md",
        sql="SELECT gid FROM pg_prepared_xacts",
    ),
    "logical replication slots": Query(
        title="Logical replication slots must be dropped first",
        runbook="docs/runbooks/upgrade-major.md",
        sql="SELECT slot_name FROM pg_replication_slots WHERE slot_type = 'logical'",
    ),
    "columns of reg types": Query(
        title="pg_upgrade cannot keep columns of these types; drop or convert them",
        runbook="docs/runbooks/upgrade-major.md",
        sql=(
            "SELECT a.attrelid::regclass || '.' || a.attname FROM pg_attribute AS a "
            "JOIN pg_class AS c ON c.oid = a.attrelid JOIN pg_namespace AS n "
            "ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'm') AND NOT a.attisdropped "
            "AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND a.atttypid::regtype::"
            "text IN ('regcollation', 'regconfig', 'regdictionary', 'regnamespace', 'regoper', "
            "'regoperator', 'regproc', 'regprocedure')"
        ),
    ),
    "extensions to update": Query(
        title="Extensions with a newer version; update them after the upgrade",
        runbook="docs/runbooks/upgrade-major.md",
        sql=(
            "SELECT name || ' ' || installed_version || ' -> ' || default_version "
            "FROM pg_available_extensions WHERE installed_version <> default_version"
        ),
    ),
}
"""Pre-checks of a major upgrade (Aurora user guide, Performing a major version upgrade)."""

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


def read_support(context: Context, major: str) -> str:
    """Return the end of standard support of a major version as text; the reason if unknown.

    Args:
        context: The stack.
        major: The major version.
    """
    try:
        rows = context.aws.pages(
            "rds",
            "describe_db_major_engine_versions",
            "DBMajorEngineVersions",
            Engine=ENGINE,
            MajorEngineVersion=major,
        )
    except AwsCallError as error:
        return f"unknown: {error}"
    ends: list[datetime] = [
        lifecycle["LifecycleSupportEndDate"]
        for row in rows
        for lifecycle in row.get("SupportedEngineLifecycles", [])
        if lifecycle["LifecycleSupportName"] == _STANDARD
    ]
    return f"{max(ends):%Y-%m-%d}" if ends else "unknown"


def next_versions(targets: list[Properties]) -> dict[str, str | None]:
    """Return the newest minor and the newest major target.

    Args:
        targets: See `read_targets`.
    """
    kinds: dict[str, list[str]] = {"minor": [], "major": []}
    for each in targets:
        kinds["major" if each.get("IsMajorVersionUpgrade") else "minor"].append(
            each["EngineVersion"]
        )
    return {kind: max(found, key=_order) if found else None for kind, found in kinds.items()}


def pre_checks(context: Context) -> dict[str, list[str]]:
    """Return what each pre-check found.

    Args:
        context: The stack.

    Raises:
        CannotRunError: the database cannot be reached, or rejects the login.
    """
    return {
        name: [str(row[0]) for row in run_query(context, query)[1]]
        for name, query in BLOCKERS.items()
    }


def plan(target: str, *, major: bool) -> list[str]:
    """Return the steps of an upgrade.

    Args:
        target: The version.
        major: Whether it is of another major version.
    """
    steps = ["python -m operations drill restore --apply  # a restorable backup exists"]
    if major:
        steps.append("restore a copy and upgrade that first; compare plans of critical statements")
    return [
        *steps,
        f'pulumi config set engineVersion "{target}"',
        "pulumi config set allowEngineUpgrade true",
        "pulumi preview --diff  # updates the cluster in place and replaces nothing but the "
        "parameter group",
        "pulumi up",
        "pulumi config rm allowEngineUpgrade",
        "python -m operations verify",
    ]


def _order(version: str) -> list[Any]:
    return [int(part) for part in version.split(".") if part.isdigit()]
