"""`users`: compare databases and users with their declaration, and repair what differs."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from operations.context import Context, open_context
from operations.database.pausing import announce_resume
from operations.errors import CannotRunError, CheckFailedError
from operations.output.console import OUT, line, note
from operations.output.document import as_json, document
from operations.verbs.options import Apply, AsJson, OutputsFile, StackName

PLAN, CHECK = "plan", "check"
"""Modes of the setup function: describe the differences, or repair them."""


def users(
    stack: StackName = "dev",
    outputs: OutputsFile = None,
    *,
    apply: Apply = False,
    as_json_document: AsJson = False,
) -> None:
    """List how databases and users differ from their declaration; with --apply, repair them.

    The stack's setup function compares and repairs, as it does once a day by itself.
    """
    context = open_context(stack, outputs, note, changes=apply)
    announce_resume(context)
    report = _set_up(context, CHECK if apply else PLAN)
    differs = bool(report["changed"]) and not apply
    if as_json_document:
        made = document(
            context,
            "users",
            result="failed" if differs else "passed",
            summary=dict(report),
        )
        line(as_json(made))
    else:
        _print(report, "repaired" if apply else "differs")
    if differs:
        message = "databases or users differ from their declaration. Repeat it with --apply"
        raise CheckFailedError(message)


def _set_up(context: Context, mode: str) -> Mapping[str, Sequence[str]]:
    name = context.outputs.declared_state.setup_function_name
    answer = context.aws.call(
        "lambda", "invoke", FunctionName=name, Payload=json.dumps({"Mode": mode}).encode()
    )
    result: Any = json.loads(answer["Payload"].read())
    if "FunctionError" in answer:
        message = f"{name} failed: {result.get('errorMessage', 'no message')}"
        raise CannotRunError(message)
    return result


def _print(report: Mapping[str, Sequence[str]], changed: str) -> None:
    titles = {"changed": changed, "warnings": "warning", "remaining": "remaining"}
    rows = [(title, text) for key, title in titles.items() for text in report[key]]
    for title, text in rows:
        OUT.print(f"[dim]{title:<10}[/]{text}", soft_wrap=True)
    if not rows:
        OUT.print("databases and users are as declared")
