"""An emulated AWS with a landing zone."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from emulator.aws.server import RunningServer, serve
from emulator.testing.requests import REGION, connect
from rehearsal import landing_zone


@pytest.fixture(scope="module")
def server() -> Iterator[RunningServer]:
    with serve() as running:
        landing_zone.seed(running.url, REGION)
        yield running


@pytest.fixture(scope="module")
def client(server: RunningServer) -> Callable[[str], Any]:
    return lambda service: connect(service, server.url, REGION)
