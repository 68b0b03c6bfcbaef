"""Where a rotation starts from, the calls that it then makes, and what must hold after any of them."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from components.rotation_function.settings import ALTERNATING_USERS, SINGLE_USER
from tests.components.rotation_function.rotations import Bench

GOLDEN = Path(__file__).with_name("golden") / "fault_matrix.json"
SITUATIONS: dict[str, tuple[str, int]] = {
    "one user": (SINGLE_USER, 0),
    "the clone is made": (ALTERNATING_USERS, 0),
    "the clone takes over again": (ALTERNATING_USERS, 2),
}
"""Strategy, and how many rotations have been done."""
_CALLS: dict[str, list[str]] = json.loads(GOLDEN.read_text())["calls"]
EACH_CALL = pytest.mark.parametrize(
    ("situation", "number"),
    [
        pytest.param(situation, number, id=f"{situation}-{number}-{name}")
        for situation, names in _CALLS.items()
        for number, name in enumerate(names)
    ],
)
MakeSituation = Callable[[str], Bench]


def check_that_nobody_is_locked_out(bench: Bench) -> None:
    """Hold a rotation to what it owes at any moment to clients that read the secret anew."""
    if bench.strategy == ALTERNATING_USERS:
        assert bench.opens("AWSCURRENT")
    else:
        assert bench.opens("AWSCURRENT") or bench.opens("AWSPENDING")


def check_that_it_is_done(bench: Bench, token: str) -> None:
    """Hold a rotation to its end."""
    assert bench.secret.holder("AWSCURRENT") == token
    assert bench.opens("AWSCURRENT")
