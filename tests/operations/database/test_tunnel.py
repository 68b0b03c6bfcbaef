"""Tunnels: opened, used, and closed with everything that they started.

The programs are stand-ins: nothing here shows what AWS's Session Manager does.
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from operations.aws.clients import AwsClients
from operations.database import tunnel as tunnels
from operations.database.ecs_target import ecs_target
from operations.database.tunnel import Tunnel, opened
from operations.errors import CannotRunError
from tests.operations.session_manager import install


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    install(tmp_path)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}/usr/bin{os.pathsep}/bin")
    return tmp_path


@pytest.fixture
def database() -> Iterator[int]:
    """A server that answers everybody with its name."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            while True:
                try:
                    client, _ = listener.accept()
                except OSError:
                    return
                with client:
                    client.sendall(b"database")

        threading.Thread(target=serve, daemon=True).start()
        yield listener.getsockname()[1]


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def tunnel(port: int, host: str = "127.0.0.1") -> Tunnel:
    return Tunnel("us-east-2", "i-1", host, port, free_port())


def is_listening(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


def test_a_tunnel_forwards_the_port_and_is_closed_at_the_end(programs: Path, database: int) -> None:
    made = tunnel(database)
    with (
        opened(made),
        socket.create_connection(("127.0.0.1", made.local_port), timeout=5) as client,
    ):
        assert client.recv(100) == b"database"
    assert not is_listening(made.local_port)
    assert (programs / "arguments").read_text() == (
        "ssm start-session --region us-east-2 --target i-1 --document-name "
        "AWS-StartPortForwardingSessionToRemoteHost --parameters "
        f"host=127.0.0.1,portNumber={database},localPortNumber={made.local_port}\n"
    )


def test_a_tunnel_is_closed_after_an_error(programs: Path, database: int) -> None:
    made = tunnel(database)
    with pytest.raises(KeyboardInterrupt), opened(made):
        raise KeyboardInterrupt
    assert not is_listening(made.local_port)


def test_a_session_that_ends_is_quoted(programs: Path) -> None:
    with pytest.raises(CannotRunError) as failed, opened(tunnel(5432, "nowhere")):
        pytest.fail("it is open")
    assert str(failed.value) == (
        "the tunnel through i-1 did not open: An error occurred (TargetNotConnected): i-1 is not "
        "connected."
    )


def test_a_session_that_does_not_forward_is_given_up(
    programs: Path, database: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    (programs / "session-manager-plugin").write_text("#!/bin/sh\necho Starting; exec sleep 60\n")
    monkeypatch.setattr(tunnels, "OPEN_SECONDS", 0.5)
    monkeypatch.setattr(tunnels, "CLOSE_SECONDS", 0.2)
    with pytest.raises(CannotRunError) as failed, opened(tunnel(database)):
        pytest.fail("it is open")
    assert str(failed.value) == "the tunnel through i-1 did not open within 0.5 s: Starting"


@pytest.mark.parametrize(
    ("missing", "message"),
    [
        ("aws", "the AWS CLI is not installed; --via needs it"),
        (
            "session-manager-plugin",
            "the Session Manager plugin of the AWS CLI is not installed; --via needs it (AWS "
            "Systems Manager user guide, Install the Session Manager plugin)",
        ),
    ],
)
def test_a_missing_program_is_named(
    programs: Path, monkeypatch: pytest.MonkeyPatch, missing: str, message: str
) -> None:
    (programs / missing).unlink()
    monkeypatch.setenv("PATH", str(programs))
    with pytest.raises(CannotRunError) as failed, opened(tunnel(5432)):
        pytest.fail("it is open")
    assert str(failed.value) == message


def test_a_port_in_use_is_refused_before_anything_is_started(programs: Path, database: int) -> None:
    made = Tunnel("us-east-2", "i-1", "127.0.0.1", 5432, database)
    with pytest.raises(CannotRunError) as failed, opened(made):
        pytest.fail("it is open")
    assert str(failed.value) == (
        f"--local-port {database}: Address already in use; choose another port"
    )
    assert not (programs / "arguments").exists()


USING = """
import signal, subprocess, sys
from operations.database.tunnel import Tunnel, opened
from operations.signals import interrupts_left_to_the_child, terminated_like_interrupted

port, local_port, program = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
try:
    with terminated_like_interrupted(signal.SIGHUP):
        with opened(Tunnel("us-east-2", "i-1", "127.0.0.1", port, local_port)):
            with interrupts_left_to_the_child():
                print(subprocess.run([sys.executable, "-c", program]).returncode, flush=True)
except KeyboardInterrupt:
    sys.exit(130)
"""
CANCELS = """
import signal
signal.signal(signal.SIGINT, lambda *_: exit(7))
print("ready", flush=True)
signal.pause()
"""
WAITS = "import time; print('ready', flush=True); time.sleep(60)"


@pytest.mark.parametrize(
    ("number", "program", "code", "printed"),
    [
        (signal.SIGINT, CANCELS, 0, "7\n"),
        (signal.SIGTERM, WAITS, 130, ""),
        (signal.SIGHUP, WAITS, 130, ""),
    ],
)
def test_a_signal_reaches_the_program_or_ends_both(
    programs: Path, database: int, number: signal.Signals, program: str, code: int, printed: str
) -> None:
    """Send the signal to the foreground process group, as a terminal does."""
    local_port = free_port()
    command = [sys.executable, "-c", USING, str(database), str(local_port), program]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, process_group=0) as running:
        assert running.stdout is not None
        assert running.stdout.readline() == "ready\n"
        assert is_listening(local_port)
        os.killpg(running.pid, number)
        rest = running.stdout.read()
        ended = running.wait(20)
    assert (ended, rest) == (code, printed)
    deadline = time.monotonic() + 5
    while is_listening(local_port) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not is_listening(local_port)


def test_the_stand_in_leaves_nothing_behind(programs: Path, database: int) -> None:
    """The plugin is a child of the AWS CLI, which ignores Ctrl-C: both must end."""
    with opened(tunnel(database)):
        pass
    if shutil.which("pgrep"):
        found = subprocess.run(["pgrep", "-f", str(programs)], capture_output=True, check=False)
        assert found.stdout == b""


TASK: dict[str, Any] = {
    "taskArn": "arn:aws:ecs:us-east-2:123456789012:task/apps/0123abcd",
    "containers": [
        {"name": "sidecar", "runtimeId": "0123abcd-1", "managedAgents": []},
        {
            "name": "web",
            "runtimeId": "0123abcd-2",
            "managedAgents": [{"name": "ExecuteCommandAgent", "lastStatus": "RUNNING"}],
        },
        {
            "name": "stopped",
            "runtimeId": "0123abcd-3",
            "managedAgents": [{"name": "ExecuteCommandAgent", "lastStatus": "STOPPED"}],
        },
    ],
}


class Tasks(AwsClients):
    def call(self, service: str, operation: str, **members: object) -> dict[str, Any]:
        assert (service, operation, members["cluster"]) == ("ecs", "describe_tasks", "apps")
        return {"tasks": [TASK] if members["tasks"] == ["0123abcd"] else []}


@pytest.mark.parametrize("name", ["apps/0123abcd", "apps/0123abcd/web"])
def test_a_task_is_named_by_the_container_in_which_ecs_exec_runs(name: str) -> None:
    assert ecs_target(Tasks("us-east-2"), name) == "ecs:apps_0123abcd_0123abcd-2"


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("apps", "--target apps: expected CLUSTER/TASK or CLUSTER/TASK/CONTAINER"),
        ("apps/9", "--target apps/9: cluster apps has no task 9"),
        *(
            (
                f"apps/0123abcd/{container}",
                f"--target apps/0123abcd/{container}: ECS Exec is not running there; start the task "
                "with --enable-execute-command and a task role that may use ssmmessages",
            )
            for container in ("sidecar", "stopped", "other")
        ),
    ],
)
def test_a_task_without_ecs_exec_is_refused(name: str, message: str) -> None:
    with pytest.raises(CannotRunError) as refused:
        ecs_target(Tasks("us-east-2"), name)
    assert str(refused.value) == message
