"""`python -m emulator.rehearsal up|down`: what `make rehearse` and `make rehearse-down` run."""

import signal
import sys
from pathlib import Path
from types import FrameType
from typing import Annotated, NoReturn

import typer
from pulumi.automation import CommandError, InvalidVersionError

from emulator.engine import EngineUnavailableError
from emulator.rehearsal import report
from emulator.rehearsal.aws_process import AwsProcessError
from emulator.rehearsal.project import UnknownStackError
from emulator.rehearsal.rehearsal import FOLDER, Rehearsal

app = typer.Typer(add_completion=False, help="Rehearse the platform on this machine.")

Folder = Annotated[Path, typer.Option(help="Where the rehearsal keeps everything.")]

INTERRUPTED = 130
"""Exit code of a command that Ctrl-C ended, as shells have it."""


@app.command()
def up(
    stack: Annotated[str, typer.Option(help="Stack to deploy; it needs a Pulumi.STACK.yaml.")] = (
        "dev"
    ),
    folder: Folder = FOLDER,
) -> None:
    """Deploy a stack to the emulated AWS and show its outputs."""
    signal.signal(signal.SIGTERM, _interrupt)
    rehearsal = Rehearsal(folder)
    started = False
    try:
        # The first engine takes minutes to come; nothing runs in the meantime.
        report.engine(rehearsal.engine)
        started = rehearsal.start_aws()
        report.aws(rehearsal.aws.url, started=started)
        done = rehearsal.stack(stack).up(
            on_output=report.line, color=report.color(), show_secrets=False, suppress_outputs=True
        )
        report.outputs(stack, done, rehearsal)
    except KeyboardInterrupt:
        if started:
            rehearsal.aws.stop()
        report.interrupted(stopped_aws=started)
        sys.exit(INTERRUPTED)
    except CommandError:
        # The engine has shown why.
        report.failed(stack)
        sys.exit(1)
    except (
        AwsProcessError,
        EngineUnavailableError,
        InvalidVersionError,
        UnknownStackError,
    ) as error:
        sys.exit(f"rehearsal: {error}")


@app.command()
def down(folder: Folder = FOLDER) -> None:
    """Stop the emulated AWS and remove everything that a rehearsal has made."""
    rehearsal = Rehearsal(folder)
    try:
        rehearsal.stop()
    except AwsProcessError as error:
        sys.exit(f"rehearsal: {error}")
    report.removed(rehearsal.folder)


def _interrupt(_number: int, _frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt


if __name__ == "__main__":
    app()
