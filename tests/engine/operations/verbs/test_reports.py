"""`cost`, `report` and `drill scaling`."""

import json
import zipfile
from pathlib import Path

import pytest

from tests.engine.operations.conftest import Command
from tests.operations.defects.deployed import CLUSTER, Deployed
from tests.operations.fault_proxy import DENIED, FaultProxy


def test_costs_are_computed_from_the_declared_settings(command: Command) -> None:
    found = command("cost", "--json").json["summary"]["perMonth"]["dev"]
    assert {key: found[key] for key in ("floor", "ceiling", "fixed")} == {
        "floor": pytest.approx(0.5 * 0.12 * 730),
        "ceiling": pytest.approx(128 * 0.12 * 730),
        "fixed": pytest.approx(1.0 + 0.4 + 10 * 0.1),
    }
    assert found["advice"] == "not enough measurements to compare I/O-Optimized"


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


def test_capacity_follows_the_load_and_the_report_says_that_it_is_emulated(
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
