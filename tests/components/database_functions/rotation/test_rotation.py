import pytest

from components.database_functions.rotation.settings import STRATEGIES
from tests.components.database_functions.rotation.rotations import MakeBench

_EACH_STRATEGY = pytest.mark.parametrize("strategy", STRATEGIES)


@_EACH_STRATEGY
def test_a_rotation_leaves_one_current_version_that_can_log_in(
    make_bench: MakeBench, strategy: str
) -> None:
    bench = make_bench(strategy)
    before = bench.secret.holder("AWSCURRENT")
    token = bench.rotate()
    assert bench.secret.holder("AWSCURRENT") == token
    assert bench.secret.holder("AWSPREVIOUS") == before
    assert bench.can_log_in("AWSCURRENT")
    assert bench.can_log_in("AWSPREVIOUS") == (strategy == "alternating-users")
