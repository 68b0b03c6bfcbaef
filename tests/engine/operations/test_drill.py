"""The restore drill on a real database: restored, measured, and nothing left behind."""

import json
import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.engine.operations.conftest import Command
from tests.operations.defects.deployed import CLUSTER, Deployed
from tests.operations.fault_proxy import DENIED, Fault, FaultProxy
from tools.repository import ROOT

STEPS = (
    "restoring",
    "waiting for the cluster",
    "creating its instance",
    "logging in",
    "querying both clusters",
    "removing",
)
WRITES = ("Create", "Delete", "Modify", "Restore", "Start", "Stop", "Reboot", "Failover", "Add")


def clusters(deployed: Deployed) -> list[str]:
    return [
        each["DBClusterIdentifier"]
        for each in deployed.client("rds").describe_db_clusters()["DBClusters"]
    ]


def instances(deployed: Deployed) -> list[str]:
    return [
        each["DBInstanceIdentifier"]
        for each in deployed.client("rds").describe_db_instances()["DBInstances"]
    ]


def test_data_is_restored_to_the_time_before_the_damage(
    command: Command, deployed: Deployed, tmp_path: Path
) -> None:
    with deployed.superuser() as connection:
        connection.execute("SET ROLE aurora_master")
        connection.execute("CREATE SCHEMA work")
        connection.execute("CREATE TABLE work.trials (id integer)")
        connection.execute("INSERT INTO work.trials SELECT generate_series(1, 1000)")
        time.sleep(1.1)
        before = datetime.now(UTC).replace(microsecond=0)
        time.sleep(1.1)
        connection.execute("DELETE FROM work.trials WHERE id > 10")
    queries = tmp_path / "sanity.sql"
    queries.write_text("SELECT count(*) FROM work.trials;\nSELECT max(id) FROM work.trials;\n")
    evidence = tmp_path / "evidence.json"
    ended = command(
        *("drill", "restore", "--apply", "--json", "--sql", str(queries)),
        *("--at", f"{before:%Y-%m-%dT%H:%M:%SZ}", "--evidence", str(evidence)),
    )
    with deployed.superuser() as connection:
        rows = connection.execute("SELECT count(*) FROM work.trials").fetchone()
        connection.execute("DROP SCHEMA work CASCADE")
    assert ended.code == 0, ended.err
    found = ended.json["summary"]
    answers = {row["query"]: (row["source"], row["restored"]) for row in found["queries"]}
    assert answers["SELECT count(*) FROM work.trials"] == ("10", "1000")
    assert answers["SELECT max(id) FROM work.trials"] == ("10", "1000")
    assert answers["rows of work.trials"] == ("10", "1000")
    assert found["restoredTo"] == f"{before:%Y-%m-%dT%H:%M:%SZ}"
    assert found["recoveryPointSeconds"] >= 1.0
    assert 0 < found["recoveryTimeSeconds"] < 60
    assert found["removed"] is True
    assert rows == (10,), "the source is as it was"
    assert clusters(deployed) == [CLUSTER]
    assert json.loads(evidence.read_text()) == ended.json
    assert "| SELECT count(*) FROM work.trials | 10 | 1000 | different |" in (
        evidence.with_suffix(".md").read_text()
    )


def test_a_difference_fails_the_drill_if_equality_is_required(
    command: Command, deployed: Deployed, tmp_path: Path
) -> None:
    queries = tmp_path / "sanity.sql"
    queries.write_text("SELECT pg_postmaster_start_time()")
    ended = command(
        "drill", "restore", "--apply", "--json", "--require-equal", "--sql", str(queries)
    )
    assert (ended.code, ended.json["result"]) == (1, "failed")
    assert ended.json["summary"]["removed"] is True
    assert clusters(deployed) == [CLUSTER]


def test_a_query_that_fails_on_both_clusters_fails_the_drill(
    command: Command, deployed: Deployed, tmp_path: Path
) -> None:
    queries = tmp_path / "sanity.sql"
    queries.write_text("SELECT 1/0")
    ended = command("drill", "restore", "--apply", "--json", "--sql", str(queries))
    problem = "SELECT 1/0: source error: division by zero, restored error: division by zero"
    assert ended.code == 1
    assert ended.err.splitlines()[-1] == f"operations: the drill found problems: {problem}"
    assert ended.json["result"] == "failed"
    assert ended.json["summary"]["problems"] == [problem]
    assert ended.json["summary"]["queries"][-1]["equal"] is False
    assert clusters(deployed) == [CLUSTER]


