"""One emulated AWS per module, and clients that reach only it."""

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import pytest

from emulator.aws.aurora.versions import TODAY_VARIABLE
from emulator.aws.server import RunningServer, serve
from tests.emulator.aws.requests import REGION, TODAY, connect


@pytest.fixture(scope="module")
def server() -> Iterator[RunningServer]:
    # The available versions depend on the date.
    with pytest.MonkeyPatch.context() as patch, serve() as running:
        patch.setenv(TODAY_VARIABLE, TODAY)
        yield running


@pytest.fixture(scope="module")
def client(server: RunningServer) -> Callable[[str], Any]:
    @cache
    def get(service: str) -> Any:
        return connect(service, server.url, REGION)

    return get
