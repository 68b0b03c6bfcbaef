"""A cluster that is paused at 0 ACU: only verbs that log in resume it, and they say so.

The emulated AWS publishes the metrics of a paused instance; a proxy in front of the database delays
the first connection as a resuming instance does.
"""

import copy
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest

from tests.engine.operations.conftest import Command
from tests.operations.defects.deployed import CLUSTER, Deployed
from tests.operations.fault_proxy import DENIED, FaultProxy

RESUME_SECONDS = 6.0
"""More than the timeout for a cluster that does not pause."""

PAUSED = f"{CLUSTER} is paused (0 ACU): connecting resumes it, which takes about 15 s, or longer"


class Resuming:
    """A relay to the database that is silent until the first connection is old enough."""

    def __init__(self, host: str, port: int) -> None:
        self.connections = 0
        self._target, self._ready = (host, port), 0.0
        self._listener = socket.create_server((host, 0))
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            self._ready = self._ready or time.monotonic() + RESUME_SECONDS
            threading.Thread(target=self._relay, args=(client,), daemon=True).start()

    def _relay(self, client: socket.socket) -> None:
        time.sleep(max(0.0, self._ready - time.monotonic()))
        with client, socket.create_connection(self._target) as server:
            back = threading.Thread(target=_copy, args=(server, client), daemon=True)
            back.start()
            _copy(client, server)
            back.join()


def _copy(source: socket.socket, target: socket.socket) -> None:
    try:
        while data := source.recv(65536):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        return


@pytest.fixture(scope="module", autouse=True)
def scaled_to_zero(deployed: Deployed) -> Iterator[None]:
    before = {"MinCapacity": 0.5, "MaxCapacity": 128}
    deployed.modify(ServerlessV2ScalingConfiguration={**before, "MinCapacity": 0})
    yield
    deployed.modify(ServerlessV2ScalingConfiguration=before)


@pytest.fixture
def paused(deployed: Deployed) -> Iterator[Resuming]:
    relay = Resuming(deployed.outputs["clusterEndpoint"], deployed.outputs["port"])
    with closing(relay):
        yield relay


def outputs(deployed: Deployed, relay: Resuming) -> dict[str, Any]:
    changed = copy.deepcopy(deployed.outputs)
    changed["declaredState"]["minCapacity"] = 0
    changed["port"] = relay.port
    return changed


def test_status_shows_the_pause_without_ending_it(
    command: Command, deployed: Deployed, paused: Resuming
) -> None:
    ended = command("status", outputs=outputs(deployed, paused))
    assert ended.out.splitlines()[2].split()[-2:] == ["paused", "0"]
    for verb in ("cost", "rotate status", "connect --print env", "verify --without-database"):
        assert command(*verb.split(), outputs=outputs(deployed, paused)).err.count("resumes") == 0
    assert paused.connections == 0


def test_a_check_that_logs_in_waits_for_the_cluster_and_says_that_it_resumed_it(
    command: Command, deployed: Deployed, paused: Resuming
) -> None:
    ended = command(
        *("verify", "--json", "--only", "login-current", "--only", "capacity-limits"),
        outputs=outputs(deployed, paused),
    )
    assert ended.code == 0
    assert ended.json["seconds"] >= RESUME_SECONDS
    assert {each["id"]: each["evidence"] for each in ended.json["checks"]} == {
        "capacity-limits": "",
        "login-current": "the cluster was paused and was resumed for this check",
    }
    assert ended.err == f"{PAUSED} after a day; --without-database leaves it paused\n"


def test_a_machine_that_may_connect_is_not_taken_for_a_refused_one(
    command: Command, deployed: Deployed, paused: Resuming
) -> None:
    ended = command("verify", "--from", "here", "--json", outputs=outputs(deployed, paused))
    assert [each["result"] for each in ended.json["checks"]] == ["passed"] * 3


def test_a_query_says_that_it_resumes_the_cluster(
    command: Command, deployed: Deployed, paused: Resuming
) -> None:
    ended = command("inspect", "roles", outputs=outputs(deployed, paused))
    assert ended.code == 0
    assert ended.err.splitlines()[0] == f"{PAUSED} after a day"


def test_without_the_permission_to_read_metrics_the_cluster_may_be_paused(
    command: Command, deployed: Deployed, paused: Resuming, environment: FaultProxy
) -> None:
    environment.faults["cloudwatch:GetMetricData"] = DENIED
    ended = command("inspect", "roles", outputs=outputs(deployed, paused))
    assert ended.code == 0
    assert ended.err.splitlines()[0] == (
        f"{CLUSTER} may be paused (the credentials do not allow cloudwatch:GetMetricData "
        f"({DENIED.message})): connecting resumes it, which takes about 15 s, or longer after a day"
    )
