"""The start of every Pulumi plugin: serve gRPC on loopback and print the port."""

import os
import signal
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from types import FrameType

import grpc

MAXIMUM_MESSAGE_BYTES = 400 * 1024 * 1024
"""The limit of Pulumi's SDKs; gRPC's default of 4 MiB is too small for a large stack."""

WORKERS = 32
"""Maximum number of concurrent requests; a running program occupies one."""

SHUTDOWN_SECONDS = 1.0
"""Time limit of running requests after a signal."""

ORPHAN_POLL_SECONDS = 1.0
"""Interval of checks that the engine is still running."""


def start(register: Callable[[grpc.Server], None]) -> tuple[grpc.Server, int]:
    """Start a server on a free port, and return both.

    Args:
        register: Adds the plugin's servicer to the server.
    """
    server = grpc.server(  # pyright: ignore[reportUnknownMemberType] - generics open in grpc-stubs
        ThreadPoolExecutor(max_workers=WORKERS),
        options=[
            ("grpc.max_receive_message_length", MAXIMUM_MESSAGE_BYTES),
            ("grpc.max_send_message_length", MAXIMUM_MESSAGE_BYTES),
        ],
    )
    register(server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    return server, port


def set_by_signals() -> threading.Event:
    """Return an event that SIGINT and SIGTERM set from now on.

    A wait for it needs a timeout, because a signal that another thread receives does not end it.
    """
    stopped = threading.Event()

    def on_signal(_number: int, _frame: FrameType | None) -> None:
        stopped.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, on_signal)
    return stopped


def serve(register: Callable[[grpc.Server], None]) -> None:
    """Serve until SIGINT, SIGTERM or the end of the engine.

    The port is printed as the only line of stdout, as the engine expects.

    Args:
        register: Adds the plugin's servicer to the server.
    """
    stopped = set_by_signals()
    server, port = start(register)
    print(port, flush=True)
    engine = os.getppid()
    while os.getppid() == engine and not stopped.wait(ORPHAN_POLL_SECONDS):
        pass
    server.stop(SHUTDOWN_SECONDS).wait()
