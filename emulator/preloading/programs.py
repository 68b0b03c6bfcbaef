"""Processes of Python programs: each started alone, or forked from one with their libraries."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import tempfile
import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Protocol, TextIO

from emulator.preloading import preloaded

PRELOAD_VARIABLE = "EMULATOR_PRELOAD"
"""Environment variable: `off` if every program starts alone, as with Pulumi's own language host."""

PARENTS = 6
"""Maximum number of processes from which programs are forked, of about 100 MB each."""

HASH_SEEDS = 2
"""Number of such processes per kind of program, used in turn: Python seeds its hashes when it
starts, and a program whose result depends on the order of a set must not seem stable."""


END_SECONDS = 2.0
"""How long the end of this process waits for running programs, which their engines end."""


class Process(Protocol):
    """The part of `subprocess.Popen` that a language host uses."""

    def poll(self) -> int | None:
        """Return the exit code, or None while the program runs."""
        ...

    def wait(self, timeout: float | None = None) -> int:
        """Wait for the end, and return the exit code."""
        ...

    def terminate(self) -> None:
        """Send SIGTERM."""
        ...

    def kill(self) -> None:
        """Send SIGKILL."""
        ...


@dataclass(frozen=True)
class Program:
    """A program to run.

    Attributes:
        python: The interpreter.
        executor: The script, such as the SDK's `pulumi-language-python-exec`.
        arguments: The executor's arguments.
        folder: The working folder.
        environment: The variables.
        configuration: Variables that differ between runs of the same program.
        output: Standard output; None for this process's.
        errors: Standard error; None for this process's.
        options: The interpreter's options. Default: output is unbuffered.
        warm_up: A script that is run once, before the first program is forked. Default: none.
    """

    python: Path
    executor: Path
    arguments: Sequence[str]
    folder: str
    environment: Mapping[str, str]
    configuration: Mapping[str, str]
    output: IO[bytes] | None
    errors: IO[bytes] | None
    options: Sequence[str] = ("-u",)
    warm_up: Path | None = None


def start(program: Program) -> Process:
    """Start a program in a process of its own."""
    return subprocess.Popen(
        [program.python, *program.options, program.executor, *program.arguments],
        cwd=program.folder,
        env={**program.environment, **program.configuration},
        stdin=subprocess.DEVNULL,
        stdout=program.output,
        stderr=program.errors,
    )


class PreloadedPrograms:
    """Starts programs that are forked from processes with their libraries; see `preloaded`.

    Only runs of one program share such a process, and only with the same environment: libraries
    read variables when they are imported.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._folder = tempfile.TemporaryDirectory(prefix="preloaded-")
        self._parents: OrderedDict[tuple[object, ...], _Parent] = OrderedDict()
        self._retired: list[_Parent] = []
        self._started = 0

    def start(self, program: Program) -> Process:
        """Fork a process that runs a program, or start it alone if its environment says so."""
        if program.environment.get(PRELOAD_VARIABLE) == "off":
            return start(program)
        with self._lock:
            return self._parent(program).fork(program)

    def close(self) -> None:
        """End the processes from which programs are forked, each after its last program."""
        with self._lock:
            while self._parents:
                self._retire()
            for parent in self._retired:
                parent.wait(END_SECONDS)
            self._folder.cleanup()

    def _parent(self, program: Program) -> "_Parent":
        self._started += 1
        variables = tuple(sorted(program.environment.items()))
        options = tuple(program.options)
        scripts = (program.executor, program.warm_up)
        kind = (program.python, options, scripts, program.folder, variables)
        key = (*kind, self._started % HASH_SEEDS)
        if key not in self._parents:
            while len(self._parents) >= PARENTS:
                self._retire()
            self._parents[key] = _Parent(program, Path(self._folder.name, f"{hash(kind)}.json"))
        self._parents.move_to_end(key)
        return self._parents[key]

    def _retire(self) -> None:
        """Start no more programs from the least recently used process."""
        _, parent = self._parents.popitem(last=False)
        parent.close()
        self._retired = [each for each in [*self._retired, parent] if each.is_running()]


class _Parent:
    """A process from which programs are forked.

    Args:
        program: The first one.
        learned: The file in which programs list the modules that they had to import.
    """

    def __init__(self, program: Program, learned: Path) -> None:
        self._requests, other = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._requests.setsockopt(
            socket.SOL_SOCKET, socket.SO_SNDBUF, preloaded.MAXIMUM_REQUEST_BYTES
        )
        with other:
            self._process = subprocess.Popen(
                [
                    *(program.python, *program.options, preloaded.__file__),
                    *(program.executor, learned, program.warm_up or ""),
                ],
                cwd=program.folder,
                env=program.environment,
                stdin=other.fileno(),
            )

    def fork(self, program: Program) -> Process:
        request = {
            "arguments": list(program.arguments),
            "configuration": dict(program.configuration),
        }
        reader, writer = os.pipe()
        output = program.output.fileno() if program.output else 1
        errors = program.errors.fileno() if program.errors else 2
        try:
            data = json.dumps(request).encode()
            socket.send_fds(self._requests, [data], [output, errors, writer])
        finally:
            os.close(writer)
        return _Forked(reader)

    def close(self) -> None:
        """Start no more programs; the process ends after those that it has started."""
        self._requests.close()

    def is_running(self) -> bool:
        """Return whether the process runs."""
        return self._process.poll() is None

    def wait(self, seconds: float) -> None:
        """Wait for the end of the process, up to a number of seconds."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(seconds)


class _Forked:
    """A forked program; its parent reports its process ID, and later its exit code."""

    def __init__(self, report: int) -> None:
        # Closed by the thread that reads the exit code.
        lines = os.fdopen(report)
        self._process = int(lines.readline())
        self._code = 0
        self._ended = threading.Event()
        threading.Thread(target=self._read, args=(lines,), daemon=True).start()

    def poll(self) -> int | None:
        """Return the exit code, or None while the program runs."""
        return self._code if self._ended.is_set() else None

    def wait(self, timeout: float | None = None) -> int:
        """Wait for the end, and return the exit code.

        Raises:
            subprocess.TimeoutExpired: the program still runs.
        """
        if not self._ended.wait(timeout):
            raise subprocess.TimeoutExpired(str(self._process), timeout or 0)
        return self._code

    def terminate(self) -> None:
        """Send SIGTERM."""
        self._send(signal.SIGTERM)

    def kill(self) -> None:
        """Send SIGKILL."""
        self._send(signal.SIGKILL)

    def _send(self, number: signal.Signals) -> None:
        if self.poll() is None:
            os.kill(self._process, number)

    def _read(self, lines: TextIO) -> None:
        with lines:
            # Nothing is reported if the parent was killed.
            self._code = int(lines.readline() or -signal.SIGKILL)
        self._ended.set()
