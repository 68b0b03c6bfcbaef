"""A deployed Lambda function, unpacked and invoked in its own process."""

import atexit
import io
import json
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import weakref
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import IO, Any

from emulator import botocore_data
from emulator.functions import runtime
from emulator.isolation import DUMMY_CREDENTIALS, NO_USER_FILES
from emulator.preloading.programs import PreloadedPrograms, Program

_ENVIRONMENT = {**NO_USER_FILES, **DUMMY_CREDENTIALS, "LANG": "en_US.UTF-8", "TZ": ":UTC"}


@cache
def _processes() -> PreloadedPrograms:
    """Return what all invocations of this process are forked from."""
    started = PreloadedPrograms()
    atexit.register(started.close)
    return started


@dataclass(frozen=True, kw_only=True)
class LambdaFunction:
    """A function's configuration and code.

    Attributes:
        code: The deployment package.
        handler: `package.module.function`.
        environment: Its environment variables.
        memory_megabytes: Limit of its data (RLIMIT_DATA), not of its address space: Python and its
            libraries reserve far more address space than they use.
        timeout_seconds: Time limit of an invocation.
        region: Its region.
    """

    code: bytes
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


class _Code:
    """Code in a folder, which is deleted with the last reference.

    Args:
        archive: The deployment package.
        replacements: See `UnpackedFunction`.
    """

    def __init__(self, archive: bytes, replacements: frozenset[tuple[str, bytes]]) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="lambda-"))
        weakref.finalize(self, shutil.rmtree, self.folder, ignore_errors=True)
        with zipfile.ZipFile(io.BytesIO(archive)) as opened:
            opened.extractall(self.folder)
        for path, content in replacements:
            if (self.folder / path).exists():
                (self.folder / path).write_bytes(content)


_unpacked = lru_cache(maxsize=8)(_Code)


class UnpackedFunction:
    """An unpacked function, which can be invoked.

    Args:
        function: The function.
        secrets_manager: URL of the emulated AWS, the only one that the function receives.
        replacements: Content by path in the archive that replaces the archive's; paths that the
            archive does not have are ignored. The function so verifies the emulated databases
            without a switch for it.
    """

    def __init__(
        self, function: LambdaFunction, secrets_manager: str, replacements: Mapping[str, bytes]
    ) -> None:
        self._function = function
        self._code = _unpacked(function.code, frozenset(replacements.items()))
        self._environment = {
            **function.environment,
            **_ENVIRONMENT,
            "AWS_REGION": function.region,
            "AWS_DEFAULT_REGION": function.region,
            "AWS_ENDPOINT_URL_SECRETS_MANAGER": secrets_manager,
        }

    def invoke(self, event: object, *, kill_after: float | None = None) -> Invocation:
        """Invoke the function.

        Args:
            event: The handler's event, any JSON value.
            kill_after: Seconds after which the process is killed, to simulate a machine failure.
                Default: never before the timeout.
        """
        started = time.monotonic()
        limit = self._function.timeout_seconds
        patience = limit if kill_after is None else min(kill_after, limit)
        timed_out = False
        # Not pipes, which a large event or result would fill.
        with tempfile.TemporaryDirectory(prefix="invocation-") as name:
            exchange, log = Path(name), Path(name, "log")
            request = {
                "folder": str(self._code.folder),
                "handler": self._function.handler,
                "event": event,
                "memory_megabytes": self._function.memory_megabytes,
            }
            (exchange / runtime.REQUEST).write_text(json.dumps(request))
            with log.open("wb") as output:
                process = _processes().start(self._program(name, output))
            try:
                status = process.wait(patience)
            except subprocess.TimeoutExpired:
                timed_out = patience == limit
                process.kill()
                status = process.wait()
            answer = exchange / runtime.ANSWER
            # A process that was killed may have written a part of it.
            written = answer.read_text() if answer.exists() else ""
            ended: dict[str, Any] = json.loads(written) if written.endswith("\n") else {}
            printed = log.read_text()
        seconds = time.monotonic() - started
        failure = self._failure(status, ended, timed_out=timed_out)
        return Invocation(
            ended.get("result"), failure, printed, seconds, ended.get("peak_megabytes", 0)
        )

    def _program(self, exchange: str, output: IO[bytes]) -> Program:
        return Program(
            python=Path(sys.executable),
            executor=Path(runtime.__file__),
            arguments=(exchange,),
            folder="/",
            environment=_ENVIRONMENT,
            configuration=self._environment,
            output=output,
            errors=output,
            options=("-I",),
            warm_up=Path(botocore_data.__file__),
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
