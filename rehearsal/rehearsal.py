"""A rehearsal: the engine, the emulated providers, the emulated AWS and the user's program.

Its limits are listed in docs/rehearsal.md.
"""

import os
import shutil
from collections import defaultdict
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

from pulumi.automation import PulumiCommand, Stack

from components.aurora_data_platform.functions import package as lambda_package
from emulator.engine import Engine, install_yaml_language_host
from emulator.isolation import scrub_environment
from emulator.postgresql import (
    AddressError,
    PostgresServer,
    ServerCertificateAuthority,
    free_address,
)
from emulator.process import AwsProcess
from emulator.workspace import Workspace
from rehearsal import landing_zone, launchers
from rehearsal.database import RehearsedDatabase
from rehearsal.project import PROJECT_FILE, Project
from rehearsal.stacks import RehearsedStack, RehearsedWorkspace
from rehearsal.users import RehearsedUsers

REPOSITORY = Path(__file__).resolve().parents[1]
FOLDER = REPOSITORY / ".rehearsal"
PROJECT_FOLDER = "project"
REGION_KEY, ENDPOINTS_KEY = "aws:region", "aws:endpoints"
MASTER_SECRET_OUTPUT, USERS_OUTPUT = "masterSecretArn", "users"
PORT_KEY, DEFAULT_PORT = "port", 5432


class PortInUseError(Exception):
    """Another process uses the database's port on all addresses of this machine."""


class ForeignEndpointsError(Exception):
    """A stack file redirects the official plugin."""


class NoDatabasesError(Exception):
    """This machine cannot run the databases that the command needs."""


class NotDeployedError(Exception):
    """The command requires a deployed stack."""


