"""The setup function's handler: modes, declarations and log lines. No database is needed."""

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from components.database_functions.errors import EventError
from components.database_functions.setup import handler
from components.database_functions.setup.changes import Report
from components.database_functions.setup.declaration import Declaration
from components.database_functions.setup.settings import SetupSettings

SETTINGS = SetupSettings(master_secret_arn="arn:aws:secretsmanager:master", lock_limit=7)
SENT: dict[str, Any] = {"databases": {"sent": {"schemas": [], "extensions": []}}, "users": {}}
DEPLOYED: dict[str, Any] = {"databases": {}, "users": {}}
REPORT = Report(["user web: created", "user jobs: created"], ["a warning"], ["one", "two", "three"])


@pytest.fixture
def setups(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[tuple[Declaration, Any]]:
    """Setups that were run, in a package with a declaration."""
    run: list[tuple[Declaration, Any]] = []

    def set_up(declaration: Declaration, _: object, **options: Any) -> Report:
        run.append((declaration, options))
        return REPORT

    moments = iter([100.0, 101.23456])
    (tmp_path / "declaration.json").write_text(json.dumps(DEPLOYED), encoding="utf-8")
    monkeypatch.setattr(handler, "__file__", str(tmp_path / "handler.py"))
    monkeypatch.setattr(handler, "set_up", set_up)
    monkeypatch.setattr(handler, "time", SimpleNamespace(monotonic=lambda: next(moments)))
    return run


def run(**event: object) -> object:
    return handler.run(event, cast("Any", None), cast("Any", None), SETTINGS)


@pytest.mark.parametrize(
    ("mode", "declaration", "repaired"),
    [("apply", SENT, 0), ("check", DEPLOYED, 2), ("plan", DEPLOYED, 0)],
)
def test_a_deployment_sends_its_declaration_and_a_check_reads_the_deployed_one(
    setups: list[tuple[Declaration, Any]],
    capsys: pytest.CaptureFixture[str],
    mode: str,
    declaration: object,
    repaired: int,
) -> None:
    assert run(Mode=mode, Declaration=SENT) == REPORT.members()
    assert setups == [
        (Declaration.parse(declaration), {"lock_limit": 7, "dry_run": mode == "plan"})
    ]
    assert [json.loads(line) for line in capsys.readouterr().out.splitlines()] == [
        {"event": "setup", "mode": mode, "changed": 2, "repaired": repaired}
        | {"warnings": 1, "remaining": 3, "seconds": 1.235},
        {"event": "setup_change", "mode": mode, "change": "user web: created"},
        {"event": "setup_change", "mode": mode, "change": "user jobs: created"},
    ]


def test_an_unknown_mode_is_rejected(
    setups: list[tuple[Declaration, Any]], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(EventError, match="Mode is 'drop', allowed: apply, check, plan"):
        run(Mode="drop", Declaration=SENT)
    (line,) = capsys.readouterr().out.splitlines()
    assert json.loads(line)["event"] == "setup_failed"
    assert setups == []


@pytest.mark.usefixtures("setups")
def test_a_check_in_a_package_without_a_declaration_fails(tmp_path: Path) -> None:
    (tmp_path / "declaration.json").unlink()
    with pytest.raises(EventError, match=r"the deployment package has no declaration\.json"):
        run(Mode="check")
