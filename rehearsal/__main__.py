"""`python -m rehearsal`: the commands behind `make rehearse` and the related targets."""

import errno
import signal
import subprocess
import sys
import traceback
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Annotated, NoReturn

import typer
from pulumi.automation import CommandError, InvalidVersionError, Stack

from emulator.engine import EngineUnavailableError
from emulator.process import AwsProcessError, NotRunningError
from emulator.provider import RejectedError
from emulator.workspace import ForeignAccountError
from rehearsal import landing_zone, policies, report
from rehearsal.database import LoginError, RotationTimeoutError
from rehearsal.landing_zone import UnknownRegionError
from rehearsal.project import EncryptedValueError, InvalidFileError, UnknownStackError
from rehearsal.rehearsal import (
    FOLDER,
    ForeignEndpointsError,
    NoDatabasesError,
    NotDeployedError,
    PortInUseError,
    Rehearsal,
)

app = typer.Typer(add_completion=False, help="Rehearse the platform on this machine.")

Folder = Annotated[Path, typer.Option(help="Folder of the rehearsal.")]

StackName = Annotated[str, typer.Option(help="Stack; Pulumi.STACK.yaml must exist.")]

EXPECTED_ERRORS = (
    AwsProcessError,
    EncryptedValueError,
    EngineUnavailableError,
    ForeignAccountError,
    ForeignEndpointsError,
    InvalidFileError,
    InvalidVersionError,
    LoginError,
    NoDatabasesError,
    NotDeployedError,
    PortInUseError,
    RejectedError,
    RotationTimeoutError,
    UnknownRegionError,
    UnknownStackError,
)
"""Errors whose message says what to do."""

MACHINE_ERRORS = frozenset({errno.EACCES, errno.EDQUOT, errno.ENOSPC, errno.EROFS})
"""Numbers of OS errors whose text is sufficient as the message."""

ERROR_LOG = "error.log"
INTERRUPTED = 130
"""Exit code of a command that Ctrl-C ended, as in shells."""


class Terminated(KeyboardInterrupt):
    """SIGTERM, which unlike Ctrl-C reaches this process alone."""


@contextmanager
def friendly_errors(rehearsal: Rehearsal) -> Generator[None]:
    """End the command with one message instead of a traceback."""
    try:
        yield
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
    except NotRunningError as error:
        sys.exit(f"rehearsal: {error}: run `make rehearse`")
    except CommandError as error:
        # Its text is the command's exit code, output and error output.
        said = str(error).rpartition("stderr: ")[2].strip()
        sys.exit(f"rehearsal: {said.removeprefix('error: ')}")
    except EXPECTED_ERRORS as error:
        sys.exit(f"rehearsal: {error}")
    except OSError as error:
        if error.errno not in MACHINE_ERRORS:
            _report_unexpected(rehearsal, error)
        sys.exit(f"rehearsal: {error.filename or rehearsal.folder}: {error.strerror}")
    except Exception as error:
        _report_unexpected(rehearsal, error)


def _report_unexpected(rehearsal: Rehearsal, error: Exception) -> NoReturn:
    log = rehearsal.folder / ERROR_LOG
    rehearsal.folder.mkdir(parents=True, exist_ok=True)
    log.write_text(traceback.format_exc(), encoding="utf-8")
    sys.exit(
        f"rehearsal: unexpected {type(error).__name__}: {error}\n"
        f"The traceback is in {log}, the log of the emulated AWS in {rehearsal.aws.log}"
    )