class Rehearsal:
    """A rehearsal in one folder.

    It has its own Pulumi home, login, state and AWS. The user's Pulumi login, `~/.aws` and their
    environment variables are neither read nor written.

    Args:
        folder: The folder.
        program: The Pulumi program.
        project_folder: Name of the folder with the program's links; each program that shares the
            emulated AWS of a rehearsal has its own.
    """

    def __init__(
        self,
        folder: Path = FOLDER,
        program: Path = REPOSITORY,
        project_folder: str = PROJECT_FOLDER,
    ) -> None:
        self._workspace = Workspace(folder, lambda_package.CERTIFICATES)
        self.folder = self._workspace.folder
        self.project = Project(program, self.folder / project_folder)
        self.launcher = self.folder / "pulumi"
        self.operations = self.folder / "operations"
        self._selected = defaultdict[Path, set[str]](set)

    @property
    def aws(self) -> AwsProcess:
        """The emulated AWS."""
        return self._workspace.aws

    @property
    def engine(self) -> Engine:
        """The Pulumi CLI; see `Workspace.engine`."""
        return self._workspace.engine

    @property
    def databases(self) -> Path:
        """The folder of the databases."""
        return self._workspace.databases

    @property
    def why_no_databases(self) -> str | None:
        """Why this machine cannot run databases, as a clause; None if it can."""
        return self._workspace.why_no_databases

    @property
    def make_options(self) -> str:
        """Options with which `make` addresses this rehearsal, after its stack."""
        return " PLUGIN=official" if self._workspace.is_official else ""

    def start_aws(self) -> bool:
        """Start the emulated AWS, unless it is running.

        The state of an earlier emulated AWS is deleted, because its resources no longer exist.

        Returns:
            Whether this call started it.

        Raises:
            AwsProcessError: it did not start.
        """
        if self.aws.is_running():
            return False
        # Their stack files name a key of that AWS.
        for file in self.folder.glob(f"*/{PROJECT_FILE}"):
            shutil.rmtree(file.parent)
        self._selected.clear()
        return self._workspace.start()

    def stack(
        self, name: str, changes: Mapping[str, object] | None = None, *, like: str | None = None
    ) -> Stack:
        """Select a stack of the program, or create it, with a landing zone in its region.

        The user's Pulumi and AWS variables are removed from this process's environment.

        Args:
            name: For example `dev`.
            changes: Differences from its file; see `Project.write_stack_file`.
            like: The stack whose file is used. Default: the stack itself.

        Raises:
            UnknownStackError: the program has no file for the stack.
            InvalidFileError: the stack file cannot be read.
            EncryptedValueError: the stack file has encrypted values.
            UnknownRegionError: the rehearsal has no landing zone in the stack's region.
            PortInUseError: another process uses the database's port on all addresses.
            ForeignEndpointsError: with the official plugins, the stack file sets their endpoints.
            AwsProcessError: the emulated AWS is not running.
            EngineUnavailableError: there is no CLI.
        """
        # botocore reads this environment, and the automation API passes it on.
        scrub_environment(os.environ)
        self.project.link_files()
        config = self.project.write_stack_file(name, changes, like=like)
        self._require_free_port(name, config)
        if self._workspace.is_official and ENDPOINTS_KEY in config:
            message = (
                f"Pulumi.{name}.yaml sets {ENDPOINTS_KEY}, which takes precedence over the "
                "emulated AWS: remove it"
            )
            raise ForeignEndpointsError(message)
        region, key = config.get(REGION_KEY), None
        # The provider reports a missing region.
        if isinstance(region, str):
            landing_zone.seed(self.aws.url, region)
            key = f"awskms://{landing_zone.STATE_KEY_ALIAS}?region={region}"
        environment = self.environment()
        self._workspace.write_pulumi(self.launcher, self.project.folder)
        launchers.write_operations(
            self.operations,
            REPOSITORY,
            pulumi=self.launcher,
            url=self.aws.url,
            certificates=self._workspace.certificate,
            environment=environment,
        )
        return self.stack_in(self.project.folder, name, secrets_provider=key)

    def stack_in(self, folder: Path, name: str, *, secrets_provider: str | None = None) -> Stack:
        """Select a stack of the program in any folder, or create it.

        Args:
            folder: The folder.
            name: Name of the stack.
            secrets_provider: Encrypts the secrets of a new stack. Default: Pulumi's own default.
        """
        environment = self.environment()
        workspace = RehearsedWorkspace(
            self._selected[folder],
            work_dir=str(folder),
            pulumi_home=environment["PULUMI_HOME"],
            env_vars=environment,
            pulumi_command=self.command,
            secrets_provider=secrets_provider,
        )
        return RehearsedStack.create_or_select(name, workspace)

    def prepare_consumers(self, region: str) -> Path:
        """Prepare for programs in any folder, also in YAML; return the script that runs `pulumi`.

        The user's Pulumi and AWS variables are removed from this process's environment.

        Args:
            region: Region that gets a landing zone.

        Raises:
            UnknownRegionError: the rehearsal has no landing zone in the region.
            AwsProcessError: the emulated AWS is not running.
            EngineUnavailableError: there is no CLI, or no host of YAML programs.
        """
        scrub_environment(os.environ)
        landing_zone.seed(self.aws.url, region)
        install_yaml_language_host(self._workspace.home, self.engine)
        launcher = self.folder / "pulumi-here"
        self._workspace.write_pulumi(launcher)
        return launcher

    def _require_free_port(self, name: str, config: Mapping[str, object]) -> None:
        port = config.get(f"{self.project.name}:{PORT_KEY}", DEFAULT_PORT)
        # The program reports a port that is not a number.
        if not str(port).isdigit() or self.why_no_databases:
            return
        try:
            free_address(name, int(str(port)))
        except AddressError as error:
            message = (
                f"no emulated database can be created: {error}. Stop that process, or set "
                f"`{PORT_KEY}` in Pulumi.{name}.yaml"
            )
            raise PortInUseError(message) from error

    @cached_property
    def command(self) -> PulumiCommand:
        """The Pulumi CLI for the automation API, cached because a new one runs `pulumi version`."""
        root = None if self.engine.source == "path" else str(self.engine.bin_dir.parent)
        return PulumiCommand(root=root)

    def environment(self) -> dict[str, str]:
        """Return the variables of an engine command; see `Workspace.environment`."""
        return self._workspace.environment()

    def database(self, stack: Stack) -> RehearsedDatabase:
        """Return a deployed stack's database, with the master secret.

        Raises:
            AwsProcessError: the emulated AWS is not running.
            NotDeployedError: the stack has no secret yet.
        """
        return self.logins(stack)[0]

    def logins(self, stack: Stack) -> list[RehearsedDatabase]:
        """Return a deployed stack's database once for each of its secrets, the master secret first.

        Raises:
            AwsProcessError: the emulated AWS is not running.
            NoDatabasesError: this machine cannot run databases.
            NotDeployedError: the stack has no secret yet.
        """
        if self.why_no_databases:
            message = f"no database is emulated: {self.why_no_databases}"
            raise NoDatabasesError(message)
        outputs = _values(stack)
        secrets = [outputs.get(MASTER_SECRET_OUTPUT)]
        secrets += [user["secretArn"] for user in outputs.get(USERS_OUTPUT, {}).values()]
        databases = [self._with_secret(arn) for arn in secrets if arn is not None]
        if not databases:
            message = (
                f"stack {stack.name} is not deployed: run `make rehearse STACK={stack.name}` first"
            )
            raise NotDeployedError(message)
        return databases

    def users(self, stack: Stack) -> RehearsedUsers:
        """Return the declared users of a deployed stack's database.

        Raises:
            AwsProcessError: the emulated AWS is not running.
            NotDeployedError: the stack has no secret yet.
        """
        outputs = _values(stack)
        master = self.database(stack)
        server = PostgresServer(
            self.databases / "clusters" / outputs["clusterIdentifier"],
            address=outputs["clusterEndpoint"],
            port=int(outputs["port"]),
            authority=ServerCertificateAuthority(self.databases),
        )
        return RehearsedUsers(
            outputs,
            server,
            master,
            {
                name: self._with_secret(user["secretArn"])
                for name, user in outputs[USERS_OUTPUT].items()
                if user["secretArn"] is not None
            },
            certificates=str(self._workspace.certificate),
        )

    def _with_secret(self, arn: str) -> RehearsedDatabase:
        return RehearsedDatabase(self.aws.url, arn, self._workspace.certificate, self.aws.log)

    def stop(self) -> None:
        """Stop the emulated AWS and delete the folder.

        Raises:
            AwsProcessError: it did not stop.
        """
        self._workspace.stop()


def _values(stack: Stack) -> dict[str, Any]:
    return {name: output.value for name, output in stack.outputs().items()}
