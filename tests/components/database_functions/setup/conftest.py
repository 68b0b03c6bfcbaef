from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.components.database_functions.setup.cluster import Cluster, started


@pytest.fixture(scope="module")
def running() -> Iterator[Cluster]:
    with started() as cluster:
        yield cluster


@pytest.fixture
def cluster(running: Cluster) -> Iterator[Cluster]:
    yield running
    running.clean()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.database)
