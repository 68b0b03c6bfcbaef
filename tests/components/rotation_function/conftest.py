import pytest

from components.rotation_function.settings import SINGLE_USER
from tests.components.rotation_function.rotations import Bench, MakeBench
from tests.support.databases import DatabaseUnderTest


@pytest.fixture
def make_bench(database: DatabaseUnderTest) -> MakeBench:
    def make(strategy: str = SINGLE_USER) -> Bench:
        return Bench(database, strategy)

    return make
