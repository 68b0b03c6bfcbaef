"""Processes that the emulated AWS starts while its providers serve requests."""

import os
import subprocess
import sys

import pytest

from tools.repository import ROOT

BUSY_HOST = """
import socket, threading
from emulator.aws.server import serve
from emulator.aws.plugin_host import serve_plugins
import grpc
from google.protobuf import empty_pb2
from pulumi.runtime.proto import provider_pb2_grpc
from emulator.postgresql.server_user import ServerUser

with serve() as server, serve_plugins(server.url) as address:
    host, port = address.split(":")
    plugin = socket.create_connection((host, int(port)))
    plugin.sendall(b"random\\n")
    channel = grpc.insecure_channel(f"127.0.0.1:{int(plugin.makefile().readline())}")
    provider, finished = provider_pb2_grpc.ResourceProviderStub(channel), threading.Event()

    def ask():
        while not finished.is_set():
            provider.GetPluginInfo(empty_pb2.Empty())

    asking = [threading.Thread(target=ask) for _ in range(2)]
    for thread in asking:
        thread.start()
    try:
        for _ in range(60):
            ServerUser.of_this_process().run("/bin/true")
    finally:
        finished.set()
        for thread in asking:
            thread.join()
"""


@pytest.mark.emulator
@pytest.mark.skipif(os.geteuid() != 0, reason="only root starts processes as another user")
def test_a_process_of_another_user_starts_while_providers_are_busy() -> None:
    done = subprocess.run(
        [sys.executable, "-c", BUSY_HOST], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
