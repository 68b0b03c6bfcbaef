"""A rehearsal: engine, emulated providers, emulated AWS and the user's program, brought together.

What it does not prove is listed in docs/rehearsal.md.
"""

import hashlib
import os
import shlex
import shutil
import stat
import tempfile
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path

from pulumi.automation import (
    LocalWorkspaceOptions,
    PulumiCommand,
    Stack,
    create_or_select_stack,
)

from emulator.aws.regions import REGION_SHORT_CODES
from emulator.engine import Engine, acquire, install_plugins
from emulator.engine.plugins import REPOSITORY
from emulator.isolation import USER_SETTINGS, forget_user_settings
from emulator.provider.aws_connection import ENDPOINT_VARIABLE
from rehearsal.aws_process import AwsProcess
from rehearsal.database import RehearsedDatabase
from rehearsal.project import Project

FOLDER = REPOSITORY / ".rehearsal"
PROJECT_FOLDER = "project"
CERTIFICATE_FILE = "ca.pem"
"""Of the databases' certificate authority, in their folder."""

SECRET_OUTPUTS = ("secretArn", "applicationSecretArn")
"""Outputs of a stack that name a database secret, the master secret first."""

PASSPHRASE = "rehearsal"  # noqa: S105 - it guards nothing: the emulated AWS holds no real secret


class NotDeployedError(Exception):
    """A command needs a stack that is not there."""


class Rehearsal:
    """One machine's rehearsal, all of it in one folder.

    Its Pulumi home, login, state and AWS are its own: neither the user's login nor `~/.aws` nor
    the variables of either are read or written.

    Args:
        folder: Where everything lives.
        program: The Pulumi program.
        project_folder: Name of the folder that its project is laid out in; programs that share a
            rehearsal's AWS have one each.
    """

    def __init__(
        self,
        folder: Path = FOLDER,
        program: Path = REPOSITORY,
        project_folder: str = PROJECT_FOLDER,
    ) -> None:
        self.folder = folder.absolute()
        self.project = Project(program, self.folder / project_folder)
        self.databases = database_folder(self.folder)
        self.aws = AwsProcess(self.folder / "aws", tuple(REGION_SHORT_CODES), self.databases)
        self.launcher = self.folder / "pulumi"

    @cached_property
    def engine(self) -> Engine:
        """The Pulumi CLI, downloaded or built the first time.

        Raises:
            EngineUnavailableError: there is none and none can be had.
        """
        return acquire()

    def start_aws(self) -> bool:
        """Start the emulated AWS unless it runs.

        State of an earlier AWS is dropped: its resources went with the process.

        Returns:
            Whether this call started it.

        Raises:
            AwsProcessError: it does not start.
        """
        if self.aws.is_running():
            return False
        for stale in (self.folder / "state", self.folder / PROJECT_FOLDER, self.databases):
            shutil.rmtree(stale, ignore_errors=True)
        return self.aws.start()

    def stack(
        self, name: str, changes: Mapping[str, object] | None = None, *, like: str | None = None
    ) -> Stack:
        """Give a stack of the program, made if it is new; AWS must run.

        The user's Pulumi and AWS variables leave this process's environment.

        Args:
            name: For example `dev`.
            changes: What differs from its file; see `Project.write_stack_file`.
            like: The stack whose file it has. Default: its own.

        Raises:
            UnknownStackError: the program has no file for it.
            AwsProcessError: the emulated AWS does not run.
            EngineUnavailableError: there is no engine.
        """
        self.project.lay_out()
        self.project.write_stack_file(name, changes, like=like)
        # The library lays its variables over those of the process, where the user's would show.
        forget_user_settings(os.environ)
        environment = self.environment()
        self._write_launcher(environment)
        work_dir = str(self.project.folder)
        root = None if self.engine.source == "path" else str(self.engine.bin_dir.parent)
        return create_or_select_stack(
            stack_name=name,
            work_dir=work_dir,
            opts=LocalWorkspaceOptions(
                work_dir=work_dir,
                pulumi_home=environment["PULUMI_HOME"],
                env_vars=environment,
                pulumi_command=PulumiCommand(root=root),
            ),
        )

    def environment(self) -> dict[str, str]:
        """Give the variables that an engine command needs on top of a plain environment.

        Raises:
            AwsProcessError: the emulated AWS does not run.
            EngineUnavailableError: there is no engine.
        """
        state = self.folder / "state"
        state.mkdir(parents=True, exist_ok=True)
        return {
            **install_plugins(self.folder / "home", self.engine),
            "PULUMI_BACKEND_URL": f"file://{state}",
            "PULUMI_CONFIG_PASSPHRASE": PASSPHRASE,
            "PULUMI_SKIP_UPDATE_CHECK": "true",
            "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
            ENDPOINT_VARIABLE: self.aws.url,
        }

    def database(self, stack: Stack) -> RehearsedDatabase:
        """Give a deployed stack's database.

        Raises:
            AwsProcessError: the emulated AWS does not run.
            NotDeployedError: the stack has no secret yet.
        """
        return self.logins(stack)[0]

    def logins(self, stack: Stack) -> list[RehearsedDatabase]:
        """Give a deployed stack's database by each of its secrets, the master secret first.

        Raises:
            AwsProcessError: the emulated AWS does not run.
            NotDeployedError: the stack has no secret yet.
        """
        outputs = stack.outputs()
        arns = [str(outputs[name].value) for name in SECRET_OUTPUTS if name in outputs]
        if not arns:
            message = f"stack {stack.name} is not deployed: make rehearse STACK={stack.name}"
            raise NotDeployedError(message)
        certificates = self.databases / CERTIFICATE_FILE
        return [RehearsedDatabase(self.aws.url, arn, certificates) for arn in arns]

    def stop(self) -> None:
        """Stop the emulated AWS and remove the folder.

        Raises:
            AwsProcessError: it does not stop.
        """
        self.aws.stop()
        for made in (self.folder, self.databases):
            shutil.rmtree(made, ignore_errors=True)

    def _write_launcher(self, environment: Mapping[str, str]) -> None:
        """Write a script that runs the rehearsal's `pulumi` in the project."""
        users = " ".join(f"-e '/^{start}/p'" for start in USER_SETTINGS)
        exports = [f"export {key}={shlex.quote(environment[key])}" for key in sorted(environment)]
        lines = [
            "#!/bin/sh",
            "# Written by `make rehearse`: pulumi against the emulated AWS, in the project.",
            f'for name in $(env | cut -d= -f1 | sed -n {users}); do unset "$name"; done',
            *exports,
            f"cd {shlex.quote(str(self.project.folder))} || exit 1",
            f'exec {shlex.quote(str(self.engine.pulumi))} "$@"',
        ]
        self.launcher.write_text("\n".join(lines) + "\n", encoding="utf-8")
        self.launcher.chmod(0o755)


def database_folder(folder: Path) -> Path:
    """Give the folder of a rehearsal's databases.

    PostgreSQL refuses to run as root, so as root it runs as another user, who must be able to pass
    the folder's parents. Where they are private the databases are kept among temporary files.
    """
    parents = [parent for parent in folder.absolute().parents if parent.exists()]
    if os.geteuid() != 0 or all(parent.stat().st_mode & stat.S_IXOTH for parent in parents):
        return folder / "databases"
    digest = hashlib.sha256(str(folder.absolute()).encode()).hexdigest()
    return Path(tempfile.gettempdir()) / f"rehearsal-{digest[:16]}"
