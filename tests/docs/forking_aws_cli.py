"""Runs calls of the AWS CLI in processes forked from this one, which has imported it.

Importing it and parsing its descriptions of services takes longer than most calls run. This file
is a script of the AWS CLI's interpreter; `forked_aws_cli.py` is its client. It ends when its
standard input is closed.
"""

import functools
import gc
import importlib
import marshal
import os
import runpy
import select
import signal
import socket
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any


def serve(script: str, path: str, services: Sequence[str]) -> None:
    """Fork a process for each call until standard input is closed.

    Args:
        script: The AWS CLI.
        path: Path of the Unix socket that receives calls.
        services: Botocore's names of the services whose models are parsed here.
    """
    sys.path[0] = str(Path(script).parent)
    before = dict(os.environ)
    _preload(services)
    set_by_imports = dict(os.environ.items() - before.items())
    # Objects that exist now are not traversed, and so not copied, by every call.
    gc.freeze()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(path)
        listener.listen()
        print("ready", flush=True)
        while True:
            readable, _, _ = select.select([listener, 0], [], [])
            if 0 in readable:
                return
            connection, _ = listener.accept()
            if os.fork() == 0:
                break
            connection.close()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    _answer(connection, script, set_by_imports)


def _preload(services: Sequence[str]) -> None:
    driver: Any = importlib.import_module("awscli.clidriver")
    sessions: Any = importlib.import_module("botocore.session")
    # The session of each call shares what this session has loaded.
    sessions.create_loader = functools.cache(sessions.create_loader)
    session = driver.create_clidriver().session
    for kind in ("paginators-1", "waiters-2"):
        session.get_component("data_loader").list_available_services(kind)
    for service in services:
        session.create_client(
            service,
            region_name="us-east-1",
            aws_access_key_id="unused",
            aws_secret_access_key="unused",
        )


def _answer(connection: socket.socket, script: str, set_by_imports: dict[str, str]) -> None:
    """Run a call in a process of its own, which ends as the interpreter does, and send its code."""
    data, descriptors, _, _ = socket.recv_fds(connection, 1 << 16, 3)
    with connection.makefile("rb") as rest:
        folder, arguments, environment = marshal.loads(data + rest.read())  # noqa: S302
    process = os.fork()
    if process:
        _, status = os.waitpid(process, 0)
        connection.sendall(str(os.waitstatus_to_exitcode(status)).encode())
        os._exit(0)
    connection.close()
    for target, source in enumerate(descriptors):
        os.dup2(source, target)
        os.close(source)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment | set_by_imports)
    sys.argv = [script, *arguments]
    runpy.run_path(script, run_name="__main__")


if __name__ == "__main__":
    serve(sys.argv[1], sys.argv[2], sys.argv[3:])