def test_a_table_that_was_dropped_from_the_source_is_a_difference(
    command: Command, deployed: Deployed
) -> None:
    with deployed.superuser() as connection:
        connection.execute("SET ROLE aurora_master")
        connection.execute("CREATE TABLE dropped AS SELECT generate_series(1, 1000)")
        time.sleep(1.1)
        before = datetime.now(UTC).replace(microsecond=0)
        time.sleep(1.1)
        connection.execute("DROP TABLE dropped")
    ended = command("drill", "restore", "--apply", "--at", f"{before:%Y-%m-%dT%H:%M:%SZ}")
    assert ended.code == 0, ended.err
    assert "differs  tables: source 0, restored 1" in ended.out.splitlines()
    assert "differs  rows of public.dropped: source no such table, restored 1000" in (
        ended.out.splitlines()
    )


def test_without_apply_nothing_is_created(command: Command, environment: FaultProxy) -> None:
    ended = command("drill", "restore")
    assert (ended.code, ended.out) == (3, "")
    assert "the source is only read. Repeat it with --apply" in ended.err
    assert [each for each in environment.actions if each.split(":")[1].startswith(WRITES)] == []


@pytest.mark.parametrize("at", ["2020-01-01T00:00:00Z", "2099-01-01T00:00:00Z"])
def test_a_time_outside_of_the_window_is_refused(command: Command, at: str) -> None:
    ended = command("drill", "restore", "--apply", "--at", at)
    assert ended.code == 2
    assert f"--at {at}: outside of the restore window" in ended.err


def test_the_drill_never_writes_to_the_source(
    command: Command, deployed: Deployed, environment: FaultProxy
) -> None:
    """Deny every write that names the source; a restoration reads it by another member."""

    def names_source(members: dict[str, str]) -> bool:
        own = ("DBClusterIdentifier", "DBInstanceIdentifier", "ResourceName")
        named = [members.get(name, "") for name in own]
        return any(name == CLUSTER or name.startswith(f"{CLUSTER}-1") for name in named)

    for operation in (
        *("DeleteDBCluster", "DeleteDBInstance", "ModifyDBCluster", "ModifyDBInstance"),
        *("RebootDBInstance", "FailoverDBCluster", "StopDBCluster", "AddTagsToResource"),
        *("RestoreDBClusterToPointInTime", "CreateDBInstance", "RemoveTagsFromResource"),
    ):
        environment.faults[f"rds:{operation}"] = Fault("AccessDenied", when=names_source)
    ended = command("drill", "restore", "--apply", "--json")
    assert ended.code == 0, ended.err
    assert environment.used == {}, "no call was denied"
    written = [(a, m) for a, m in environment.calls if a.split(":")[1].startswith(WRITES)]
    assert [action for action, _ in written] == [
        "rds:RestoreDBClusterToPointInTime",
        "rds:CreateDBInstance",
        "rds:DeleteDBInstance",
        "rds:DeleteDBCluster",
    ]
    temporary = ended.json["summary"]["temporaryCluster"]
    assert {m.get("DBClusterIdentifier", temporary) for _, m in written} == {temporary}


def test_a_drill_that_cannot_clean_up_says_what_is_left(
    command: Command, deployed: Deployed, environment: FaultProxy
) -> None:
    environment.faults["rds:DeleteDBCluster"] = DENIED
    ended = command("drill", "restore", "--apply")
    assert ended.code == 4
    (left,) = [each for each in clusters(deployed) if each != CLUSTER]
    assert ended.err.splitlines()[-1] == (
        f"operations: the temporary cluster {left} still exists (the credentials do not allow "
        f"rds:DeleteDBCluster ({DENIED.message})): remove it with `python -m operations drill sweep --stack dev "
        f"--unexpired --confirm {CLUSTER}`"
    )
    environment.reset()
    kept = command("drill", "sweep", "--json", "--apply")
    assert kept.json["summary"] == {"deleted": [], "notExpired": [left], "left": {}}
    asked = command("drill", "sweep", "--unexpired", "--apply")
    assert (asked.code, clusters(deployed)) == (3, [CLUSTER, left])
    assert asked.err == (
        f"operations: this command deletes {left}, without a final snapshot; a drill that is still "
        f"running will fail. Repeat it with --confirm {CLUSTER}\n"
    )
    another = command("drill", "sweep", "--unexpired", "--confirm", "prod-aurora-cluster-ue2")
    assert (another.code, clusters(deployed)) == (3, [CLUSTER, left])
    swept = command("drill", "sweep", "--unexpired", "--confirm", CLUSTER, "--json")
    assert (swept.code, swept.json["summary"]["deleted"]) == (0, [left])
    assert clusters(deployed) == [CLUSTER]


