"""Every verb against a deployed stack: what it prints, its exit code, its permissions."""

import copy
import json
import os
import re
import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import psycopg
import pytest
import yaml

from emulator.postgresql import superuser
from operations.aws.clients import AwsClients
from operations.checks.catalogue import calls, readers
from operations.checks.facts.reading import Facts
from operations.context import Context
from operations.database.queries import Query, queries
from operations.database.running import run_query
from operations.errors import CannotRunError
from operations.output.document import Document
from operations.outputs import parse_outputs
from rehearsal import Rehearsal
from tests.engine.operations.conftest import Command
from tests.operations.damages import CLUSTER, Deployed, declare_backups
from tests.operations.fault_proxy import DENIED, FaultProxy
from tests.operations.session_manager import install
from tools.repository import ROOT

PERMISSIONS = ROOT / "operations/verbs/permissions.yaml"
LISTED: dict[str, list[str]] = yaml.safe_load(PERMISSIONS.read_text(encoding="utf-8"))
NOTICE = """# IAM actions of each verb besides sts:GetCallerIdentity, as recorded against the emulated AWS. Rewrite
# it with `pytest tests/engine/operations --update-golden`.
"""
READING = (
    *("status", "verify", "inspect roles", "rotate status", "cost", "upgrade check"),
    *("connect --print env", "connect --print url --user master", "report", "users"),
)
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
CHANGING = ("users --apply", "rotate --apply", "drill restore --apply", "drill sweep --apply")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Run commands in a folder of their own, into which they may write."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture(scope="module", autouse=True)
def extension(deployed: Deployed) -> None:
    with deployed.superuser() as connection:
        connection.execute("CREATE EXTENSION IF NOT EXISTS pg_stat_statements")


def test_status_shows_the_state_on_one_screen(command: Command) -> None:
    ended = command("status")
    assert (ended.code, ended.err) == (0, "")
    lines = ended.out.splitlines()
    assert lines[0] == f"{CLUSTER}  available  PostgreSQL 17.4  stack dev"
    # The capacity follows the load of the tests before.
    assert re.fullmatch(
        rf"{CLUSTER}-1  writer  us-east-2[abc]  available +\d+(\.\d)? +\d+ *", lines[2]
    ), lines[2]
    assert lines[3].split() == ["capacity", "0.5", "to", "128", "ACU", "per", "instance"]
    assert max(map(len, lines)) <= 80
    assert len(lines) == 9


def test_status_as_json_has_the_same_facts(command: Command) -> None:
    ended = command("status", "--json")
    document = Document.model_validate(ended.json)
    assert (ended.code, document.verb, document.result) == (0, "status", "passed")
    summary = document.summary
    assert summary["capacity"] == {"minimum": 0.5, "maximum": 128.0}
    assert [row["role"] for row in summary["instances"]] == ["writer"]
    assert summary["rotation"]["enabled"] is True
    assert summary["alarms"]["total"] == 10
    assert summary["pendingMaintenance"] == []
    assert summary["upgrade"] == {"automatic": None, "newestMinor": "17.11"}
    assert document.seconds < 3


def test_status_names_what_it_may_not_read(command: Command, environment: FaultProxy) -> None:
    environment.faults["rds:DescribePendingMaintenanceActions"] = DENIED
    ended = command("status", "--json")
    assert (ended.code, ended.json["result"]) == (2, "incomplete")
    assert ended.json["summary"]["unknown"] == [
        f"the credentials do not allow rds:DescribePendingMaintenanceActions ({DENIED.message})"
    ]
    assert ended.json["summary"]["status"] == "available"


def test_verify_prints_findings_first_and_fits_eighty_columns(
    command: Command, deployed: Deployed
) -> None:
    deployed.modify(BackupRetentionPeriod=3)
    try:
        ended = command("verify")
    finally:
        deployed.modify(BackupRetentionPeriod=7)
    lines = [line.rstrip() for line in ended.out.splitlines()]
    assert ended.code == 1
    assert lines[1] == "FAIL backup-retention  The recovery window is the declared one"
    assert [line.split(maxsplit=1) for line in lines[2:4]] == [
        ["expected", "7 days"],
        ["found", "3 days"],
    ]
    assert max(map(len, lines)) <= 80
    assert lines[-1].startswith("failed: 1 failed, 2 skipped, 51 passed, in ")


def test_verify_writes_junit(command: Command, folder: Path) -> None:
    ended = command("verify", "--only", "backups", "--junit", "result.xml")
    text = (folder / "result.xml").read_text(encoding="utf-8")
    assert ended.code == 0
    assert '<testsuite name="verify dev" tests="7" failures="0" errors="0" skipped="1"' in text
    assert '<testcase classname="backups" name="backup-retention" />' in text


