"""`python -m operations`: the verbs."""

import sys
import tempfile
import traceback
from typing import Any

import typer
from typer.core import TyperGroup

from operations.errors import ExitCode, InterruptedCommandError, OperationsError
from operations.output.console import note
from operations.verbs import drill, rotate, upgrade
from operations.verbs.connect import connect
from operations.verbs.cost import cost
from operations.verbs.inspect import inspect
from operations.verbs.report import report
from operations.verbs.status import status
from operations.verbs.users import users
from operations.verbs.verify import verify


class _Verbs(TyperGroup):
    def invoke(self, ctx: Any) -> Any:
        """Run a verb; typer would turn Ctrl-C into an exit code without a message."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            raise InterruptedCommandError from None


app = typer.Typer(
    cls=_Verbs,
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Day-2 commands for a deployed Aurora data platform. Exit codes: 0 success, 1 a check "
    "failed, 2 could not run, 3 refused, 4 left something behind, 130 interrupted.",
)
app.command()(connect)
app.command()(cost)
app.command()(inspect)
app.add_typer(drill.app, name="drill")
app.add_typer(rotate.app, name="rotate")
app.add_typer(upgrade.app, name="upgrade")
app.command()(report)
app.command()(status)
app.command()(users)
app.command()(verify)


@app.callback()
def operations() -> None:
    """Day-2 commands for a deployed Aurora data platform."""


def main() -> None:
    """Run a verb; an expected failure becomes one message and its exit code."""
    try:
        app()
    except OperationsError as error:
        note(f"operations: {error}")
        sys.exit(error.exit_code)
    except Exception as error:
        note(
            f"operations: unexpected {type(error).__name__} (please report it): {error}\n"
            f"The traceback is in {_traceback_file()}"
        )
        sys.exit(ExitCode.CANNOT_RUN)


def _traceback_file() -> str:
    with tempfile.NamedTemporaryFile(
        "w", prefix="operations-", suffix=".log", delete=False, encoding="utf-8"
    ) as log:
        log.write(traceback.format_exc())
        return log.name


if __name__ == "__main__":
    main()
