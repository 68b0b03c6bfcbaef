"""Runs programs in processes forked from this one, which has imported their libraries.

Importing Pulumi's SDK and a provider's takes longer than most programs run. This file is a script
of the program's interpreter. It receives requests at standard input, a Unix socket: a program's
arguments and the configuration in its environment, with descriptors of its output, its errors and
the pipe for its process ID and, at its end, its exit code.

The modules of installed packages that a program has imported are imported here before the next
program starts. A program's own modules never are, because they change between runs.
"""

import atexit
import contextlib
import gc
import importlib
import json
import os
import runpy
import signal
import socket
import sys
import threading
import time
import traceback
from collections.abc import Sequence
from pathlib import Path
from types import FrameType
from typing import Any

MAXIMUM_REQUEST_BYTES = 1 << 20
_DESCRIPTORS = 3
_POLL_SECONDS = 0.05
_INSTALLED = ("site-packages", "dist-packages")
_LAZY = "_LazyModule"
"""Class of a module of Pulumi's SDKs until its first attribute is read, as of the standard
library's lazy modules."""

_reports: dict[int, int] = {}
"""The pipe for the exit code of each running program, by process ID."""


def serve(executor: str, learned: Path, warm_up: str) -> None:
    """Fork a process for each request until the socket is closed.

    Args:
        executor: The script that runs a program, such as the SDK's `pulumi-language-python-exec`.
        learned: The file in which programs list the modules that they had to import.
        warm_up: A script that is run before the first request, or an empty text.
    """
    # An isolated interpreter does not have this file's folder there.
    if sys.path[0] == str(Path(__file__).parent):
        sys.path.pop(0)
    if warm_up:
        runpy.run_path(warm_up, run_name="__main__")
    requests = socket.socket(fileno=os.dup(0))
    signal.signal(signal.SIGCHLD, _report)
    while True:
        data, descriptors, _, _ = socket.recv_fds(requests, MAXIMUM_REQUEST_BYTES, _DESCRIPTORS)
        if not data:
            while _reports:
                time.sleep(_POLL_SECONDS)
            return
        _import(_read(learned))
        # A collection in a forked process would visit, and so copy, everything imported here.
        gc.freeze()
        # The process must be known before its end is reported.
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGCHLD})
        process = os.fork()
        if process == 0:
            requests.close()
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGCHLD})
            _run(executor, json.loads(data), descriptors, learned)
            return
        output, errors, report = descriptors
        os.close(output)
        os.close(errors)
        _reports[process] = report
        os.write(report, f"{process}\n".encode())
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGCHLD})


def _report(_number: int, _frame: FrameType | None) -> None:
    for process in list(_reports):
        try:
            ended, status = os.waitpid(process, os.WNOHANG)
        except ChildProcessError:
            # A signal can interrupt this handler: the other call has waited for the process.
            continue
        if ended:
            report = _reports.pop(process)
            # The reader has ended if the engine has.
            with contextlib.suppress(BrokenPipeError):
                os.write(report, f"{os.waitstatus_to_exitcode(status)}\n".encode())
            os.close(report)


def _import(names: Sequence[str]) -> None:
    """Import modules, given in the order in which their imports ended."""
    # Packages first, and those that import others first, as the program did.
    for name in sorted(reversed(names), key=lambda name: name.count(".")):
        try:
            module = importlib.import_module(name)
            if _is_lazy(module):
                # Attributes that every module has, such as __path__, do not load it.
                getattr(module, "__all__", None)
        except Exception:
            # The program imports it again, and fails if it must.
            traceback.print_exc()


def _run(executor: str, request: dict[str, Any], descriptors: Sequence[int], learned: Path) -> None:
    output, errors, report = descriptors
    for source, target in ((os.open(os.devnull, os.O_RDONLY), 0), (output, 1), (errors, 2)):
        os.dup2(source, target)
        os.close(source)
    os.close(report)
    os.environ.update(request["configuration"])
    before = set(sys.modules)
    sys.argv = [executor, *request["arguments"]]
    sys.path.insert(0, str(Path(executor).parent))
    code: object = 0
    try:
        runpy.run_path(executor, run_name="__main__")
    except SystemExit as end:
        code = end.code or 0
        if not isinstance(code, int):
            raise
    finally:
        _list(before, learned)
    _end(code)


def _end(code: int) -> None:
    """End as processes of `multiprocessing` do: without freeing what their parent imported."""
    threading._shutdown()  # pyright: ignore[reportUnknownMemberType, reportAttributeAccessIssue]
    atexit._run_exitfuncs()  # pyright: ignore[reportPrivateUsage]
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def _list(before: set[str], learned: Path) -> None:
    """List the modules of installed packages that were imported, if there are any."""
    names = [
        name
        for name, module in list(sys.modules.items())
        if name not in before and not _is_lazy(module) and _is_installed(module)
    ]
    if names:
        partial = learned.with_suffix(f".{os.getpid()}")
        partial.write_text(json.dumps([*_read(learned), *names]))
        partial.replace(learned)


def _read(learned: Path) -> list[str]:
    return json.loads(learned.read_text()) if learned.exists() else []


def _is_lazy(module: object) -> bool:
    return type(module).__name__ == _LAZY


def _is_installed(module: object) -> bool:
    file = getattr(module, "__file__", None) or ""
    return any(f"/{folder}/" in file for folder in _INSTALLED)


if __name__ == "__main__":
    serve(sys.argv[1], Path(sys.argv[2]), sys.argv[3])
