"""An engine that reaches the emulated AWS, and names."""

from itertools import count

import pytest

from emulator.aws.server import RunningServer
from emulator.tests.provider.engine import Engine

_NUMBERS = count(1)


@pytest.fixture(scope="module")
def engine(server: RunningServer) -> Engine:
    return Engine(server.url)


@pytest.fixture
def name() -> str:
    return f"resource-{next(_NUMBERS)}"
