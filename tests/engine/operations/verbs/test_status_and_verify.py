"""`status` and `verify`: what they print, and where their results are written."""

import re
from pathlib import Path

from operations.output.document import Document
from tests.engine.operations.conftest import Command
from tests.operations.defects.deployed import CLUSTER, Deployed
from tests.operations.fault_proxy import DENIED, FaultProxy


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
    assert len(lines) == 10


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
    assert summary["upgrade"] == {
        "automatic": None,
        "newestMinor": "17.11",
        "supportedUntil": "2026-11-30",
        "advisedMinor": "17.10",
        "advisedSupportedUntil": "2027-12-31",
    }
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
    assert lines[-1].startswith("failed: 1 failed, 2 skipped, 52 passed, in ")


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
