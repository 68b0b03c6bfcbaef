"""Results of checks for people: failed first, each with what to do."""

from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from operations.checks.run import CheckResult, Result, Run
from operations.context import Context
from operations.output.console import OUT

_STYLES = {
    Result.FAILED: ("FAIL", "bold red"),
    Result.WARNING: ("WARN", "bold yellow"),
    Result.UNKNOWN: ("????", "bold magenta"),
    Result.SKIPPED: ("skip", "dim"),
    Result.PASSED: ("pass", "green"),
}
_MARGIN = (0, 0, 0, 6)
_ID_WIDTH = 23
"""Length of the longest ID."""


def print_run(context: Context, run: Run) -> None:
    """Print the results of a run.

    Args:
        context: The stack.
        run: The run.
    """
    OUT.print(f"[bold]{context.outputs.cluster_identifier}[/]  stack {context.stack}")
    for each in run.results:
        if each.result not in (Result.PASSED, Result.SKIPPED):
            _print_finding(each)
    for each in run.results:
        if each.result in (Result.PASSED, Result.SKIPPED):
            skipped = each.result is Result.SKIPPED
            text = f"skipped: {each.judgement.evidence}" if skipped else each.check.title
            row = Text.assemble(_STYLES[each.result], f" {each.check.id:<{_ID_WIDTH}} {text}")
            OUT.print(row, no_wrap=True, overflow="ellipsis")
    OUT.print(_summary(run))


def _print_finding(each: CheckResult) -> None:
    label, style = _STYLES[each.result]
    title = Text.assemble((label, style), " ", (each.check.id, "bold"), f"  {each.check.title}")
    OUT.print(title, no_wrap=True, overflow="ellipsis")
    rows = Table.grid(padding=(0, 1))
    judged = each.judgement
    for name, value in (
        ("expected", judged.expected),
        ("found", judged.found),
        ("evidence", judged.evidence),
        ("remedy", each.check.remedy),
        ("runbook", each.check.runbook),
    ):
        if value:
            rows.add_row(Text(name, "dim"), Text(value, overflow="fold"))
    OUT.print(Padding(rows, _MARGIN))


def _summary(run: Run) -> Text:
    parts = [f"{run.count(result)} {result.value}" for result in Result if run.count(result)]
    style = {"passed": "bold green", "failed": "bold red"}.get(run.outcome, "bold magenta")
    seconds = f"{run.timing.seconds:.1f} s"
    return Text.assemble((run.outcome, style), f": {', '.join(parts)}, in {seconds}")
