"""Processes that the emulated AWS starts while its providers serve requests."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from emulator.tests.paths import ROOT

pytestmark = pytest.mark.emulator

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


RUNNING_PROGRAM = """
import json, os, socket, sys, threading, time
from pathlib import Path
from emulator.aws.plugin_host import serve_plugins
import grpc
from pulumi.runtime.proto import language_pb2, language_pb2_grpc

folder = Path(sys.argv[1])
with serve_plugins("http://127.0.0.1:1") as address:
    host, port = address.split(":")
    plugin = socket.create_connection((host, int(port)))
    process = {
        "pid": os.getpid(),
        "environment": dict(os.environ),
        "executor": str(folder / "executor"),
        "arguments": ["127.0.0.1:1"],
    }
    plugin.sendall(f"language-python\\n{json.dumps(process)}\\n".encode())
    channel = grpc.insecure_channel(f"127.0.0.1:{int(plugin.makefile().readline())}")
    info = language_pb2.ProgramInfo(
        root_directory=str(folder), program_directory=str(folder), entry_point="."
    )
    stub = language_pb2_grpc.LanguageRuntimeStub(channel)
    # The call is cancelled when nobody refers to it.
    running = stub.Run.future(language_pb2.RunRequest(info=info))
    while not (folder / "started").exists():
        time.sleep(0.01)
    ending = time.monotonic()
print(time.monotonic() - ending)
"""
"""Ends the host of plugins while a program runs; prints how many seconds that takes."""


@pytest.mark.parametrize("preload", ["on", "off"])
def test_a_running_program_ends_with_the_host_of_its_plugin(tmp_path: Path, preload: str) -> None:
    (tmp_path / "executor").write_text(
        "import os, time\n"
        f"with open({str(tmp_path / 'started')!r}, 'w') as file: file.write(str(os.getpid()))\n"
        "time.sleep(600)"
    )
    done = subprocess.run(
        [sys.executable, "-c", RUNNING_PROGRAM, tmp_path],
        cwd=ROOT,
        env={**os.environ, "EMULATOR_PRELOAD": preload},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    assert float(done.stdout) < 10
    assert not Path("/proc", (tmp_path / "started").read_text()).exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root starts processes as another user")
def test_a_process_of_another_user_starts_while_providers_are_busy() -> None:
    done = subprocess.run(
        [sys.executable, "-c", BUSY_HOST], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
