"""The emulated AWS of a module, and what this repository's functions need of it."""

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import pytest

from emulator.aws.server import RunningServer, serve
from emulator.testing.requests import REGION, connect, create_function


@pytest.fixture(scope="module")
def server() -> Iterator[RunningServer]:
    with serve() as running:
        yield running


@pytest.fixture(scope="module")
def client(server: RunningServer) -> Callable[[str], Any]:
    @cache
    def get(service: str) -> Any:
        return connect(service, server.url, REGION)

    return get


@pytest.fixture(scope="module")
def secrets(client: Callable[[str], Any]) -> Any:
    return client("secretsmanager")


@pytest.fixture(scope="module")
def idle_function(client: Callable[[str], Any]) -> str:
    """Return a function that does nothing, so a rotation stays as RotateSecret starts it."""
    return create_function(client, "idle", "def handle(event, context):\n    pass\n")
