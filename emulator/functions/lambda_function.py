"""A deployed Lambda function, unpacked and invoked in its own process."""

import io
import json
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from emulator.isolation import DUMMY_CREDENTIALS, NO_USER_FILES

_RUNTIME = Path(__file__).with_name("runtime.py")


@dataclass(frozen=True, kw_only=True)
class LambdaFunction:
    """A function's configuration and code.

    Attributes:
        code: The deployment package, or a folder with the same files.
        handler: `package.module.function`.
        environment: Its environment variables.
        memory_megabytes: Limit of its data (RLIMIT_DATA), not of its address space: Python and its
            libraries reserve far more address space than they use.
        timeout_seconds: Time limit of an invocation.
        region: Its region.
    """

    code: bytes | Path
    handler: str
    environment: Mapping[str, str]
    memory_megabytes: int
    timeout_seconds: float
    region: str


@dataclass(frozen=True)
class Failure:
    """An error of an invocation.

    Attributes:
        type: Name of the exception's class, or Lambda's own type such as `Runtime.ExitError`.
        message: The message.
        trace: The traceback, one text per frame; None if the process ended without an exception.
    """

    type: str
    message: str
    trace: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Invocation:
    """The result of one invocation.

    Attributes:
        result: The handler's result as JSON text; None if the invocation failed.
        failure: The error, or None for success.
        log: The function's output.
        seconds: Duration, including the start of the process.
        peak_megabytes: Maximum memory use; 0 if the process was killed.
    """

    result: str | None
    failure: Failure | None
    log: str
    seconds: float
    peak_megabytes: int

    @property
    def error(self) -> str | None:
        """Type and message of an exception, the message of another failure, or None."""
        if self.failure is None or self.failure.trace is None:
            return self.failure and self.failure.message
        return f"{self.failure.type}: {self.failure.message}"


class UnpackedFunction:
    """An unpacked function, which can be invoked.

    Args:
        function: The function.
        folder: The folder of its code.
        secrets_manager: URL of the emulated AWS, the only one that the function receives.
    """

    def __init__(self, function: LambdaFunction, folder: Path, secrets_manager: str) -> None:
        self._function, self._folder = function, folder
        self._environment = {
            **function.environment,
            **NO_USER_FILES,
            **DUMMY_CREDENTIALS,
            "AWS_REGION": function.region,
            "AWS_DEFAULT_REGION": function.region,
            "AWS_ENDPOINT_URL_SECRETS_MANAGER": secrets_manager,
            "LANG": "en_US.UTF-8",
            "TZ": ":UTC",
        }

    def invoke(self, event: object, *, kill_after: float | None = None) -> Invocation:
        """Invoke the function.

        Args:
            event: The handler's event, any JSON value.
            kill_after: Seconds after which the process is killed, to simulate a machine failure.
                Default: never before the timeout.
        """
        started = time.monotonic()
        # Not a pipe, which a large result would fill while nobody reads it.
        with tempfile.TemporaryFile() as answer:
            request = {
                "folder": str(self._folder),
                "handler": self._function.handler,
                "event": event,
                "memory_megabytes": self._function.memory_megabytes,
                "answer": answer.fileno(),
            }
            process = subprocess.Popen(
                (sys.executable, "-I", str(_RUNTIME)),
                cwd=self._folder,
                env=self._environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                pass_fds=(answer.fileno(),),
                text=True,
            )
            with process:
                limit = self._function.timeout_seconds
                patience = limit if kill_after is None else min(kill_after, limit)
                timed_out = False
                try:
                    log, _ = process.communicate(json.dumps(request), timeout=patience)
                except subprocess.TimeoutExpired:
                    timed_out = patience == limit
                    process.kill()
                    log, _ = process.communicate()
            answer.seek(0)
            written = answer.read()
        # A killed process may have written a part.
        ended: dict[str, Any] = json.loads(written) if written.endswith(b"\n") else {}
        seconds = time.monotonic() - started
        failure = self._failure(process.returncode, ended, timed_out=timed_out)
        return Invocation(
            ended.get("result"), failure, log, seconds, ended.get("peak_megabytes", 0)
        )

    def _failure(self, status: int, ended: Mapping[str, Any], *, timed_out: bool) -> Failure | None:
        if "result" in ended:
            return None
        if "error" in ended:
            error = ended["error"]
            return Failure(error["errorType"], error["errorMessage"], tuple(error["stackTrace"]))
        if timed_out:
            limit = f"{self._function.timeout_seconds:.2f}"
            return Failure("Sandbox.Timedout", f"Task timed out after {limit} seconds")
        return Failure("Runtime.ExitError", _exit_message(status))


def _exit_message(status: int) -> str:
    """Return Lambda's message for a process that ended without a result."""
    if status == 0:
        return "Runtime exited without providing a reason"
    if status < 0:
        return f"Runtime exited with error: signal: {(signal.strsignal(-status) or '').lower()}"
    return f"Runtime exited with error: exit status {status}"


@contextmanager
def unpacked(
    function: LambdaFunction, secrets_manager: str, replacements: Mapping[str, bytes]
) -> Generator[UnpackedFunction]:
    """Unpack a function for as long as the context lasts.

    Args:
        function: The deployed function.
        secrets_manager: URL of the emulated AWS.
        replacements: Content by path in the archive that replaces the archive's; paths that the
            archive does not have are ignored. The function so verifies the emulated databases
            without a switch for it.
    """
    with tempfile.TemporaryDirectory(prefix="lambda-") as name:
        folder = Path(name)
        if isinstance(function.code, Path):
            shutil.copytree(function.code, folder, dirs_exist_ok=True)
        else:
            with zipfile.ZipFile(io.BytesIO(function.code)) as archive:
                archive.extractall(folder)
        for path, content in replacements.items():
            if (folder / path).exists():
                (folder / path).write_bytes(content)
        yield UnpackedFunction(function, folder, secrets_manager)
