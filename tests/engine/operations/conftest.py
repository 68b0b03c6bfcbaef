"""One deployed dev stack for the day-2 commands, and the commands in this process."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from pulumi.automation import Stack

from emulator.postgresql import superuser
from operations.__main__ import main
from rehearsal import Rehearsal
from tests.operations.defects.deployed import CLUSTER, Deployed
from tests.operations.fault_proxy import FaultProxy, serve_faults


@pytest.fixture(scope="package")
def dev(rehearsal: Rehearsal) -> Iterator[Stack]:
    stack = rehearsal.stack("dev")
    stack.up()
    rehearsal.database(stack).wait_for_first_rotation()
    yield stack
    stack.destroy()


@pytest.fixture(scope="package")
def deployed(dev: Stack, rehearsal: Rehearsal, client: Callable[[str], Any]) -> Deployed:
    socket = rehearsal.databases / "clusters" / CLUSTER / "socket"
    outputs = {name: output.value for name, output in dev.outputs().items()}
    return Deployed(client, outputs, lambda: superuser(socket, outputs["port"], "trialfinder"))


@pytest.fixture(scope="package")
def proxy(rehearsal: Rehearsal) -> Iterator[FaultProxy]:
    with serve_faults(rehearsal.aws.url) as running:
        yield running


@pytest.fixture
def environment(
    rehearsal: Rehearsal, proxy: FaultProxy, monkeypatch: pytest.MonkeyPatch
) -> Iterator[FaultProxy]:
    """Set what the launcher `./.rehearsal/operations` sets; calls pass through the proxy."""
    for name, value in {
        "AWS_ENDPOINT_URL": proxy.url,
        "AWS_ACCESS_KEY_ID": "rehearsal",
        "AWS_SECRET_ACCESS_KEY": "rehearsal",
        "OPERATIONS_PULUMI": str(rehearsal.launcher),
        "PGSSLROOTCERT": str(rehearsal.databases / "ca.pem"),
        "NO_PROXY": "127.0.0.1",
        "COLUMNS": "80",
    }.items():
        monkeypatch.setenv(name, value)
    proxy.reset()
    yield proxy
    proxy.reset()


@dataclass(frozen=True)
class Ended:
    """A command that has ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        return json.loads(self.out)


Command = Callable[..., Ended]


@pytest.fixture
def command(
    environment: FaultProxy,
    deployed: Deployed,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Command:
    """Return a function that runs a verb with the outputs in a file."""
    file = tmp_path / "outputs.json"

    def run(*words: str, outputs: dict[str, Any] | None = None) -> Ended:
        file.write_text(json.dumps(outputs or deployed.outputs), encoding="utf-8")
        monkeypatch.setattr(
            "sys.argv", ["operations", *words, "--stack", "dev", "--outputs", str(file)]
        )
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        printed = capsys.readouterr()
        code = ended.value.code
        return Ended(code if isinstance(code, int) else 0, printed.out, printed.err)

    return run
