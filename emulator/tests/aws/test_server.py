"""The server: its address, sequential requests, and failures in AWS's form."""

import re
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from botocore.exceptions import ClientError
from moto.rds.models import RDSBackend

from emulator.aws.server import RunningServer, serve
from emulator.testing.requests import cluster_request, connect, create_function
from emulator.tests.aws.requests import Rejection, rejection
from emulator.tests.paths import ROOT

pytestmark = pytest.mark.emulator

_SECONDS_TO_START = 30


def _port_of(url: str) -> int:
    port = urlsplit(url).port
    assert port is not None
    return port


def _answers(host: str, port: int) -> bool:
    try:
        with socket.create_connection((host, port), timeout=2):
            return True
    except OSError:
        return False


@contextmanager
def _program(*arguments: str) -> Generator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "emulator.aws", *arguments],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with process:
        try:
            yield process
        finally:
            process.kill()


def _wait_for(path: Path, process: subprocess.Popen[str]) -> str:
    end = time.monotonic() + _SECONDS_TO_START
    while not path.exists():
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < end, f"no {path.name} after {_SECONDS_TO_START} s"
        time.sleep(0.05)
    return path.read_text(encoding="utf-8")


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
def test_the_program_prints_its_address_and_exits_without_noise(
    tmp_path: Path, stop: signal.Signals
) -> None:
    ready = tmp_path / "aws.url"
    with _program("--ready-file", str(ready)) as process:
        url, providers = _wait_for(ready, process).splitlines()
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+", url)
        assert re.fullmatch(r"127\.0\.0\.1:\d+", providers)
        rds = connect("rds", url, "us-east-2")
        assert rds.describe_db_clusters()["DBClusters"] == []
        assert _answers("127.0.0.1", _port_of(url))
        assert not _answers("127.0.0.2", _port_of(url))
        process.send_signal(stop)
        said, complained = process.communicate(timeout=10)
    assert said == f"emulated AWS: {url} (account 123456789012)\n"
    assert complained == ""
    assert process.returncode == 0
    assert not _answers("127.0.0.1", _port_of(url))
    assert [path.name for path in tmp_path.iterdir()] == ["aws.url"]


def test_processes_of_the_program_can_be_stopped_by_signals(tmp_path: Path) -> None:
    ready = tmp_path / "aws.url"
    code = "import signal\ndef handle(*_): return len(signal.pthread_sigmask(signal.SIG_BLOCK, []))"
    with _program("--ready-file", str(ready)) as process:
        url = _wait_for(ready, process).splitlines()[0]
        create_function(lambda service: connect(service, url, "us-east-2"), "mask", code)
        answered = connect("lambda", url, "us-east-2").invoke(FunctionName="mask")
        blocked = answered["Payload"].read()
    assert blocked == b"0"


def test_the_program_reports_a_port_in_use(server: RunningServer, tmp_path: Path) -> None:
    port = _port_of(server.url)
    ready = tmp_path / "aws.url"
    with _program("--port", str(port), "--ready-file", str(ready)) as process:
        said, complained = process.communicate(timeout=_SECONDS_TO_START)
    assert (said, process.returncode) == ("", 1)
    assert complained == (
        "emulated AWS: Address already in use (while attempting to bind on address "
        f"('127.0.0.1', {port}))\n"
    )
    assert not ready.exists()


def test_a_port_in_use_is_an_operating_system_error(server: RunningServer) -> None:
    with pytest.raises(OSError, match="Address already in use"), serve(_port_of(server.url)):
        pytest.fail("the server runs")


def test_the_server_is_reached_on_loopback_only_and_until_its_context_ends() -> None:
    with serve() as running:
        port = _port_of(running.url)
        assert _answers("127.0.0.1", port)
        others = ("127.0.0.2", "::1", *_own_addresses())
        assert [host for host in others if _answers(host, port)] == []
    assert not _answers("127.0.0.1", port)


def _own_addresses() -> set[str]:
    """Return the machine's addresses that others could reach, as far as its name knows them."""
    try:
        found = socket.getaddrinfo(socket.gethostname(), None)
    except socket.gaierror:
        return set()
    return {str(entry[4][0]) for entry in found} - {"127.0.0.1"}


def test_each_region_has_its_own_resources(server: RunningServer) -> None:
    clients = [connect("kms", server.url, region) for region in ("us-west-2", "eu-west-1")]
    key = clients[0].create_key()["KeyMetadata"]["KeyId"]
    found = [client.list_keys()["Keys"] for client in clients]
    assert [key in {item["KeyId"] for item in keys} for keys in found] == [True, False]


def test_requests_are_handled_one_by_one(rds: Any, name: str) -> None:
    def create(_: int) -> str:
        try:
            rds.create_db_cluster(**cluster_request(name))
        except ClientError as error:
            response: Any = error.response
            return response["Error"]["Code"]
        return "created"

    with ThreadPoolExecutor(8) as pool:
        outcomes = Counter(pool.map(create, range(8)))
    assert outcomes == {"created": 1, "DBClusterAlreadyExistsFault": 7}


def test_what_moto_lacks_is_answered_as_not_implemented(rds: Any, logs: Any) -> None:
    lacking = "the emulated AWS does not implement {} (The {} action has not been implemented)"
    operation = ("rds:DescribeSourceRegions", "describe_source_regions")
    assert rejection(rds.describe_source_regions) == Rejection(
        "NotImplemented", lacking.format(*operation), 501
    )
    operation = ("logs:PutQueryDefinition", "put_query_definition")
    assert rejection(
        logs.put_query_definition, name="q", queryString="fields @message"
    ) == Rejection("NotImplemented", lacking.format(*operation), 501)


def test_what_moto_breaks_on_is_answered_as_an_internal_failure(
    rds: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise KeyError("lost")

    monkeypatch.setattr(RDSBackend, "describe_db_clusters", broken)
    assert rejection(rds.describe_db_clusters) == Rejection(
        "InternalFailure",
        "rds:DescribeDBClusters failed in the emulated AWS: KeyError: 'lost'",
        500,
    )