def test_reachability_is_checked_from_this_machine(command: Command, deployed: Deployed) -> None:
    here = command("verify", "--from", "here", "--json")
    results = [(each["id"], each["result"]) for each in here.json["checks"]]
    assert (here.code, results) == (
        0,
        [("reachable-tcp", "passed"), ("reachable-tls", "passed"), ("login-current", "passed")],
    )
    refused = command("verify", "--expect-refused", "--json")
    assert (refused.code, refused.json["checks"][0]["found"]) == (1, "a connection")
    elsewhere = {**deployed.outputs, "clusterEndpoint": "127.0.0.2"}
    closed = command("verify", "--expect-refused", "--json", outputs=elsewhere)
    assert (closed.code, closed.json["checks"][0]["result"]) == (0, "passed")


def test_an_unknown_check_is_refused(command: Command) -> None:
    ended = command("verify", "--only", "backup")
    assert ended.code == 2
    assert ended.err.startswith("operations: --only backup: neither a check nor a group; groups")


@pytest.mark.parametrize("topic", queries())
def test_every_topic_of_inspect_is_answered(command: Command, topic: str) -> None:
    ended = command("inspect", topic, "--json")
    assert ended.code == 0, ended.err
    assert isinstance(Document.model_validate(ended.json).summary["rows"], list)


def test_inspect_finds_a_blocked_session(command: Command, deployed: Deployed) -> None:
    with deployed.superuser() as connection, connection.transaction():
        connection.execute("LOCK TABLE pg_catalog.pg_description IN ACCESS EXCLUSIVE MODE")
        locks = command("inspect", "locks", "--json").json["summary"]["rows"]
    assert ("pg_description", "AccessExclusiveLock", True) in [
        (row["relation"], row["mode"], row["granted"]) for row in locks
    ]


def context(deployed: Deployed) -> Context:
    parsed = parse_outputs(deployed.outputs, "the test")
    return Context("dev", parsed, AwsClients(parsed.region))


def test_inspect_cannot_write(environment: FaultProxy, deployed: Deployed) -> None:
    query = Query(title="-", runbook="-", sql="CREATE TABLE written (id integer)")
    with pytest.raises(CannotRunError, match="cannot execute CREATE TABLE in a read-only"):
        run_query(context(deployed), query)


def test_a_rotation_needs_apply_and_is_followed_to_its_end(
    command: Command, deployed: Deployed
) -> None:
    before = deployed.stages()["AWSCURRENT"]
    refused = command("rotate")
    assert (refused.code, refused.out) == (3, "")
    assert refused.err == (
        f"operations: this command rotates the master password of {CLUSTER} now; new logins with "
        "the old one are refused; free of charge, usually under a minute. Repeat it with --apply\n"
    )
    assert deployed.stages()["AWSCURRENT"] == before
    rotated = command("rotate", "--apply", "--json")
    after = deployed.stages()
    assert (rotated.code, rotated.json["summary"]["currentVersion"]) == (0, after["AWSCURRENT"])
    assert after["AWSPREVIOUS"] == before
    assert command("verify", "--only", "secrets").code == 0


def test_an_unfinished_rotation_is_completed(command: Command, deployed: Deployed) -> None:
    assert command("rotate", "unstick").err == "nothing to do: no rotation is unfinished\n"
    secrets = deployed.client("secretsmanager")
    content = json.loads(secrets.get_secret_value(SecretId=deployed.secret)["SecretString"])
    pending = secrets.put_secret_value(
        SecretId=deployed.secret,
        SecretString=json.dumps({**content, "password": "never-set-in-the-database-before"}),
        VersionStages=["AWSPENDING"],
    )["VersionId"]
    assert command("rotate", "status", "--json").json["summary"]["unfinishedVersion"] == pending
    assert command("rotate", "unstick").code == 3
    assert command("rotate", "unstick", "--apply").code == 0
    assert deployed.stages()["AWSCURRENT"] == pending
    assert command("verify", "--only", "login-current").code == 0


def test_the_application_secret_must_exist(command: Command) -> None:
    ended = command("rotate", "--secret", "application", "--apply")
    assert ended.code == 2
    assert ended.err == (
        "operations: --secret application: stack dev has no such secret; it has master\n"
    )


