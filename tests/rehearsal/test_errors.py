"""Errors of the commands, without tracebacks."""

import errno
import socket
from pathlib import Path
from typing import cast

import pytest
from pulumi.automation import CommandError, CommandResult, Stack

from emulator import workspace
from rehearsal.__main__ import EXPECTED_ERRORS, friendly_errors
from rehearsal.rehearsal import ForeignEndpointsError, NoDatabasesError, PortInUseError, Rehearsal


def _exit_message(rehearsal: Rehearsal, error: Exception) -> str:
    with pytest.raises(SystemExit) as caught, friendly_errors(rehearsal):
        raise error
    return str(caught.value.code)


def test_an_unexpected_error_names_its_cause_and_both_logs(tmp_path: Path) -> None:
    rehearsal = Rehearsal(tmp_path / "rehearsal")
    message = _exit_message(rehearsal, RuntimeError("lost"))
    log = rehearsal.folder / "error.log"
    assert message == (
        "rehearsal: unexpected RuntimeError: lost\n"
        f"The traceback is in {log}, the log of the emulated AWS in {rehearsal.aws.log}"
    )
    assert log.read_text(encoding="utf-8").endswith("RuntimeError: lost\n")


def test_an_expected_error_is_one_line(tmp_path: Path) -> None:
    rehearsal = Rehearsal(tmp_path / "rehearsal")
    for kind in EXPECTED_ERRORS:
        # Without the constructor, whose arguments differ.
        error = Exception.__new__(kind, "what to do")
        assert _exit_message(rehearsal, error) == "rehearsal: what to do"
    assert not rehearsal.folder.exists()


def test_a_database_port_in_use_is_reported_before_anything_is_deployed(tmp_path: Path) -> None:
    program = tmp_path / "program"
    program.mkdir()
    (program / "Pulumi.yaml").write_text("name: example\n")
    (program / "Pulumi.dev.yaml").write_text("config:\n  example:port: 15433\n")
    rehearsal = Rehearsal(tmp_path / "rehearsal", program)
    with (
        socket.create_server(("0.0.0.0", 15433)),  # noqa: S104 - as another database would
        pytest.raises(PortInUseError) as caught,
    ):
        rehearsal.stack("dev")
    assert str(caught.value) == (
        "no emulated database can be created: port 15433 is in use on every loopback address: "
        "another process listens on it on all addresses of this machine (`ss -ltnp 'sport = "
        ":15433'` shows which). Stop that process, or set `port` in Pulumi.dev.yaml"
    )


def test_an_error_of_the_engine_is_its_error_output(tmp_path: Path) -> None:
    result = CommandResult("", "error: write state: no space left on device\n", 1)
    message = _exit_message(Rehearsal(tmp_path), CommandError(result))
    assert message == "rehearsal: write state: no space left on device"


@pytest.mark.parametrize(
    ("number", "file", "said"),
    [
        (errno.ENOSPC, None, "No space left on device"),
        (errno.EROFS, "/home/.cache", "Read-only file system"),
        (errno.EACCES, "/other/.rehearsal", "Permission denied"),
    ],
)
def test_an_error_of_the_machine_names_the_file_or_the_folder(
    tmp_path: Path, number: int, file: str | None, said: str
) -> None:
    message = _exit_message(Rehearsal(tmp_path), OSError(number, said, file))
    assert message == f"rehearsal: {file or tmp_path}: {said}"


def test_a_machine_without_databases_cannot_rotate(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workspace, "why_unavailable", lambda: "no `postgres` 17 is on the PATH")
    with pytest.raises(NoDatabasesError) as caught:
        Rehearsal(tmp_path).logins(cast("Stack", None))
    assert str(caught.value) == "no database is emulated: no `postgres` 17 is on the PATH"


def test_endpoints_in_a_stack_file_are_rejected_with_the_official_plugins(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EMULATOR_PLUGIN", "official")
    program = tmp_path / "program"
    program.mkdir()
    (program / "Pulumi.yaml").write_text("name: example\n")
    (program / "Pulumi.dev.yaml").write_text("config:\n  aws:endpoints: [{rds: https://a.b}]\n")
    with pytest.raises(ForeignEndpointsError) as caught:
        Rehearsal(tmp_path / "rehearsal", program).stack("dev")
    assert str(caught.value) == (
        "Pulumi.dev.yaml sets aws:endpoints, which takes precedence over the emulated AWS: remove it"
    )


@pytest.mark.parametrize(("plugin", "options"), [("official", " PLUGIN=official"), ("", "")])
def test_the_next_commands_keep_the_choice_of_plugin(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, plugin: str, options: str
) -> None:
    monkeypatch.setenv("EMULATOR_PLUGIN", plugin)
    assert Rehearsal(tmp_path).make_options == options
