"""Options and profiles of the whole test run."""

import gc
import signal
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings
from xdist.remote import Producer  # pyright: ignore[reportMissingTypeStubs]
from xdist.scheduler import LoadFileScheduling  # pyright: ignore[reportMissingTypeStubs]

from emulator.botocore_data import parse_once
from tools.testing.databases import VERBOSE, DatabaseUnderTest, running_database

settings.register_profile(
    "project", deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=50
)
settings.load_profile("project")

# Tests create hundreds of sessions.
parse_once()

# Python's defaults collect garbage after every 700 new objects: a sixth of the time of the tests.
gc.set_threshold(100_000, 50, 1_000)

# Programs that tests interrupt would inherit that Ctrl-C is ignored, from a shell's background job.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


SHARE_A_STACK = "tests/engine/operations"
"""Folder whose files share one deployed stack."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-golden", action="store_true", help="rewrite golden files from this run"
    )


def pytest_collection_finish() -> None:
    """Exempt the imported modules and the collected tests from garbage collection."""
    gc.freeze()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run the longest files first, so that parallel workers end together."""
    items.sort(key=lambda item: item.get_closest_marker("engine") is None)


class _LoadDeploymentScheduling(LoadFileScheduling):
    def _split_scope(self, nodeid: str) -> str:
        return SHARE_A_STACK if nodeid.startswith(SHARE_A_STACK) else super()._split_scope(nodeid)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadFileScheduling:
    """Give a worker all tests of a file, or all that share a deployed stack."""
    return _LoadDeploymentScheduling(config, log)


@pytest.fixture(scope="session")
def database() -> Iterator[DatabaseUnderTest]:
    """Return a server that logs all it can, for every test that needs its own user."""
    with running_database(VERBOSE) as running:
        yield running
