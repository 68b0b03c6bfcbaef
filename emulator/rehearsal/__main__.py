"""`python -m emulator.rehearsal up|down`: what `make rehearse` and `make rehearse-down` run."""

import signal
import subprocess
import sys
from pathlib import Path
from types import FrameType
from typing import Annotated, NoReturn

import typer
from pulumi.automation import InvalidVersionError

from emulator.engine import EngineUnavailableError
from emulator.rehearsal import report
from emulator.rehearsal.aws_process import AwsProcessError
from emulator.rehearsal.project import UnknownStackError
from emulator.rehearsal.rehearsal import FOLDER, Rehearsal

app = typer.Typer(add_completion=False, help="Rehearse the platform on this machine.")

Folder = Annotated[Path, typer.Option(help="Where the rehearsal keeps everything.")]

INTERRUPTED = 130
"""Exit code of a command that Ctrl-C ended, as shells have it."""


class Terminated(KeyboardInterrupt):
    """A SIGTERM, which unlike a Ctrl-C reaches this process alone."""


@app.command()
def up(
    stack: Annotated[str, typer.Option(help="Stack to deploy; it needs a Pulumi.STACK.yaml.")] = (
        "dev"
    ),
    folder: Folder = FOLDER,
) -> None:
    """Deploy a stack to the emulated AWS and show its outputs."""
    signal.signal(signal.SIGTERM, _terminate)
    rehearsal = Rehearsal(folder)
    started = False
    try:
        # The first engine takes minutes to come; nothing runs in the meantime.
        report.engine(rehearsal.engine)
        started = rehearsal.start_aws()
        report.aws(rehearsal.aws.url, started=started)
        made = rehearsal.stack(stack)
        if _deploy(rehearsal.launcher, stack) != 0:
            # The engine has shown why.
            report.failed(stack)
            sys.exit(1)
        report.outputs(made, rehearsal.launcher)
    except KeyboardInterrupt:
        if started:
            rehearsal.aws.stop()
        report.interrupted(stopped_aws=started)
        sys.exit(INTERRUPTED)
    except (
        AwsProcessError,
        EngineUnavailableError,
        InvalidVersionError,
        UnknownStackError,
    ) as error:
        if started:
            rehearsal.aws.stop()
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


def _deploy(launcher: Path, stack: str) -> int:
    """Run the engine in the user's own terminal, and outwait its own answer to an interruption."""
    command = [launcher, *["up", "--yes", "--skip-preview", "--suppress-outputs", "--stack"], stack]
    interruption: KeyboardInterrupt | None = None
    with subprocess.Popen(command) as engine:
        while True:
            try:
                code = engine.wait()
            except KeyboardInterrupt as signalled:
                interruption = signalled
                if isinstance(signalled, Terminated):
                    engine.send_signal(signal.SIGINT)
            else:
                break
    if interruption is not None:
        raise interruption
    return code


def _terminate(_number: int, _frame: FrameType | None) -> NoReturn:
    raise Terminated


if __name__ == "__main__":
    app()