def test_users_are_compared_with_their_declaration_and_repaired(
    command: Command, deployed: Deployed
) -> None:
    assert command("users").out == "databases and users are as declared\n"
    with deployed.superuser() as connection:
        connection.execute("ALTER ROLE trialfinder_app SET lock_timeout = '1h'")
    found = command("users")
    assert (found.code, found.out) == (
        1,
        "differs   user trialfinder_app: lock_timeout = 10s\n",
    )
    assert found.err == (
        "operations: databases or users differ from their declaration. Repeat it with --apply\n"
    )
    repaired = command("users", "--apply")
    assert (repaired.code, repaired.out) == (
        0,
        "repaired  user trialfinder_app: lock_timeout = 10s\n",
    )
    assert command("users", "--json").json["summary"] == {
        "changed": [],
        "warnings": [],
        "remaining": [],
    }


def test_a_connection_is_printed_without_its_password(command: Command, deployed: Deployed) -> None:
    host = deployed.outputs["clusterEndpoint"]
    environment = command("connect", "--print", "env", "--user", "master")
    assert environment.out.splitlines()[:5] == [
        f"export PGHOST={host}",
        "export PGPORT=5432",
        "export PGDATABASE=trialfinder",
        "export PGUSER=aurora_master",
        "export PGSSLMODE=verify-full",
    ]
    assert environment.err == "without the password or token, which --show prints\n"
    assert command("connect", "--print", "pgpass").code == 3
    assert command("connect", "--print", "jdbc", "--via", "ssm").code == 2


def test_a_user_connects_to_a_database_of_its_own(command: Command, deployed: Deployed) -> None:
    """PostgreSQL would deny the initial database to a user that is declared for another one."""
    secrets = deployed.client("secretsmanager")
    content = {"username": "reports", "password": "of-reports", "dbname": "orders"}
    arn = secrets.create_secret(Name="/dev/reports", SecretString=json.dumps(content))["ARN"]
    outputs = copy.deepcopy(deployed.outputs)
    outputs["users"]["trialfinder_app"]["databases"] = ["billing", "trialfinder"]
    outputs["users"]["reports"] = {
        **{"authentication": "password", "access": "readonly", "databases": ["orders"]},
        **{"connectionString": None, "connectPolicyArn": None, "secretArn": arn},
    }
    found: dict[str, str] = {}
    try:
        for user in ("trialfinder_app", "reports", "master"):
            ended = command("connect", "--print", "env", "--user", user, outputs=outputs)
            (found[user],) = re.findall(r"^export PGDATABASE=(.*)$", ended.out, re.MULTILINE)
    finally:
        secrets.delete_secret(SecretId=arn, ForceDeleteWithoutRecovery=True)
    assert found == {"trialfinder_app": "billing", "reports": "orders", "master": "trialfinder"}


def test_a_printed_url_logs_in(command: Command) -> None:
    ended = command("connect", "--print", "url", "--user", "master", "--show")
    with psycopg.connect(ended.out.strip()) as connection:
        assert connection.pgconn.ssl_in_use


def test_a_token_is_signed_for_the_endpoint_also_through_a_tunnel(
    command: Command, deployed: Deployed
) -> None:
    ended = command(
        *("connect", "--print", "env", "--show", "--via", "ssm", "--target", "i-0123"),
        *("--local-port", "6000"),
    )
    host = deployed.outputs["clusterEndpoint"]
    assert f"PGPASSWORD='{host}:5432/?Action=connect&DBUser=trialfinder_app" in ended.out
    assert "export PGHOSTADDR=127.0.0.1" in ended.out
    assert "export PGPORT=6000" in ended.out
    assert ended.err == (
        "in another terminal: aws ssm start-session --region us-east-2 --target i-0123 "
        "--document-name AWS-StartPortForwardingSessionToRemoteHost "
        f"--parameters host={host},portNumber=5432,localPortNumber=6000\n"
    )


PSQL = f"""#!{sys.executable}
import pathlib, psycopg
with psycopg.connect() as connection:
    info = connection.info
    pathlib.Path("session").write_text(
        f"{{info.user}} {{info.host}} {{info.hostaddr}} {{connection.pgconn.ssl_in_use}}"
    )
"""


def test_psql_logs_in_through_a_tunnel_and_verifies_the_endpoints_own_name(
    command: Command, folder: Path, monkeypatch: pytest.MonkeyPatch, deployed: Deployed
) -> None:
    install(folder)
    (folder / "psql").write_text(PSQL)
    (folder / "psql").chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    via = ("--via", "ssm", "--target", "i-0123", "--local-port", "6001")
    ended = command("connect", "--user", "master", *via)
    assert (ended.code, ended.err) == (0, "opening a tunnel through i-0123\n")
    host = deployed.outputs["clusterEndpoint"]
    assert (folder / "session").read_text() == f"aurora_master {host} 127.0.0.1 True"
    assert f"host={host},portNumber=5432,localPortNumber=6001" in (folder / "arguments").read_text()
    assert passwords(deployed)[0] not in (folder / "arguments").read_text()


