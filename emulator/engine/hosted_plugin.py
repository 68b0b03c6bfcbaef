"""A plugin that runs in another process (emulator/aws/plugin_host.py).

The engine starts one for every command, so it imports little.
"""

import json
import os
import signal
import socket
import sys
import time

HOST_VARIABLE = "EMULATOR_PROVIDERS"
"""Environment variable: where plugins are served, `127.0.0.1:PORT`."""

LANGUAGE_HOST = "language-python"
"""Name of the host of Python programs, which needs the environment and output of its process."""

ORPHAN_POLL_SECONDS = 1.0


def attach_language_host(executor: str) -> None:
    """Do the same as `attach` for the host of Python programs, on Linux.

    Args:
        executor: The SDK's `pulumi-language-python-exec`.
    """
    if sys.platform == "linux":
        process = {
            "pid": os.getpid(),
            "environment": dict(os.environ),
            "executor": executor,
            "arguments": sys.argv[1:],
        }
        attach(LANGUAGE_HOST, json.dumps(process))


def attach(name: str, process: str = "") -> None:
    """Print the port of a plugin of this process's own, and stay until the engine ends.

    Does nothing if no plugins are served; the caller then runs the plugin itself.

    Args:
        name: Name of the plugin.
        process: What the plugin needs to know of this process, in one line.
    """
    address = os.environ.get(HOST_VARIABLE)
    if not address:
        return
    engine = os.getppid()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)
    host, _, port = address.rpartition(":")
    try:
        with socket.create_connection((host, int(port))) as connection:
            connection.sendall(f"{name}\n{process}\n".encode())
            served = connection.makefile().readline()
            if not served:
                sys.exit(f"{name}: {address} does not serve it")
            sys.stdout.write(served)
            sys.stdout.flush()
            while os.getppid() == engine:
                time.sleep(ORPHAN_POLL_SECONDS)
    except OSError as error:
        sys.exit(f"{name}: cannot connect to {HOST_VARIABLE}={address}: {error}")
    sys.exit()
