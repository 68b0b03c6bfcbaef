"""`upgrade check`: blockers of a major version upgrade, in every database."""

from emulator.postgresql import superuser
from rehearsal import Rehearsal
from tests.engine.operations.conftest import Command
from tests.operations.defects.deployed import CLUSTER, Deployed
from tests.operations.fault_proxy import DENIED, FaultProxy

PRE_CHECKS = (
    *("prepared transactions", "logical replication slots", "unusable databases"),
    *("columns of reg types", "extensions to update"),
)
ODD_COLUMNS = """
CREATE SCHEMA work;
CREATE TABLE work.odd (kind regproc, harmless regclass);
CREATE INDEX odd_index ON work.odd (kind);
CREATE DOMAIN work.kind AS regtype;
CREATE DOMAIN work.odd_kind AS regproc;
CREATE TABLE work.by_domain (kind work.odd_kind, harmless work.kind);
CREATE TABLE work.by_array (kinds work.odd_kind[]);
CREATE TYPE work.pair AS (kind regproc, number integer);
CREATE TABLE work.by_composite (pair work.pair, number integer);
CREATE TABLE work.by_row (copy work.odd);
CREATE TYPE work.kinds AS RANGE (subtype = regconfig);
CREATE TABLE work.by_range (kinds work.kinds);
CREATE VIEW work.seen AS SELECT kind FROM work.odd;
"""


def test_an_upgrade_is_planned_and_a_blocker_found(command: Command, deployed: Deployed) -> None:
    ended = command("upgrade", "check", "--json")
    summary = ended.json["summary"]
    assert (ended.code, summary["next"]) == (0, {"minor": "17.10", "major": "18.6"})
    assert summary["minorStandardSupportUntil"] == "2026-11-30"
    assert summary["standardSupportUntil"] == "2030-02-28"
    assert summary["extendedSupportUntil"] == "2033-02-28"
    assert 'pulumi config set --stack dev engineVersion "17.10"' in summary["plans"]["minor"]
    assert summary["preChecks"] == {name: [] for name in PRE_CHECKS}


def test_blockers_of_an_upgrade_are_found_in_every_database(
    command: Command, deployed: Deployed, rehearsal: Rehearsal
) -> None:
    """As pg_upgrade does (PostgreSQL 17, src/bin/pg_upgrade/check.c), but in rdsadmin."""
    socket, port = rehearsal.databases / "clusters" / CLUSTER / "socket", deployed.outputs["port"]
    names = ("orders", "closed", "broken", "rdsadmin")
    with deployed.superuser() as connection:
        for name in names:
            connection.execute(f"CREATE DATABASE {name}".encode())
        connection.execute("ALTER DATABASE closed ALLOW_CONNECTIONS false")
        # An interrupted DROP DATABASE leaves this (PostgreSQL documentation, DROP DATABASE).
        connection.execute("UPDATE pg_database SET datconnlimit = -2 WHERE datname = 'broken'")
    try:
        for database in ("trialfinder", "orders", "rdsadmin"):
            with superuser(socket, port, database) as connection:
                connection.execute(ODD_COLUMNS)
        with superuser(socket, port, "orders") as connection:
            connection.execute("CREATE EXTENSION pg_stat_statements VERSION '1.9'")
        ended = command("upgrade", "check", "--json")
    finally:
        with deployed.superuser() as connection:
            connection.execute("DROP SCHEMA work CASCADE")
            for name in names:
                connection.execute(f"DROP DATABASE {name}".encode())
    assert ended.code == 1
    assert ended.json["summary"]["preChecks"] == {
        "prepared transactions": [],
        "logical replication slots": [],
        "unusable databases": [
            "broken: invalid, its DROP DATABASE was interrupted",
            "closed: accepts no connections (ALLOW_CONNECTIONS false)",
        ],
        "columns of reg types": [
            f"{database}: work.{column}"
            for database in ("orders", "trialfinder")
            for column in (
                *("by_array.kinds", "by_composite.pair", "by_domain.kind"),
                *("by_range.kinds", "by_row.copy", "odd.kind", "odd_index.kind"),
            )
        ],
        "extensions to update": ["orders: pg_stat_statements 1.9 -> 1.11"],
    }
    assert ended.err == (
        "operations: a major upgrade would fail: Invalid databases must be dropped, and all others "
        "must accept connections; pg_upgrade cannot keep columns of these types; drop or convert "
        "them\n"
    )


def test_an_upgrade_is_checked_without_the_permission_to_read_support_dates(
    command: Command, environment: FaultProxy
) -> None:
    environment.faults["rds:DescribeDBMajorEngineVersions"] = DENIED
    ended = command("upgrade", "check")
    assert ended.code == 0
    assert ended.out.splitlines()[:3] == [
        f"{CLUSTER}  PostgreSQL 17.4  stack dev",
        "support of 17.4           standard until 2026-11-30",
        "support of 17             unknown",
    ]
    assert ended.err == (
        "support dates are unknown: the credentials do not allow "
        f"rds:DescribeDBMajorEngineVersions ({DENIED.message})\n"
    )