def test_a_tunnel_needs_a_target_and_a_running_task(command: Command) -> None:
    nothing = command("connect", "--via", "ssm")
    assert (nothing.code, nothing.err) == (
        2,
        "operations: --via ssm needs --target, an instance (i-...)\n",
    )
    missing = command("connect", "--via", "ecs-exec", "--target", "apps/0123")
    assert missing.code == 2
    assert missing.err.startswith("operations: ecs:DescribeTasks: ClusterNotFoundException: ")


def test_psql_receives_the_password_in_its_environment_only(
    command: Command, folder: Path, monkeypatch: pytest.MonkeyPatch, deployed: Deployed
) -> None:
    fake = folder / "psql"
    fake.write_text('#!/bin/sh\necho "$#" > arguments\nenv > environment\nexit 3\n')
    fake.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    ended = command("connect", "--user", "master")
    assert ended.code == 3
    assert (folder / "arguments").read_text() == "0\n"
    assert f"PGPASSWORD={passwords(deployed)[0]}" in (folder / "environment").read_text()


def test_costs_are_computed_from_the_declared_settings(command: Command) -> None:
    found = command("cost", "--json").json["summary"]["perMonth"]["dev"]
    assert {key: found[key] for key in ("floor", "ceiling", "fixed")} == {
        "floor": pytest.approx(0.5 * 0.12 * 730),
        "ceiling": pytest.approx(128 * 0.12 * 730),
        "fixed": pytest.approx(1.0 + 0.4 + 10 * 0.1),
    }
    assert found["advice"] == "not enough measurements to compare I/O-Optimized"


def test_an_upgrade_is_planned_and_a_blocker_found(command: Command, deployed: Deployed) -> None:
    ended = command("upgrade", "check", "--json")
    summary = ended.json["summary"]
    assert (ended.code, summary["next"]) == (0, {"minor": "17.11", "major": "18.6"})
    assert summary["standardSupportUntil"] == "2030-02-28"
    assert summary["extendedSupportUntil"] == "2033-02-28"
    assert 'pulumi config set --stack dev engineVersion "17.11"' in summary["plans"]["minor"]
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
    assert ended.out.splitlines()[:2] == [
        f"{CLUSTER}  PostgreSQL 17.4  stack dev",
        "support                   unknown",
    ]
    assert ended.err == (
        "support dates are unknown: the credentials do not allow "
        f"rds:DescribeDBMajorEngineVersions ({DENIED.message})\n"
    )


def test_a_report_contains_the_history_of_metric_and_composite_alarms(
    command: Command, deployed: Deployed, folder: Path
) -> None:
    cloudwatch = deployed.client("cloudwatch")
    cloudwatch.set_alarm_state(
        AlarmName=f"{CLUSTER}-rotation-failed", StateValue="ALARM", StateReason="by hand"
    )
    assert command("report", "--file", "ticket.zip").code == 0
    with zipfile.ZipFile(folder / "ticket.zip") as archive:
        history = json.loads(archive.read("alarm-history.json"))
    entries = [(each["AlarmName"], each["HistorySummary"]) for each in history]
    for name in (f"{CLUSTER}-rotation-failed", f"{CLUSTER}-critical"):
        assert (name, f'Alarm "{name}" created') in entries
    assert any(
        name == f"{CLUSTER}-rotation-failed" and summary.endswith(" to ALARM")
        for name, summary in entries
    )


def test_a_report_continues_after_errors_and_lists_them(
    command: Command, folder: Path, environment: FaultProxy
) -> None:
    environment.faults["rds:DescribeEvents"] = DENIED
    ended = command("report", "--file", "ticket.zip")
    assert (ended.code, ended.out) == (2, "ticket.zip\n")
    with zipfile.ZipFile(folder / "ticket.zip") as archive:
        names = set(archive.namelist())
        errors = archive.read("errors.txt").decode()
        for name in names - {"errors.txt"}:
            json.loads(archive.read(name))
    assert names == {
        *("outputs.json", "verify.json", "status.json", "parameters.json"),
        *("alarm-history.json", "postgresql-log.json", "rotation-log.json", "errors.txt"),
    }
    assert errors == (
        f"events.json: the credentials do not allow rds:DescribeEvents ({DENIED.message})\n"
    )


