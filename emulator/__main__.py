"""`aws-emulator start`, `aws-emulator stop`: deploy Pulumi programs without an AWS account."""

import argparse
import sys
from pathlib import Path

from emulator.engine import EngineUnavailableError
from emulator.process import AwsProcessError
from emulator.workspace import ForeignAccountError, Workspace

DEFAULT_FOLDER = Path(".emulator")
INTERRUPTED = 130
"""Exit code of a command that Ctrl-C ended, as in shells."""


def start(workspace: Workspace) -> None:
    """Start the emulated AWS, and write the script that runs `pulumi` against it."""
    engine = workspace.engine
    started = workspace.start()
    try:
        script = workspace.folder / "pulumi"
        workspace.write_pulumi(script)
    except BaseException:
        if started:
            workspace.aws.stop()
        raise
    print(
        f"AWS:      {workspace.aws.url} ({'started' if started else 'running already'})\n"
        f"pulumi:   {script} (version {engine.version})\n"
        f"databases: {_databases(workspace)}"
    )


def _databases(workspace: Workspace) -> str:
    if workspace.why_no_databases:
        return f"none, and no function is run: {workspace.why_no_databases}"
    return f"PostgreSQL 17 (CA certificate {workspace.certificate})"


def stop(workspace: Workspace) -> None:
    """Stop the emulated AWS and delete the folder."""
    workspace.stop()
    print(f"the emulated AWS is stopped and {workspace.folder} is removed")


COMMANDS = {"start": start, "stop": stop}


def main() -> None:
    """Run one command; an expected error is one message, not a traceback."""
    parser = argparse.ArgumentParser(prog="aws-emulator", description=__doc__)
    parser.add_argument("command", choices=COMMANDS)
    parser.add_argument(
        "--folder", type=Path, default=DEFAULT_FOLDER, help="keeps everything (.emulator)"
    )
    arguments = parser.parse_args()
    try:
        COMMANDS[arguments.command](Workspace(arguments.folder))
    except (AwsProcessError, EngineUnavailableError, ForeignAccountError) as error:
        sys.exit(f"aws-emulator: {error}")
    except OSError as error:
        sys.exit(f"aws-emulator: {error.filename or arguments.folder}: {error.strerror}")
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)


if __name__ == "__main__":
    main()
