"""An emulated AWS, and a Pulumi home and backend of its own, in one folder."""

import hashlib
import os
import shutil
import stat
import tempfile
from functools import cached_property
from pathlib import Path

from emulator.engine import (
    Engine,
    acquire,
    install_official_plugins,
    install_plugins,
)
from emulator.engine.hosted_plugin import HOST_VARIABLE
from emulator.isolation import NO_PROXY_VARIABLES, emulated_aws, scrub_environment
from emulator.postgresql import AUTHORITY_CERTIFICATE, why_unavailable
from emulator.process import AwsProcess
from emulator.provider.aws_connection import (
    ENDPOINT_VARIABLE,
    LOG_VARIABLE,
    AwsConnection,
    require_loopback,
)
from emulator.scripts import write_pulumi

__all__ = ["OFFICIAL_PLUGINS", "WITHOUT_CHECKPOINTS", "ForeignAccountError", "Workspace"]

PLUGIN_VARIABLE, OFFICIAL_PLUGINS = "EMULATOR_PLUGIN", "official"
"""Environment variable and its value with which the official plugins are used."""

CHECKPOINTS_VARIABLE = "EMULATOR_CHECKPOINTS"
"""Environment variable: `off` if the automation API's updates save the state only at their end,
which halves the time of the CLI. The script of `Workspace.write_pulumi` always saves it after every
step, as Pulumi does."""

WITHOUT_CHECKPOINTS = {"PULUMI_EXPERIMENTAL": "true", "PULUMI_SKIP_CHECKPOINTS": "true"}
"""The CLI's own variables for it (`pulumi env`; pkg/backend/snapshot.go)."""

EMULATED_ACCOUNT = "123456789012"
"""The account of every caller of the emulated AWS."""

GUARD_REGION = "us-east-1"
"""Region of a request whose answer does not depend on it."""

PASSPHRASE = "emulator"  # noqa: S105 - it protects nothing: the emulated AWS has no real secrets


class ForeignAccountError(Exception):
    """What answers at the endpoint is not the emulated AWS."""


class Workspace:
    """Everything that a deployment to the emulated AWS needs, in one folder.

    The user's Pulumi login, `~/.aws` and their environment variables are neither read nor written.

    Args:
        folder: The folder.
        ca_bundle: See `AwsProcess`.

    Attributes:
        folder: The folder.
        databases: The folder of the clusters' databases, elsewhere if their server's user has no
            access to this one.
        why_no_databases: Why this machine cannot run databases, as a clause; None if it can.
            Without them, functions are not run either.
        aws: The emulated AWS.
        home: The Pulumi home.
        is_official: Whether the official plugins are used, not the emulated providers. A folder is
            for one kind only.
    """

    def __init__(self, folder: Path, ca_bundle: str | None = None) -> None:
        self.folder = folder.absolute()
        self.databases = database_folder(self.folder)
        self.why_no_databases = why_unavailable()
        databases = None if self.why_no_databases else self.databases
        self.aws = AwsProcess(self.folder / "aws", databases, ca_bundle)
        self.home = self.folder / "home"
        self.is_official = os.environ.get(PLUGIN_VARIABLE) == OFFICIAL_PLUGINS
        self._state = self.folder / "state"

    @cached_property
    def engine(self) -> Engine:
        """The Pulumi CLI, downloaded or built the first time.

        Raises:
            EngineUnavailableError: no CLI is installed, and none can be downloaded or built.
        """
        return acquire()

    @property
    def certificate(self) -> Path:
        """The CA certificate of the databases, PEM."""
        return self.databases / AUTHORITY_CERTIFICATE

    def start(self) -> bool:
        """Start the emulated AWS, unless it is running.

        The Pulumi state and the databases of an earlier one are deleted, because its resources no
        longer exist.

        Returns:
            Whether this call started it.

        Raises:
            AwsProcessError: it did not start.
        """
        if self.aws.is_running():
            return False
        for stale in (self._state, self.databases):
            shutil.rmtree(stale, ignore_errors=True)
        return self.aws.start()

    def environment(self) -> dict[str, str]:
        """Return the variables that the CLI needs in addition to an environment without settings.

        Raises:
            NotRunningError: the emulated AWS is not running.
            EngineUnavailableError: there is no CLI, or no official plugin.
            ForeignAccountError: another AWS answers, with the official plugins.
        """
        without = os.environ.get(CHECKPOINTS_VARIABLE) == "off"
        return {**self._variables(), **(WITHOUT_CHECKPOINTS if without else {})}

    def _variables(self) -> dict[str, str]:
        """Return the variables of a CLI that saves the state after every step."""
        self._state.mkdir(parents=True, exist_ok=True)
        scrubbed = dict(os.environ)
        scrub_environment(scrubbed)
        return {
            **self._plugins(),
            **{name: scrubbed[name] for name in NO_PROXY_VARIABLES},
            # A file of attributes next to the state is not written atomically: a CLI that is killed
            # leaves it empty, and no command loads the state ("failed to load checkpoint: EOF").
            "PULUMI_BACKEND_URL": f"{self._state.as_uri()}?metadata=skip",
            "PULUMI_CONFIG_PASSPHRASE": PASSPHRASE,
            "PULUMI_SKIP_UPDATE_CHECK": "true",
            # Commands are short: Go's garbage collection took a tenth of their time.
            "GOGC": "400",
            "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
            ENDPOINT_VARIABLE: self.aws.url,
            HOST_VARIABLE: self.aws.providers,
            LOG_VARIABLE: str(self.aws.log),
            # For the official plugin, and for a program that calls AWS itself.
            **emulated_aws(self.aws.url),
        }

    def _plugins(self) -> dict[str, str]:
        """Install the plugins, and return the variables that they and the CLI need."""
        if not self.is_official:
            return install_plugins(self.home, self.engine)
        url = self.aws.url
        require_loopback(url)
        account = AwsConnection(url, GUARD_REGION).account
        if account != EMULATED_ACCOUNT:
            message = f"{url} answers for account {account}, not for the emulated AWS"
            raise ForeignAccountError(message)
        return install_official_plugins(self.home, self.engine)

    def write_pulumi(self, script: Path, program: Path | None = None) -> None:
        """Write a script that runs `pulumi` against the emulated AWS.

        Args:
            script: The script.
            program: The program's folder. Default: that of the script's caller.

        Raises:
            NotRunningError: the emulated AWS is not running.
            EngineUnavailableError: there is no CLI.
        """
        write_pulumi(script, self.engine.pulumi, program, self._variables())

    def stop(self) -> None:
        """Stop the emulated AWS and delete the folder.

        Raises:
            AwsProcessError: it did not stop.
        """
        self.aws.stop()
        for created in (self.folder, self.databases):
            shutil.rmtree(created, ignore_errors=True)


def database_folder(folder: Path) -> Path:
    """Return the folder of a workspace's databases.

    PostgreSQL does not run as root. As root it runs as another user, which needs access to the
    folder; if that user has no access, the databases are created among temporary files.
    """
    parents = [parent for parent in folder.absolute().parents if parent.exists()]
    if os.geteuid() != 0 or all(parent.stat().st_mode & stat.S_IXOTH for parent in parents):
        return folder / "databases"
    digest = hashlib.sha256(str(folder.absolute()).encode()).hexdigest()
    return Path(tempfile.gettempdir()) / f"aws-emulator-{digest[:16]}"
