from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.components.database_functions.setup.cluster import Cluster
from tools.testing.databases import MASTER, running_database


@pytest.fixture(scope="module")
def running() -> Iterator[Cluster]:
    with running_database({}) as database:
        with database.server.superuser() as connection:
            connection.execute(f"GRANT rds_iam TO {MASTER} WITH ADMIN OPTION")
        yield Cluster(database)


@pytest.fixture
def cluster(running: Cluster) -> Iterator[Cluster]:
    yield running
    running.clean()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.database)
