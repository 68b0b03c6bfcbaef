"""`cost`: floor, expected and ceiling per month."""

from dataclasses import asdict
from typing import Annotated

import typer
from rich.table import Table

from operations.context import Context, open_context
from operations.output.console import OUT, line, note
from operations.output.document import as_json, document
from operations.reports.cost.estimate import Estimate, estimate, prices
from operations.reports.cost.load import read_load
from operations.verbs.options import AsJson, OutputsFile, StackName

_ROWS = {
    "compute, at the minimum": "floor",
    "compute, as measured": "expected",
    "compute, at the maximum": "ceiling",
    "storage, as measured": "storage",
    "I/O, as measured": "io",
    "key, secrets, alarms": "fixed",
}


def cost(
    stack: StackName = "dev",
    outputs: OutputsFile = None,
    compare: Annotated[str | None, typer.Option(help="Another stack to show next to it.")] = None,
    *,
    as_json_document: AsJson = False,
) -> None:
    """Estimate the costs per month, in USD at list prices. Changes nothing.

    Backups beyond the free amount, logs, endpoints and data transfer are not included.
    """
    context = open_context(stack, outputs, note)
    found = {stack: _of(context)}
    if compare is not None:
        found[compare] = _of(open_context(compare, None, note))
    if as_json_document:
        made = document(
            context,
            "cost",
            result="passed",
            summary={
                "currency": "USD",
                "pricesRead": str(prices()["read"]),
                "perMonth": {name: asdict(each) for name, each in found.items()},
            },
        )
        line(as_json(made))
        return
    table = Table("USD per month", *found, box=None, padding=(0, 3, 0, 0), header_style="bold")
    for title, member in _ROWS.items():
        table.add_row(title, *(_dollars(getattr(each, member)) for each in found.values()))
    OUT.print(table)
    for name, each in found.items():
        OUT.print(f"{name}: {each.advice}", soft_wrap=True)
    note(f"list prices of {prices()['read']} ({prices()['source']})")


def _of(context: Context) -> Estimate:
    return estimate(context.outputs, read_load(context))


def _dollars(value: float | None) -> str:
    return "not measured" if value is None else f"{value:,.2f}"
