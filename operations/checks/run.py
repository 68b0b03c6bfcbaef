"""A run of checks: facts are read in parallel, then each check is judged on its own."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Literal

from operations.aws.errors import AwsCallError
from operations.checks.catalogue import Check, Severity, readers
from operations.checks.facts.reading import Facts
from operations.checks.judgement import Judgement, NotApplicableError
from operations.context import Context
from operations.database.login import LoginRejectedError, UnreachableError
from operations.database.pausing import RESUMED, announce_resume
from operations.errors import CannotRunError, ExitCode
from operations.stopwatch import Stopwatch, Timing


class Result(StrEnum):
    """The result of one check, worst first."""

    FAILED = "failed"
    WARNING = "warning"
    UNKNOWN = "unknown"
    """The check could not be judged: a permission or the connection is missing."""
    SKIPPED = "skipped"
    """The stack does not declare what the check is about."""
    PASSED = "passed"


@dataclass(frozen=True)
class CheckResult:
    """A check and its result.

    Attributes:
        check: Row of the catalogue.
        result: Its result.
        judgement: Expected and found state, evidence.
    """

    check: Check
    result: Result
    judgement: Judgement


@dataclass(frozen=True)
class Run:
    """All results of one command.

    Attributes:
        timing: When it started, and how long it took.
        results: The results, worst first, each result in the catalogue's order.
    """

    timing: Timing
    results: tuple[CheckResult, ...]

    def count(self, result: Result) -> int:
        """Return how many checks have a result."""
        return sum(each.result is result for each in self.results)

    @property
    def outcome(self) -> Literal["passed", "failed", "incomplete"]:
        """`passed`, `failed`, or `incomplete` if a check could not be judged."""
        if self.count(Result.FAILED):
            return "failed"
        return "incomplete" if self.count(Result.UNKNOWN) else "passed"

    @property
    def exit_code(self) -> ExitCode:
        """The command's exit code."""
        codes = {"failed": ExitCode.FAILED, "incomplete": ExitCode.CANNOT_RUN}
        return codes.get(self.outcome, ExitCode.GOOD)


def run_checks(
    context: Context, selected: Sequence[Check], judged: Callable[[CheckResult], None]
) -> Run:
    """Run checks.

    Args:
        context: The stack and its clients.
        selected: The checks.
        judged: Called after each check.

    Raises:
        CredentialsError: AWS stopped accepting the credentials.
        NetworkError: AWS does not answer.
    """
    stopwatch = Stopwatch()
    connects = any(check.connects for check in selected)
    resumed = connects and announce_resume(context, "--without-database leaves it paused")
    results: list[CheckResult] = []
    with Facts(readers(), context.aws, context.outputs) as facts:
        for check in selected:
            for name in check.facts:
                facts.start(name)
        for check in selected:
            result = _judge(check, facts)
            results.append(_with_resume(result) if resumed and check.connects else result)
            judged(results[-1])
    order = list(Result)
    results.sort(key=lambda each: order.index(each.result))
    return Run(stopwatch.read(), tuple(results))


def _with_resume(result: CheckResult) -> CheckResult:
    evidence = "; ".join(filter(None, (result.judgement.evidence, RESUMED)))
    return replace(result, judgement=replace(result.judgement, evidence=evidence))


def _judge(check: Check, facts: Facts) -> CheckResult:
    try:
        judgement = check.judgement(facts.outputs, *(facts.get(name) for name in check.facts))
    except NotApplicableError as error:
        return CheckResult(
            check,
            Result.SKIPPED,
            Judgement(passed=True, expected=check.title, found="", evidence=str(error)),
        )
    except LoginRejectedError as refused:
        return _unknown(check, f"the current password does not log in: {refused}")
    except AwsCallError as error:
        if error.is_not_found:
            return _failed(
                check,
                Judgement(
                    passed=False, expected=check.title, found="does not exist", evidence=str(error)
                ),
            )
        return _unknown(check, str(error))
    except UnreachableError as error:
        return _unknown(check, str(error))
    except CannotRunError:
        raise
    except (KeyError, IndexError, TypeError, ValueError) as error:
        # An answer without a member that the judgement reads is a finding, not a crash.
        return _unknown(check, f"AWS's answer cannot be read: {type(error).__name__}: {error}")
    if judgement.passed:
        return CheckResult(check, Result.PASSED, judgement)
    return _failed(check, judgement)


def _failed(check: Check, judgement: Judgement) -> CheckResult:
    warns = check.severity is Severity.WARNING
    return CheckResult(check, Result.WARNING if warns else Result.FAILED, judgement)


def _unknown(check: Check, reason: str) -> CheckResult:
    return CheckResult(
        check,
        Result.UNKNOWN,
        Judgement(passed=False, expected=check.title, found="unknown", evidence=reason),
    )
