"""An emulated AWS with an engine and clients."""

from collections.abc import Callable, Iterator
from itertools import count
from typing import Any

import pytest

from emulator.aws.aurora.versions import TODAY_VARIABLE
from emulator.aws.server import RunningServer, serve
from tests.emulator.aws.requests import REGION, TODAY, connect
from tests.emulator.provider.engine import Engine

_NUMBERS = count(1)


@pytest.fixture(scope="module")
def server() -> Iterator[RunningServer]:
    with pytest.MonkeyPatch.context() as patch, serve() as running:
        patch.setenv(TODAY_VARIABLE, TODAY)
        yield running


@pytest.fixture(scope="module")
def client(server: RunningServer) -> Callable[[str], Any]:
    return lambda service: connect(service, server.url, REGION)


@pytest.fixture(scope="module")
def engine(server: RunningServer) -> Engine:
    return Engine(server.url)


@pytest.fixture
def name() -> str:
    return f"resource-{next(_NUMBERS)}"
