"""Plugins that run in the process of the emulated AWS, not in one process per command.

Starting a plugin takes longer than most of its requests: a provider imports the resource types and
loads the API model of every service that it calls, and a language host imports gRPC and Pulumi's
protocol. The process that the engine starts therefore only asks this host for a plugin of its own,
prints its port, and stays for as long as the engine needs it.
"""

import json
import logging
import socket
import socketserver
import threading
from collections.abc import Callable, Generator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any, cast

import grpc
from pulumi.runtime.proto import provider_pb2_grpc

from emulator.engine import plugin_server
from emulator.engine.hosted_plugin import HOST_VARIABLE, LANGUAGE_HOST
from emulator.engine.languages import python_host
from emulator.preloading.programs import PreloadedPrograms
from emulator.provider.aws_provider import AwsProvider
from emulator.provider.protocol.provider import Provider
from emulator.provider.protocol.servicer import ProviderServicer
from emulator.provider.random_provider import RandomProvider

__all__ = ["HOST_VARIABLE", "serve_plugins"]

LOOPBACK = "127.0.0.1"


class _Host(socketserver.ThreadingTCPServer):
    # The end waits for the plugins, and they for their programs.
    daemon_threads = False
    allow_reuse_address = True

    def __init__(
        self, providers: Mapping[str, Callable[[], Provider[Any]]], programs: PreloadedPrograms
    ) -> None:
        super().__init__((LOOPBACK, 0), _Plugin)
        self.providers, self.programs = providers, programs
        self.connections: set[socket.socket] = set()

    def stop_plugins(self) -> None:
        """Stop every plugin, as if its process had ended."""
        for connection in list(self.connections):
            # The process may end at the same time.
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)


class _Plugin(socketserver.StreamRequestHandler):
    """A plugin's process: its first line names the plugin; closing the connection stops it."""

    def handle(self) -> None:
        connections = cast("_Host", self.server).connections
        with ExitStack() as stack:
            connections.add(self.connection)
            stack.callback(connections.discard, self.connection)
            register = self._servicer(self.rfile.readline().decode().strip(), stack)
            if register is None:
                return
            server, port = plugin_server.start(register)
            stack.callback(lambda: server.stop(plugin_server.SHUTDOWN_SECONDS).wait())
            self.wfile.write(f"{port}\n".encode())
            self.rfile.read()

    def _servicer(self, name: str, stack: ExitStack) -> Callable[[grpc.Server], None] | None:
        serving = cast("_Host", self.server)
        if name == LANGUAGE_HOST:
            host = _language_host(json.loads(self.rfile.readline()), stack, serving.programs)
            return lambda server: python_host.register(host, server)
        if name not in serving.providers:
            return None
        servicer = ProviderServicer(serving.providers[name]())
        return lambda server: provider_pb2_grpc.add_ResourceProviderServicer_to_server(
            servicer, server
        )


def _language_host(
    process: Mapping[str, Any], stack: ExitStack, programs: PreloadedPrograms
) -> python_host.LanguageHost:
    """Return a language host whose programs have the environment and output of a process."""
    streams = Path(f"/proc/{process['pid']}/fd")
    output = stack.enter_context((streams / "1").open("wb", buffering=0))
    errors = stack.enter_context((streams / "2").open("wb", buffering=0))
    return python_host.of_arguments(
        process["executor"],
        process["arguments"],
        python_host.LaunchContext(process["environment"], output, errors),
        programs.start,
    )


@contextmanager
def serve_plugins(endpoint: str) -> Generator[str]:
    """Serve plugins until the context ends; yield the address for `HOST_VARIABLE`.

    Args:
        endpoint: URL of the emulated AWS.
    """
    logging.basicConfig(level=logging.ERROR)
    programs = PreloadedPrograms()
    host = _Host({"aws": lambda: AwsProvider(endpoint), "random": RandomProvider}, programs)
    thread = threading.Thread(target=host.serve_forever, name="plugins", daemon=True)
    thread.start()
    try:
        yield f"{LOOPBACK}:{host.server_address[1]}"
    finally:
        host.shutdown()
        thread.join()
        host.stop_plugins()
        host.server_close()
        programs.close()
