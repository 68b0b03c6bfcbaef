"""Initial situations of rotations, their calls, and the invariants after each call."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from components.database_functions.rotation.settings import ALTERNATING_USERS, SINGLE_USER
from tests.components.database_functions.rotation.rotations import Bench

GOLDEN = Path(__file__).with_name("golden") / "fault_matrix.json"
NEW_CLUSTER = "user and clone are created"
SITUATIONS: dict[str, tuple[str, int]] = {
    "one user": (SINGLE_USER, 0),
    "the clone is created": (ALTERNATING_USERS, 0),
    "the clone is current again": (ALTERNATING_USERS, 2),
    NEW_CLUSTER: (ALTERNATING_USERS, 0),
}
"""Strategy and number of completed rotations."""
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


def check_that_clients_can_log_in(bench: Bench) -> None:
    """Check that clients that read the secret again can log in."""
    if not bench.has_user:
        # There are no clients yet.
        return
    if bench.strategy == ALTERNATING_USERS:
        assert bench.can_log_in("AWSCURRENT")
    else:
        assert bench.can_log_in("AWSCURRENT") or bench.can_log_in("AWSPENDING")


def check_that_it_is_complete(bench: Bench, token: str) -> None:
    """Check that the version is current, not pending, and can log in."""
    assert bench.secret.holder("AWSCURRENT") == token
    assert bench.secret.holder("AWSPENDING") is None
    assert bench.can_log_in("AWSCURRENT")
