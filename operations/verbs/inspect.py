"""`inspect`: the runbooks' queries, in a session that can only read."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Annotated

import typer
from rich.console import Console, RenderableType
from rich.table import Table
from rich.text import Text

from operations.context import open_context
from operations.database.pausing import announce_resume
from operations.database.queries import queries
from operations.database.running import run_query
from operations.output.console import OUT, line, note
from operations.output.document import as_json, document
from operations.verbs.options import AsJson, OutputsFile, StackName

_GAP = 2
"""Spaces between columns."""


class Topic(StrEnum):
    """Names of the queries."""

    LOCKS = "locks"
    BLOCKING = "blocking"
    LONG_RUNNING = "long-running"
    OUTLIERS = "outliers"
    CONNECTIONS = "connections"
    BLOAT = "bloat"
    UNUSED_INDEXES = "unused-indexes"
    TRANSACTION_IDS = "transaction-ids"
    ROLES = "roles"


def inspect(
    topic: Annotated[Topic, typer.Argument(help="What to list.")],
    stack: StackName = "dev",
    outputs: OutputsFile = None,
    *,
    reader: Annotated[bool, typer.Option(help="Ask a reader.")] = False,
    as_json_document: AsJson = False,
) -> None:
    """List what the database is doing, with the runbooks' own queries. Changes nothing."""
    context = open_context(stack, outputs, note)
    query = queries()[topic.value]
    announce_resume(context)
    columns, rows = run_query(context, query, reader=reader)
    if as_json_document:
        found = [
            {name: _plain(value) for name, value in zip(columns, row, strict=True)} for row in rows
        ]
        made = document(
            context,
            f"inspect {topic.value}",
            result="passed",
            summary={"rows": found},
        )
        line(as_json(made))
        return
    OUT.print(Text.assemble((query.title, "bold"), f"  {context.outputs.cluster_identifier}"))
    for each in shown(columns, rows, OUT):
        OUT.print(each, soft_wrap=True)
    note(f"runbook: {query.runbook}")


def shown(
    columns: Sequence[str], rows: Sequence[Sequence[object]], console: Console
) -> list[RenderableType]:
    """Return rows as a table, or if it is too wide, each row as a block of lines.

    Args:
        columns: Names of the columns.
        rows: The rows.
        console: Where they are printed.
    """
    if not rows:
        return [Text("none", "dim")]
    texts = [["" if value is None else str(value) for value in row] for row in rows]
    widths = (max(map(len, column)) + _GAP for column in zip(columns, *texts, strict=True))
    if sum(widths) <= console.width:
        table = Table(*columns, box=None, padding=(0, _GAP, 0, 0), header_style="dim")
        for row in texts:
            table.add_row(*map(Text, row))
        return [table]
    width = max(map(len, columns))
    return [
        Text("\n")
        .join(
            Text.assemble((f"{name:<{width}}", "dim"), f"  {value}")
            for name, value in zip(columns, row, strict=True)
        )
        .append("\n")
        for row in texts
    ]


def _plain(value: object) -> object:
    return value if value is None or isinstance(value, bool | int | float) else str(value)
