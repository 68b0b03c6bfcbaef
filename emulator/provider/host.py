"""Providers that run in the process of the emulated AWS, not in one process per command.

Starting a provider takes longer than most of its requests: it imports the resource types, and loads
the API model of every service that it calls. A plugin therefore only asks this host for a provider
of its own, prints its port, and stays for as long as the engine needs it.
"""

import logging
import socketserver
import threading
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from typing import Any, cast

from pulumi.runtime.proto import provider_pb2_grpc

from emulator.engine import plugin_server
from emulator.provider.aws_provider import AwsProvider
from emulator.provider.protocol.provider import Provider
from emulator.provider.protocol.servicer import ProviderServicer
from emulator.provider.random_provider import RandomProvider

LOOPBACK = "127.0.0.1"


class _Host(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, providers: Mapping[str, Callable[[], Provider[Any]]]) -> None:
        super().__init__((LOOPBACK, 0), _Plugin)
        self.providers = providers


class _Plugin(socketserver.StreamRequestHandler):
    """A plugin: its first line names the provider, and closing the connection stops it."""

    def handle(self) -> None:
        providers = cast("_Host", self.server).providers
        name = self.rfile.readline().decode().strip()
        if name not in providers:
            return
        servicer = ProviderServicer(providers[name]())
        server, port = plugin_server.start(
            lambda server: provider_pb2_grpc.add_ResourceProviderServicer_to_server(
                servicer, server
            )
        )
        try:
            self.wfile.write(f"{port}\n".encode())
            self.rfile.read()
        finally:
            server.stop(plugin_server.SHUTDOWN_SECONDS).wait()


@contextmanager
def serve_providers(endpoint: str) -> Generator[str]:
    """Serve providers until the context ends; yield the address for `HOST_VARIABLE`.

    Args:
        endpoint: URL of the emulated AWS.
    """
    logging.basicConfig(level=logging.ERROR)
    host = _Host({"aws": lambda: AwsProvider(endpoint), "random": RandomProvider})
    thread = threading.Thread(target=host.serve_forever, name="providers", daemon=True)
    thread.start()
    try:
        yield f"{LOOPBACK}:{host.server_address[1]}"
    finally:
        host.shutdown()
        thread.join()
        host.server_close()
