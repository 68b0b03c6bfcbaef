"""The emulated AWS as a process of its own, which outlives the command that started it.

A lock that the process holds as long as it lives tells whether it runs: unlike a process id, a lock
is never taken over by a stranger.
"""

import os
import signal
import subprocess
import sys
import time
from fcntl import LOCK_EX, LOCK_NB, flock
from pathlib import Path

from emulator.engine.plugins import REPOSITORY
from emulator.isolation import forget_user_settings

START_SECONDS = 60.0
STOP_SECONDS = 60.0
POLL_SECONDS = 0.05


class AwsProcessError(Exception):
    """The emulated AWS does not start or does not stop; the message quotes its log."""


class AwsProcess:
    """One emulated AWS per folder.

    Args:
        folder: Where lock, address, process id and log are kept.
        regions: Regions whose landing zone is seeded.
        databases: Where the clusters' databases are kept; None for clusters without one.
    """

    def __init__(
        self, folder: Path, regions: tuple[str, ...], databases: Path | None = None
    ) -> None:
        self._folder = folder
        self._regions = regions
        self._databases = databases
        self._lock = folder / "lock"
        self._address = folder / "address"
        self._pid = folder / "pid"
        self.log = folder / "log"
        self._child: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Where it answers.

        Raises:
            AwsProcessError: it does not run.
        """
        if not self.is_running():
            message = "the emulated AWS does not run"
            raise AwsProcessError(message)
        return self._address.read_text().strip()

    def is_running(self) -> bool:
        """Whether the process lives, answering or still starting."""
        if not self._lock.exists():
            return False
        with self._lock.open("r+") as lock:
            return not _take(lock.fileno())

    def start(self) -> bool:
        """Start it unless it runs.

        Returns:
            Whether this call started it.

        Raises:
            AwsProcessError: it ends or stays silent instead of answering.
        """
        self._folder.mkdir(parents=True, exist_ok=True)
        with self._lock.open("w") as lock:
            if not _take(lock.fileno()):
                return False
            self._address.unlink(missing_ok=True)
            environment = dict(os.environ)
            forget_user_settings(environment)
            options = [part for region in self._regions for part in ("--region", region)]
            if self._databases is not None:
                options += ["--databases", str(self._databases)]
            with self.log.open("w") as log:
                self._child = subprocess.Popen(
                    [
                        *(sys.executable, "-m", "emulator.aws"),
                        *("--ready-file", str(self._address.absolute()), *options),
                    ],
                    cwd=REPOSITORY,
                    # moto loads the user's AWS profile as soon as it is imported.
                    env=environment,
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    # The child keeps the lock for as long as it lives.
                    pass_fds=(lock.fileno(),),
                    # A Ctrl-C in the terminal is for the command, which decides what to stop.
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
        """Stop it if it runs; its state is gone with it.

        Raises:
            AwsProcessError: it does not end.
        """
        if not self.is_running():
            return
        os.kill(int(self._pid.read_text()), signal.SIGTERM)
        deadline = time.monotonic() + STOP_SECONDS
        while self.is_running():
            if time.monotonic() > deadline:
                message = f"process {self._pid.read_text().strip()} does not end: kill it by hand"
                raise AwsProcessError(message)
            time.sleep(POLL_SECONDS)
        if self._child is not None:
            self._child.wait()

    def _wait_until_ready(self, process: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + START_SECONDS
        while not self._address.exists():
            if process.poll() is not None or time.monotonic() > deadline:
                message = f"the emulated AWS does not start; {self.log}:\n{self.log.read_text()}"
                raise AwsProcessError(message)
            time.sleep(POLL_SECONDS)


def _take(descriptor: int) -> bool:
    """Take a lock if it is free; the descriptor's end gives it back."""
    try:
        flock(descriptor, LOCK_EX | LOCK_NB)
    except BlockingIOError:
        return False
    return True
