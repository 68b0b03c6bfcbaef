"""`verify`: the checks of the catalogue against what is deployed."""

from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, Progress, TextColumn

from operations.checks.catalogue import Check, checks
from operations.checks.run import CheckResult, Run, run_checks
from operations.context import Context, open_context
from operations.errors import CannotRunError
from operations.output.checks import print_run
from operations.output.console import ERR, line, note
from operations.output.document import as_json, run_document
from operations.output.files import require_writable, write_file
from operations.output.junit import junit
from operations.verbs.options import AsJson, OutputsFile, StackName

Only = Annotated[
    list[str] | None, typer.Option(help="Check or group to run; can be repeated. Default: all.")
]
JunitFile = Annotated[Path | None, typer.Option("--junit", help="Also write JUnit XML to a file.")]
Offline = Annotated[
    bool,
    typer.Option(
        "--without-database",
        help="Leave out the checks that connect to the database, where it cannot be reached.",
    ),
]


class Place(StrEnum):
    """Value of `--from`: the machine from which connections start."""

    HERE = "here"


Origin = Annotated[
    Place | None,
    typer.Option(
        "--from", help="Only check that this machine reaches the database: TCP, TLS, login."
    ),
]
ExpectRefused = Annotated[
    bool,
    typer.Option(
        "--expect-refused",
        help="Only check that this machine cannot reach the database; run it outside of the VPC.",
    ),
]


def verify(
    stack: StackName = "dev",
    outputs: OutputsFile = None,
    only: Only = None,
    junit_file: JunitFile = None,
    origin: Origin = None,
    *,
    expect_refused: ExpectRefused = False,
    without_database: Offline = False,
    as_json_document: AsJson = False,
) -> None:
    """Compare the deployed platform with its declared state. Changes nothing.

    Exit codes: 0 every check passed, 1 one failed, 2 one could not be judged.
    """
    if expect_refused:
        selected = list(checks("expect-refused"))
    elif origin is not None:
        selected = [*checks("from-here"), *select(["login-current"])]
    else:
        selected = select(only or [], without_database=without_database)
    if junit_file is not None:
        require_writable("--junit", junit_file)
    context = open_context(stack, outputs, note)
    run = _with_progress(context, selected)
    if as_json_document:
        line(as_json(run_document(context, "verify", run)))
    else:
        print_run(context, run)
    if junit_file is not None:
        write_file("--junit", junit_file, junit(stack, run))
    raise typer.Exit(run.exit_code)


def select(only: Sequence[str], *, without_database: bool = False) -> list[Check]:
    """Return the checks to run.

    Args:
        only: IDs of checks or names of groups; empty for all.
        without_database: Leave out those that connect to the database.

    Raises:
        CannotRunError: a name is neither a check nor a group.
    """
    groups = list(dict.fromkeys(check.group for check in checks()))
    known = {*groups, *(check.id for check in checks())}
    unknown = sorted(set(only) - known)
    if unknown:
        message = (
            f"--only {unknown[0]}: neither a check nor a group; groups are {', '.join(groups)}, "
            "checks are listed in docs/operations-reference.md"
        )
        raise CannotRunError(message)
    return [
        check
        for check in checks()
        if (not only or {check.id, check.group} & set(only))
        and not (without_database and check.connects)
    ]


def _with_progress(context: Context, selected: Sequence[Check]) -> Run:
    with Progress(
        *(TextColumn("{task.description}"), BarColumn()),
        console=ERR,
        transient=True,
        disable=not ERR.is_terminal,
    ) as progress:
        task = progress.add_task("checking", total=len(selected))

        def judged(each: CheckResult) -> None:
            progress.update(task, advance=1, description=f"{each.check.id:<24}")

        return run_checks(context, selected, judged)
