"""The command itself: usage, outputs and credentials that are missing, and unexpected errors."""

import json
import os
import re
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from emulator.isolation import scrub_environment
from operations import __main__
from tests.operations.examples import OUTPUTS

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Run:
    """Return a function that runs a command without the user's settings."""
    environment = dict(os.environ)
    scrub_environment(environment)
    monkeypatch.setattr(os, "environ", environment)
    (tmp_path / "outputs.json").write_text(json.dumps(OUTPUTS), encoding="utf-8")
    monkeypatch.chdir(tmp_path)

    def command(*words: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["operations", *words])
        with pytest.raises(SystemExit) as ended:
            __main__.main()
        printed = capsys.readouterr()
        assert "Traceback" not in printed.err
        code = ended.value.code
        return (code if isinstance(code, int) else 0), printed.out, printed.err

    return command


WITH_FILE = ("--outputs", "outputs.json")


def test_an_unknown_option_is_a_usage_error(run: Run) -> None:
    code, out, err = run("verify", "--fast")
    assert (code, out) == (2, "")
    assert "No such option: --fast" in err


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "No such file or directory"),
        ("not json", "not the JSON of `pulumi stack output --json`"),
        ("[]", "not a JSON object like that of `pulumi stack output --json`"),
        ("{}", "the outputs of other.json are not those of this version"),
    ],
)
def test_a_file_of_outputs_must_be_readable(
    run: Run, tmp_path: Path, content: str | None, message: str
) -> None:
    if content is not None:
        (tmp_path / "other.json").write_text(content, encoding="utf-8")
    code, out, err = run("status", "--outputs", "other.json")
    assert (code, out) == (2, "")
    assert message in err


def test_a_missing_pulumi_is_named_with_the_ways_out(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPERATIONS_PULUMI", "/nowhere/pulumi")
    code, _, err = run("status")
    assert (code, err) == (
        2,
        "operations: /nowhere/pulumi cannot be run (No such file or directory): install the Pulumi "
        "CLI, set OPERATIONS_PULUMI, or use --outputs FILE\n",
    )


@pytest.mark.parametrize(
    ("outputs", "code", "message"),
    [
        ("echo '{}'", 2, "stack dev has no outputs: deploy it first (`pulumi up --stack dev`)"),
        ("echo 'no stack named dev' >&2; exit 255", 2, "failed: no stack named dev"),
    ],
)
def test_what_pulumi_says_is_reported(
    run: Run,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    outputs: str,
    code: int,
    message: str,
) -> None:
    pulumi = tmp_path / "pulumi"
    pulumi.write_text(f"#!/bin/sh\n{outputs}\n", encoding="utf-8")
    pulumi.chmod(0o755)
    monkeypatch.setenv("OPERATIONS_PULUMI", str(pulumi))
    found, _, err = run("status")
    assert found == code
    assert message in err


def test_missing_credentials_are_reported(run: Run) -> None:
    code, out, err = run("verify", *WITH_FILE)
    assert (code, out) == (2, "")
    assert err == (
        "operations: no AWS credentials: Unable to locate credentials. Set AWS_PROFILE, or log in, "
        "for example with `aws sso login`\n"
    )


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (
            "verify --junit /nope/x.xml",
            "--junit /nope/x.xml cannot be written: No such file or directory",
        ),
        ("verify --junit .", "--junit . cannot be written: Is a directory"),
        (
            "report --file /nope/x.zip",
            "--file /nope/x.zip cannot be written: No such file or directory",
        ),
        (
            "drill restore --apply --evidence /nope/x.json",
            "--evidence /nope/x.json cannot be written: No such file or directory",
        ),
        (
            "drill restore --apply --evidence .",
            "--evidence . cannot be written: Is a directory",
        ),
        (
            "drill restore --apply --evidence taken.json",
            "--evidence taken.md cannot be written: Is a directory",
        ),
        (
            "drill restore --apply --evidence x.md",
            "--evidence x.md: the Markdown next to the JSON would have the same name",
        ),
    ],
)
def test_a_file_that_cannot_be_written_is_reported_before_the_work(
    run: Run, tmp_path: Path, words: str, message: str
) -> None:
    (tmp_path / "taken.md").mkdir()
    code, out, err = run(*words.split(), *WITH_FILE)
    assert (code, out) == (2, "")
    assert err == f"operations: {message}\n"
    assert {each.name for each in tmp_path.iterdir()} == {"outputs.json", "taken.md"}


@pytest.mark.parametrize(
    "words", ["verify --junit own", "report --file own", "drill restore --evidence own"]
)
def test_a_command_that_cannot_start_leaves_its_file_as_it_is(
    run: Run, tmp_path: Path, words: str
) -> None:
    own = tmp_path / "own"
    own.write_text("of the last run", encoding="utf-8")
    assert run(*words.split(), *WITH_FILE)[0] == 2
    assert own.read_text(encoding="utf-8") == "of the last run"
    own.unlink()
    assert run(*words.split(), *WITH_FILE)[0] == 2
    assert [each.name for each in tmp_path.iterdir()] == ["outputs.json"]


def test_an_unknown_profile_is_reported(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "nobody")
    code, _, err = run("verify", *WITH_FILE)
    assert code == 2
    assert "The config profile (nobody) could not be found" in err


def test_an_unexpected_error_is_one_message_and_a_file(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> None:
        raise ZeroDivisionError("by the test")

    monkeypatch.setattr(__main__, "app", fail)
    code, out, err = run("verify")
    assert (code, out) == (2, "")
    (file,) = re.findall(r"The traceback is in (\S+)", err)
    log = Path(file)
    assert "ZeroDivisionError: by the test" in log.read_text(encoding="utf-8")
    log.unlink()


def test_an_interrupted_command_ends_with_130(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("operations.verbs.status.open_context", interrupt)
    assert run("status") == (130, "", "operations: interrupted\n")


def test_no_color_is_respected(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "")
    monkeypatch.setenv("NO_COLOR", "1")
    _, out, err = run("verify", *WITH_FILE)
    assert "\x1b[" not in out + err