INTERRUPTED = """
import os, signal, sys
from operations.verbs import drill
step, number, *words = sys.argv[1:]

def note(message):
    if message.startswith(step):
        os.kill(os.getpid(), int(number))

drill.note = note
from operations import __main__
__main__.note = print
sys.argv = ["operations", "drill", "restore", "--apply", "--stack", "dev", *words]
__main__.main()
"""


def interrupted(
    deployed: Deployed, tmp_path: Path, step: str, number: signal.Signals, *words: str
) -> subprocess.CompletedProcess[str]:
    """Run a drill that sends itself a signal at the start of a step."""
    file = tmp_path / "interrupted.json"
    file.write_text(json.dumps(deployed.outputs))
    return subprocess.run(
        [sys.executable, "-c", INTERRUPTED, step, str(int(number)), "--outputs", str(file), *words],
        cwd=ROOT,
        env=os.environ,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_an_interrupted_drill_leaves_nothing_that_a_sweep_does_not_remove(
    command: Command, deployed: Deployed, tmp_path: Path, step: str, number: signal.Signals
) -> None:
    done = interrupted(deployed, tmp_path, step, number)
    if number is signal.SIGKILL:
        assert done.returncode == -signal.SIGKILL
        assert command("drill", "sweep", "--unexpired", "--confirm", CLUSTER).code == 0
    else:
        assert done.returncode == 130, done.stdout + done.stderr
    assert clusters(deployed) == [CLUSTER]
    assert instances(deployed) == [f"{CLUSTER}-1"]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_drill_that_is_interrupted_while_removing_keeps_its_result(
    command: Command, deployed: Deployed, tmp_path: Path, number: signal.Signals
) -> None:
    evidence = tmp_path / "evidence.json"
    done = interrupted(deployed, tmp_path, "removing", number, "--evidence", str(evidence))
    assert (done.returncode, done.stderr) == (130, "")
    assert {"operations: interrupted", "same     extensions: plpgsql"} <= set(
        done.stdout.splitlines()
    )
    kept = json.loads(evidence.read_text())
    assert (kept["result"], kept["summary"]["removed"]) == ("passed", True)


def test_a_sweep_finds_a_cluster_on_the_second_page_and_leaves_others_alone(
    command: Command, deployed: Deployed, environment: FaultProxy
) -> None:
    rds = deployed.client("rds")
    others = [f"{CLUSTER}-drill-by-name-{number:02}" for number in range(20)]
    expired = f"{CLUSTER}-drill-zz"
    tags: list[Any] = [
        {"Key": "aurora-data-platform:drill", "Value": CLUSTER},
        {"Key": "aurora-data-platform:expires", "Value": "2026-01-01T00:00:00+00:00"},
    ]
    for name in (*others, expired):
        rds.create_db_cluster(
            DBClusterIdentifier=name,
            Engine="aurora-postgresql",
            EngineVersion="17.7",
            MasterUsername="platform",
            MasterUserPassword="correct-horse",
            Tags=tags if name == expired else [],
        )
    environment.page_sizes["rds:DescribeDBClusters"] = 20
    asked = command("drill", "sweep")
    assert (asked.code, asked.err) == (
        3,
        f"operations: this command deletes {expired}, without a final snapshot. Repeat it with "
        "--apply\n",
    )
    swept = command("drill", "sweep", "--apply", "--json")
    left = clusters(deployed)
    for name in others:
        rds.delete_db_cluster(DBClusterIdentifier=name, SkipFinalSnapshot=True)
    assert (swept.code, swept.json["summary"]["deleted"]) == (0, [expired])
    assert sorted(left) == sorted([CLUSTER, *others])
