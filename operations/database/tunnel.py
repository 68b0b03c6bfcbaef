"""Tunnels into the VPC: a local port that Session Manager forwards to the database."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO

from operations.errors import CannotRunError

LOCAL_ADDRESS = "127.0.0.1"
OPEN_SECONDS = 30.0
"""How long a session may take until the local port answers."""

CLOSE_SECONDS = 5.0
"""How long a session may take to end before a harder signal."""

_DOCUMENT = "AWS-StartPortForwardingSessionToRemoteHost"
_POLL_SECONDS = 0.1
_PROGRAMS = {
    "aws": "the AWS CLI is not installed; --via needs it",
    "session-manager-plugin": "the Session Manager plugin of the AWS CLI is not installed; --via "
    "needs it (AWS Systems Manager user guide, Install the Session Manager plugin)",
}


@dataclass(frozen=True)
class Tunnel:
    """A forwarded port.

    Attributes:
        region: Region of the session.
        target: Managed node: an instance (`i-...`) or a task (`ecs:CLUSTER_TASK_RUNTIMEID`).
        host: The database, as the target resolves it.
        port: Its port.
        local_port: Port on this machine.
    """

    region: str
    target: str
    host: str
    port: int
    local_port: int

    @property
    def command(self) -> list[str]:
        """The command that opens it."""
        parameters = f"host={self.host},portNumber={self.port},localPortNumber={self.local_port}"
        return [
            *("aws", "ssm", "start-session", "--region", self.region, "--target", self.target),
            *("--document-name", _DOCUMENT, "--parameters", parameters),
        ]


@contextmanager
def opened(tunnel: Tunnel) -> Generator[None]:
    """Open a tunnel and close it at the end.

    Raises:
        CannotRunError: a program is missing, the local port is in use, or the session ends or does
            not forward the port in time; the message quotes the AWS CLI.
    """
    for program, message in _PROGRAMS.items():
        if shutil.which(program) is None:
            raise CannotRunError(message)
    _require_free(tunnel.local_port)
    with tempfile.TemporaryFile() as output:
        # In a session of its own, so that Ctrl-C in psql does not end the tunnel. The AWS CLI
        # starts the plugin as a child, hence signals go to both.
        process = subprocess.Popen(
            tunnel.command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            _wait_until_open(tunnel, process, output)
            yield
        finally:
            _close(process)


def _require_free(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOCAL_ADDRESS, port))
        except OSError as error:
            message = f"--local-port {port}: {error.strerror}; choose another port"
            raise CannotRunError(message) from None


def _wait_until_open(tunnel: Tunnel, process: subprocess.Popen[bytes], output: IO[bytes]) -> None:
    deadline = time.monotonic() + OPEN_SECONDS
    while True:
        if process.poll() is not None:
            message = f"the tunnel through {tunnel.target} did not open: {_text(output)}"
            raise CannotRunError(message)
        try:
            socket.create_connection((LOCAL_ADDRESS, tunnel.local_port), timeout=1).close()
        except OSError:
            if time.monotonic() > deadline:
                message = (
                    f"the tunnel through {tunnel.target} did not open within {OPEN_SECONDS:g} s: "
                    f"{_text(output)}"
                )
                raise CannotRunError(message) from None
            time.sleep(_POLL_SECONDS)
        else:
            return


def _text(output: IO[bytes]) -> str:
    output.seek(0)
    return " ".join(output.read().decode(errors="replace").split()) or "no message"


def _close(process: subprocess.Popen[bytes]) -> None:
    """End the AWS CLI and its plugin; the plugin ends the session when it is interrupted."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, number)
        except ProcessLookupError:
            break
        try:
            process.wait(CLOSE_SECONDS)
        except subprocess.TimeoutExpired:
            continue
    process.wait()
