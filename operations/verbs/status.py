"""`status`: the state of a platform on one screen."""

import time
from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.live import Live

from operations.context import Context, open_context
from operations.errors import ExitCode
from operations.output.console import OUT, line, note
from operations.output.document import as_json, document
from operations.reports.status.screen import screen
from operations.reports.status.summary import read_status
from operations.verbs.options import AsJson, OutputsFile, StackName

WATCH_SECONDS = 5.0


def status(
    stack: StackName = "dev",
    outputs: OutputsFile = None,
    *,
    watch: Annotated[
        bool, typer.Option("--watch", help="Repeat every five seconds until Ctrl-C.")
    ] = False,
    as_json_document: AsJson = False,
) -> None:
    """Show instances, capacity, backups, rotation, alarms and maintenance. Changes nothing.

    Exit codes: 0 everything was read, 2 something could not be read.
    """
    context = open_context(stack, outputs, note)
    if watch and not as_json_document:
        _watch(context)
    summary = read_status(context)
    if as_json_document:
        made = document(
            context,
            "status",
            result="incomplete" if summary["unknown"] else "passed",
            summary=summary,
        )
        line(as_json(made))
    else:
        OUT.print(screen(context, summary, datetime.now(UTC)))
    raise typer.Exit(ExitCode.CANNOT_RUN if summary["unknown"] else ExitCode.GOOD)


def _watch(context: Context) -> None:
    with Live(console=OUT, auto_refresh=False) as live:
        while True:
            live.update(screen(context, read_status(context), datetime.now(UTC)), refresh=True)
            time.sleep(WATCH_SECONDS)
