"""The output of `verify`, compared with golden files."""

from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from operations.aws.clients import AwsClients
from operations.checks.catalogue import checks
from operations.checks.judgement import Judgement
from operations.checks.run import CheckResult, Result, Run
from operations.context import Context
from operations.errors import ExitCode
from operations.output import checks as screen
from operations.output.document import Document, as_json, run_document
from operations.output.junit import junit
from operations.outputs import parse_outputs
from operations.stopwatch import Timing
from tests.operations.examples import OUTPUTS

GOLDEN = Path(__file__).parent / "golden"
CONTEXT = Context("dev", parse_outputs(OUTPUTS, "the test"), AwsClients("us-east-2"))


def result(check_id: str, kind: Result, **judgement: str) -> CheckResult:
    (check,) = [each for each in checks() if each.id == check_id]
    judged = {"expected": "what is declared", "found": "something else", **judgement}
    return CheckResult(check, kind, Judgement(passed=kind is Result.PASSED, **judged))


def run(*results: CheckResult) -> Run:
    return Run(Timing(datetime(2026, 11, 27, 12, tzinfo=UTC), 1.234), results)


EVERY = run(
    result("backup-retention", Result.FAILED, expected="7 days", found="3 days"),
    result("rotation-trail", Result.WARNING, found="no trail"),
    result("key-enabled", Result.UNKNOWN, evidence="the credentials do not allow kms:DescribeKey"),
    result("users-declared", Result.SKIPPED, evidence="the stack has no output `users`"),
    result("capacity-limits", Result.PASSED, found="what is declared"),
)


@pytest.mark.parametrize("name", ["verify.json", "verify.xml", "verify.txt"])
def test_a_run_is_printed_as_the_golden_file_shows(
    name: str, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    text = StringIO()
    monkeypatch.setattr(screen, "OUT", Console(file=text, width=80))
    screen.print_run(CONTEXT, EVERY)
    printed = {
        "verify.json": as_json(run_document(CONTEXT, "verify", EVERY)) + "\n",
        "verify.xml": junit("dev", EVERY),
        "verify.txt": "".join(f"{line.rstrip()}\n" for line in text.getvalue().splitlines()),
    }[name]
    if request.config.getoption("--update-golden"):
        (GOLDEN / name).write_text(printed, encoding="utf-8")
    assert (GOLDEN / name).read_text(encoding="utf-8") == printed


def test_the_golden_document_matches_the_schema() -> None:
    text = (GOLDEN / "verify.json").read_text(encoding="utf-8")
    assert Document.model_validate_json(text).result == "failed"


@pytest.mark.parametrize(
    ("kinds", "outcome", "code"),
    [
        ([Result.PASSED, Result.SKIPPED], "passed", ExitCode.GOOD),
        ([Result.WARNING, Result.PASSED], "passed", ExitCode.GOOD),
        ([Result.UNKNOWN, Result.PASSED], "incomplete", ExitCode.CANNOT_RUN),
        ([Result.FAILED, Result.UNKNOWN], "failed", ExitCode.FAILED),
    ],
)
def test_the_worst_result_decides_the_exit_code(
    kinds: list[Result], outcome: str, code: ExitCode
) -> None:
    found = run(*(result("key-enabled", kind) for kind in kinds))
    assert (found.outcome, found.exit_code) == (outcome, code)
