"""Where a rotation starts from, the calls that it then makes, and what must hold after any of them."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from components.database_functions.rotation.settings import ALTERNATING_USERS, SINGLE_USER
from tests.components.database_functions.rotation.rotations import Bench

GOLDEN = Path(__file__).with_name("golden") / "fault_matrix.json"
NEW_CLUSTER = "user and clone are made"
SITUATIONS: dict[str, tuple[str, int]] = {
    "one user": (SINGLE_USER, 0),
    "the clone is made": (ALTERNATING_USERS, 0),
    "the clone takes over again": (ALTERNATING_USERS, 2),
    NEW_CLUSTER: (ALTERNATING_USERS, 0),
}
"""Strategy, and how many rotations have been done."""
_CALLS: dict[str, list[str]] = json.loads(GOLDEN.read_text())["calls"]


def _each_call(*left_out: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize(
        ("situation", "number"),
        [
            pytest.param(situation, number, id=f"{situation}-{number}-{name}")
            for situation, names in _CALLS.items()
            for number, name in enumerate(names)
            if situation not in left_out
        ],
    )


EACH_CALL = _each_call()
EACH_CALL_OF_A_USER = _each_call(NEW_CLUSTER)
MakeSituation = Callable[[str], Bench]


def check_that_nobody_is_locked_out(bench: Bench) -> None:
    """Hold a rotation to what it owes at any moment to clients that read the secret anew."""
    if not bench.has_user:
        # No client has ever logged in.
        return
    if bench.strategy == ALTERNATING_USERS:
        assert bench.can_log_in("AWSCURRENT")
    else:
        assert bench.can_log_in("AWSCURRENT") or bench.can_log_in("AWSPENDING")


def check_that_it_is_done(bench: Bench, token: str) -> None:
    """Hold a rotation to its end."""
    assert bench.secret.holder("AWSCURRENT") == token
    assert bench.secret.holder("AWSPENDING") is None
    assert bench.can_log_in("AWSCURRENT")
