"""One emulated AWS per module, clients that reach only it, and one PostgreSQL server."""

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from emulator.aws.aurora.versions import TODAY_VARIABLE
from emulator.aws.server import RunningServer, serve
from emulator.testing.databases import Login, RunningDatabase, running_database
from emulator.testing.requests import REGION, connect
from emulator.tests.aws.requests import TODAY

# A slow machine is not a failure.
settings.register_profile(
    "emulator", deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=50
)
settings.load_profile("emulator")


@pytest.fixture(scope="session")
def database() -> Iterator[RunningDatabase[Login]]:
    """Return a server for every test that needs its own user."""
    with running_database({"shared_preload_libraries": "pg_stat_statements"}) as running:
        yield running


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