@app.command()
def up(stack: StackName = "dev", folder: Folder = FOLDER) -> None:
    """Deploy a stack to the emulated AWS and show its outputs."""
    signal.signal(signal.SIGTERM, _terminate)
    rehearsal = Rehearsal(folder)
    started = False
    with friendly_errors(rehearsal):
        rehearsal.project.find_stack_file(stack)
        try:
            # The first build of the CLI takes minutes; the emulated AWS starts after it.
            report.databases(rehearsal.why_no_databases)
            report.engine(rehearsal.engine)
            started = rehearsal.start_aws()
            report.aws(rehearsal.aws.url, started=started)
            selected = rehearsal.stack(stack)
            if _deploy(rehearsal.launcher, stack) != 0:
                # The engine has reported the reason.
                report.failed(stack, rehearsal.make_options, rehearsal.aws.log)
                sys.exit(1)
            report.outputs(selected)
            if not rehearsal.why_no_databases:
                _log_in(rehearsal, selected)
            report.next_commands(
                stack, rehearsal.make_options, rehearsal.launcher, rehearsal.operations
            )
        except BaseException as failure:
            if started and not isinstance(failure, SystemExit):
                rehearsal.aws.stop()
            if isinstance(failure, KeyboardInterrupt):
                report.interrupted(stopped_aws=not rehearsal.aws.is_running())
            raise


@app.command()
def rotate(stack: StackName = "dev", folder: Folder = FOLDER) -> None:
    """Rotate the secrets of a deployed stack, and log in with each."""
    rehearsal = Rehearsal(folder)
    with friendly_errors(rehearsal):
        rehearsal.project.find_stack_file(stack)
        for database in rehearsal.logins(rehearsal.stack(stack)):
            report.rotating(database.secret_arn)
            database.rotate()
            report.login(database.secret().version, database.log_in())


@app.command()
def policy(stack: StackName = "dev", folder: Folder = FOLDER) -> None:
    """Preview a stack under the policy pack, which also rejects a plan that would lose its data."""
    rehearsal = Rehearsal(folder)
    started = False
    with friendly_errors(rehearsal):
        rehearsal.project.find_stack_file(stack)
        try:
            started = rehearsal.start_aws()
            rehearsal.stack(stack)
            launcher, file = rehearsal.launcher, rehearsal.folder / "policies.json"
            try:
                policies.keep_data(launcher, stack, stack, file)
            except subprocess.CalledProcessError as failure:
                # The command has reported the reason.
                sys.exit(failure.returncode)
            sys.exit(policies.preview(launcher, stack, file))
        finally:
            if started:
                rehearsal.aws.stop()


@app.command()
def package(
    region: Annotated[str, typer.Option(help="AWS region.")] = "us-east-2", folder: Folder = FOLDER
) -> None:
    """Start the emulated AWS for programs that use the package, and show how to deploy them."""
    rehearsal = Rehearsal(folder)
    with friendly_errors(rehearsal):
        report.engine(rehearsal.engine)
        started = rehearsal.start_aws()
        report.aws(rehearsal.aws.url, started=started)
        try:
            launcher = rehearsal.prepare_consumers(region)
        except BaseException:
            if started:
                rehearsal.aws.stop()
            raise
        network = landing_zone.private_network(
            rehearsal.aws.url, region, landing_zone.ENVIRONMENTS[0]
        )
        report.consumer(launcher, *network)


@app.command()
def down(folder: Folder = FOLDER) -> None:
    """Stop the emulated AWS and delete everything that rehearsals created."""
    rehearsal = Rehearsal(folder)
    with friendly_errors(rehearsal):
        rehearsal.stop()
    report.removed(rehearsal.folder)


def _log_in(rehearsal: Rehearsal, stack: Stack) -> None:
    """Wait for the first rotations, and log in as every user."""
    for database in rehearsal.logins(stack):
        report.waiting_for_rotation(database.secret_arn)
        database.wait_for_first_rotation()
        report.login(database.secret().version, database.log_in())
    report.access(rehearsal.users(stack).try_access())


def _deploy(launcher: Path, stack: str) -> int:
    """Run the engine in the user's terminal, and wait until it has handled an interruption.

    A plan that the engine rejects, such as a replacement of a protected resource, changes nothing.
    """
    command = [launcher, *["up", "--yes", "--suppress-outputs", "--stack"], stack]
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
