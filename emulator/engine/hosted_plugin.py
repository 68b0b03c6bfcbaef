"""A plugin whose provider runs in another process (emulator/provider/host.py).

The engine starts one for every command, so it imports little.
"""

import os
import signal
import socket
import sys
import time

HOST_VARIABLE = "EMULATOR_PROVIDERS"
"""Environment variable: where providers are served, `127.0.0.1:PORT`."""

ORPHAN_POLL_SECONDS = 1.0


def attach(name: str) -> None:
    """Print the port of a provider of this plugin's own, and stay until the engine ends.

    Does nothing if no providers are served; the caller then runs the provider itself.

    Args:
        name: Name of the provider.
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
            connection.sendall(f"{name}\n".encode())
            served = connection.makefile().readline()
            if not served:
                sys.exit(f"{name} provider: {address} does not serve it")
            sys.stdout.write(served)
            sys.stdout.flush()
            while os.getppid() == engine:
                time.sleep(ORPHAN_POLL_SECONDS)
    except OSError as error:
        sys.exit(f"{name} provider: cannot connect to {HOST_VARIABLE}={address}: {error}")
    sys.exit()
