"""The emulated AWS as a process that outlives the command that started it.

The process holds a lock for as long as it runs. Unlike a process id, a lock is never reused by an
unrelated process.
"""

import os
import signal
import subprocess
import sys
import time
from fcntl import LOCK_EX, LOCK_NB, flock
from pathlib import Path

from emulator.aws.databases import CA_BUNDLE_VARIABLE
from emulator.functions import FUNCTIONS_VARIABLE
from emulator.isolation import scrub_environment
from emulator.provider.aws_connection import LOG_VARIABLE

START_SECONDS = 60.0
STOP_SECONDS = 60.0
POLL_SECONDS = 0.05

_IMPORT_ROOT = Path(__file__).resolve().parents[1]
"""The folder that contains this package."""

__all__ = ["AwsProcess", "AwsProcessError", "NotRunningError"]


class AwsProcessError(Exception):
    """The emulated AWS did not start, does not run, or did not stop."""


class NotRunningError(AwsProcessError):
    """The emulated AWS is not running."""


class AwsProcess:
    """One emulated AWS per folder.

    Args:
        folder: Folder of the lock, address, process id and log.
        databases: Folder of the clusters' databases; None for clusters without databases, whose
            functions are then not run either: an invocation returns null.
        ca_bundle: Path, inside a Lambda function's archive, of the CA bundle with which it verifies
            databases; emulated invocations find the emulated databases' CA there.
    """

    def __init__(
        self, folder: Path, databases: Path | None = None, ca_bundle: str | None = None
    ) -> None:
        self._folder = folder
        self._ca_bundle = ca_bundle
        self._databases = databases
        self._lock = folder / "lock"
        self._address = folder / "address"
        self._pid = folder / "pid"
        self.log = folder / "log"
        self._child: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Its URL.

        Raises:
            NotRunningError: it is not running.
        """
        return self._addresses()[0]

    @property
    def providers(self) -> str:
        """The address at which it serves providers.

        Raises:
            NotRunningError: it is not running.
        """
        return self._addresses()[1]

    def _addresses(self) -> list[str]:
        if not self.is_running():
            message = "the emulated AWS is not running"
            raise NotRunningError(message)
        return self._address.read_text().splitlines()

    def is_running(self) -> bool:
        """Return whether the process runs, even if it is still starting."""
        if not self._lock.exists():
            return False
        with self._lock.open("r+") as lock:
            return not _acquire(lock.fileno())

    def start(self) -> bool:
        """Start it, unless it is running.

        Returns:
            Whether this call started it.

        Raises:
            AwsProcessError: it exited or did not answer in time.
        """
        self._folder.mkdir(parents=True, exist_ok=True)
        with self._lock.open("w") as lock:
            if not _acquire(lock.fileno()):
                return False
            self._address.unlink(missing_ok=True)
            environment = dict(os.environ)
            scrub_environment(environment)
            environment[LOG_VARIABLE] = str(self.log)
            if self._ca_bundle is not None:
                environment[CA_BUNDLE_VARIABLE] = self._ca_bundle
            if self._databases is None:
                environment[FUNCTIONS_VARIABLE] = "off"
            options = [] if self._databases is None else ["--databases", str(self._databases)]
            with self.log.open("w") as log:
                self._child = subprocess.Popen(
                    [
                        *(sys.executable, "-m", "emulator.aws"),
                        *("--ready-file", str(self._address.absolute()), *options),
                    ],
                    cwd=_IMPORT_ROOT,
                    # Moto loads the user's AWS profile when it is imported.
                    env=environment,
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    # The child holds the lock for as long as it runs.
                    pass_fds=(lock.fileno(),),
                    # Ctrl-C in the terminal reaches only the command, which decides what to stop.
                    start_new_session=True,
                )
            self._pid.write_text(f"{self._child.pid}\n")
        try:
            self._wait_until_ready(self._child)
        except BaseException:
            self._child.terminate()
            self._child.wait()
            raise
        return True

    def stop(self) -> None:
        """Stop it, if it is running; its state is lost.

        Raises:
            AwsProcessError: it did not exit.
        """
        if not self.is_running():
            return
        os.kill(int(self._pid.read_text()), signal.SIGTERM)
        deadline = time.monotonic() + STOP_SECONDS
        while self.is_running():
            if time.monotonic() > deadline:
                message = f"process {self._pid.read_text().strip()} did not exit: kill it by hand"
                raise AwsProcessError(message)
            time.sleep(POLL_SECONDS)
        if self._child is not None:
            self._child.wait()

    def _wait_until_ready(self, process: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + START_SECONDS
        while not self._address.exists():
            if process.poll() is not None or time.monotonic() > deadline:
                message = f"the emulated AWS did not start; {self.log}:\n{self.log.read_text()}"
                raise AwsProcessError(message)
            time.sleep(POLL_SECONDS)


def _acquire(descriptor: int) -> bool:
    """Acquire a lock if it is free; closing the descriptor releases it."""
    try:
        flock(descriptor, LOCK_EX | LOCK_NB)
    except BlockingIOError:
        return False
    return True
