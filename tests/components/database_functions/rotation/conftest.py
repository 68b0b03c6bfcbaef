from pathlib import Path

import pytest

from components.database_functions.rotation import secret_versions
from components.database_functions.rotation.settings import SINGLE_USER
from tests.components.database_functions.rotation.rotations import Bench, MakeBench
from tests.components.database_functions.rotation.situations import (
    NEW_CLUSTER,
    SITUATIONS,
    MakeSituation,
)
from tools.testing.databases import DatabaseUnderTest


@pytest.fixture(autouse=True)
def no_pause_between_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(secret_versions, "READ_RETRY_SECONDS", 0)


@pytest.fixture
def statement_limit() -> int:
    """Return a limit in seconds that no stall of a busy machine reaches.

    PostgreSQL ends a transaction that is idle for longer.
    """
    return 20


@pytest.fixture
def make_bench(database: DatabaseUnderTest, statement_limit: int) -> MakeBench:
    def make(strategy: str = SINGLE_USER, *, has_user: bool = True) -> Bench:
        return Bench(database, strategy, has_user=has_user, statement_limit=statement_limit)

    return make


@pytest.fixture
def make_situation(make_bench: MakeBench) -> MakeSituation:
    def make(situation: str) -> Bench:
        strategy, rotations = SITUATIONS[situation]
        bench = make_bench(strategy, has_user=situation != NEW_CLUSTER)
        for _ in range(rotations):
            bench.rotate()
        return bench

    return make


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.database)
