"""`inspect`: the runbooks' queries, in a session that can only read."""

from enum import StrEnum
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from operations.context import open_context
from operations.database.pausing import announce_resume
from operations.database.queries import queries
from operations.database.running import run_query
from operations.output.console import OUT, line, note
from operations.output.document import as_json, document
from operations.verbs.options import AsJson, OutputsFile, StackName


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
    table = Table(*columns, box=None, padding=(0, 2, 0, 0), header_style="dim")
    for row in rows:
        table.add_row(*(Text("" if value is None else str(value)) for value in row))
    OUT.print(table if rows else Text("none", "dim"))
    note(f"runbook: {query.runbook}")


def _plain(value: object) -> object:
    return value if value is None or isinstance(value, bool | int | float) else str(value)