def test_capacity_follows_the_load_and_the_report_says_that_it_is_played(
    command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    # AWS publishes a point each minute, the emulated AWS one at each request.
    monkeypatch.setattr("operations.reports.status.facts.PERIOD_SECONDS", 5)
    ended = command(
        *("drill", "scaling", "--apply", "--json", "--clients", "3", "--seconds", "6"),
        *("--cool-down", "90"),
    )
    summary = ended.json["summary"]
    assert (ended.code, ended.json["result"]) == (0, "passed"), ended.err
    assert summary["before"] == 0.5
    assert summary["peak"] >= 1.5
    assert summary["after"] < summary["peak"]
    assert (summary["errors"], summary["emulatedCapacity"]) == (0, True)
    assert summary["statements"] > 0


def test_a_protected_stack_gets_no_load(command: Command, deployed: Deployed) -> None:
    outputs = {**deployed.outputs, "declaredState": {**deployed.declared, "protected": True}}
    ended = command("drill", "scaling", "--apply", outputs=outputs)
    assert (ended.code, ended.err) == (
        3,
        "operations: stack dev is protected: a load test would slow down its users\n",
    )


def passwords(deployed: Deployed) -> list[str]:
    secrets = deployed.client("secretsmanager")
    return [
        json.loads(
            secrets.get_secret_value(SecretId=deployed.secret, VersionStage=stage)["SecretString"]
        )["password"]
        for stage in ("AWSCURRENT", "AWSPREVIOUS", "PULUMI_INITIAL")
    ]


@pytest.mark.parametrize("verb", [*READING, *CHANGING])
def test_no_output_contains_a_password_and_the_permissions_are_those_listed(
    command: Command,
    deployed: Deployed,
    environment: FaultProxy,
    folder: Path,
    verb: str,
    request: pytest.FixtureRequest,
) -> None:
    before = passwords(deployed)
    environment.calls.clear()
    with_plan = copy.deepcopy(deployed.outputs)
    declare_backups(with_plan)
    ended = command(*verb.split(), outputs=with_plan)
    actions = sorted(set(environment.actions) - {"sts:GetCallerIdentity"})
    if request.config.getoption("--update-golden"):
        LISTED[verb] = actions
        PERMISSIONS.write_text(f"{NOTICE}{yaml.safe_dump(LISTED)}", encoding="utf-8")
    assert actions == LISTED[verb]
    texts = [ended.out, ended.err]
    for path in folder.glob("*.zip"):
        with zipfile.ZipFile(path) as archive:
            texts += [archive.read(name).decode() for name in archive.namelist()]
    for text in texts:
        assert [each for each in (*before, *passwords(deployed)) if each in text] == []


def test_every_listed_verb_is_recorded() -> None:
    assert LISTED.keys() == {*READING, *CHANGING}


@pytest.mark.parametrize("fact", calls())
def test_a_fact_calls_what_the_catalogue_lists(
    environment: FaultProxy, deployed: Deployed, fact: str
) -> None:
    with_plan = copy.deepcopy(deployed.outputs)
    declare_backups(with_plan)
    deployed.client("backup").create_backup_vault(BackupVaultName="dev-aurora-backups-ue2")
    try:
        own = context(replace(deployed, outputs=with_plan))
        with Facts(readers(), own.aws, own.outputs) as facts:
            facts.get(fact)
    finally:
        deployed.client("backup").delete_backup_vault(BackupVaultName="dev-aurora-backups-ue2")
    assert set(environment.actions) == set(calls()[fact]) - {"tcp"}


def test_the_launcher_reads_the_outputs_through_pulumi(
    deployed: Deployed, rehearsal: Rehearsal, tmp_path: Path
) -> None:
    hostile = {"AWS_PROFILE": "nobody", "PGHOST": "elsewhere", "AWS_REGION": "eu-west-1"}
    for verb, code in (("verify", 0), ("status", 0)):
        done = subprocess.run(
            [rehearsal.operations, verb, "--stack", "dev", "--json"],
            cwd=tmp_path,
            env={**os.environ, **hostile},
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        answered: dict[str, Any] = json.loads(done.stdout)
        assert (done.returncode, answered["result"]) == (code, "passed"), done.stderr


def test_an_unknown_stack_is_reported_with_pulumis_reason(
    deployed: Deployed, rehearsal: Rehearsal
) -> None:
    done = subprocess.run(
        [rehearsal.operations, "status", "--stack", "nobody"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert "no stack named 'nobody' found" in done.stderr
    assert "Traceback" not in done.stderr
