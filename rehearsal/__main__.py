"""`python -m rehearsal`: what `make rehearse`, `rotate`, `policy`, `rehearse-down` run."""

import signal
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Annotated, NoReturn

import typer
from pulumi.automation import InvalidVersionError

from emulator.engine import EngineUnavailableError
from rehearsal import report
from rehearsal.aws_process import AwsProcessError
from rehearsal.database import RotationError
from rehearsal.project import UnknownStackError
from rehearsal.rehearsal import FOLDER, NotDeployedError, Rehearsal

app = typer.Typer(add_completion=False, help="Rehearse the platform on this machine.")

Folder = Annotated[Path, typer.Option(help="Where the rehearsal keeps everything.")]

StackName = Annotated[str, typer.Option(help="Stack; it needs a Pulumi.STACK.yaml.")]

FAILURES = (
    AwsProcessError,
    EngineUnavailableError,
    InvalidVersionError,
    NotDeployedError,
    RotationError,
    UnknownStackError,
)
"""What a user can mend, told without a traceback."""

INTERRUPTED = 130
"""Exit code of a command that Ctrl-C ended, as shells have it."""


class Terminated(KeyboardInterrupt):
    """A SIGTERM, which unlike a Ctrl-C reaches this process alone."""


@contextmanager
def told_plainly() -> Generator[None]:
    """End the command with a sentence, where a user can mend it, and never with a traceback."""
    try:
        yield
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
    except FAILURES as error:
        sys.exit(f"rehearsal: {error}")


@app.command()
def up(stack: StackName = "dev", folder: Folder = FOLDER) -> None:
    """Deploy a stack to the emulated AWS and show its outputs."""
    signal.signal(signal.SIGTERM, _terminate)
    rehearsal = Rehearsal(folder)
    started = False
    with told_plainly():
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
            report.outputs(made)
            for database in rehearsal.logins(made):
                database.wait_for_first_rotation()
                report.login(database.secret().version, database.log_in())
            report.next_commands(stack, rehearsal.launcher)
        except (KeyboardInterrupt, *FAILURES) as failure:
            if started:
                rehearsal.aws.stop()
            if isinstance(failure, KeyboardInterrupt):
                report.interrupted(stopped_aws=started)
            raise


@app.command()
def rotate(stack: StackName = "dev", folder: Folder = FOLDER) -> None:
    """Rotate the secrets of a deployed stack, and log in with each."""
    rehearsal = Rehearsal(folder)
    with told_plainly():
        for database in rehearsal.logins(rehearsal.stack(stack)):
            database.rotate()
            report.login(database.secret().version, database.log_in())


@app.command()
def policy(stack: StackName = "dev", folder: Folder = FOLDER) -> None:
    """Preview a stack under the policy pack, with the pack's configuration for it."""
    rehearsal = Rehearsal(folder)
    started = False
    with told_plainly():
        try:
            started = rehearsal.start_aws()
            rehearsal.stack(stack)
            pack = f"--policy-pack policy_pack --policy-pack-config policy_pack/config/{stack}.json"
            command = [rehearsal.launcher, *f"preview --stack {stack} {pack}".split()]
            sys.exit(subprocess.run(command, check=False).returncode)
        finally:
            if started:
                rehearsal.aws.stop()


@app.command()
def down(folder: Folder = FOLDER) -> None:
    """Stop the emulated AWS and remove everything that a rehearsal has made."""
    rehearsal = Rehearsal(folder)
    with told_plainly():
        rehearsal.stop()
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
