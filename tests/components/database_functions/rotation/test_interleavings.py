"""Two runs of the function at once, interleaved at every call of a rotation.

The second run happens as a whole at one point of the first. Where the first holds the role locked,
the second meets the lock, gives up after its limit and is retried later, as AWS would.
"""

from contextlib import suppress

import pytest

from components.database_functions.errors import (
    LockedOutError,
    NotRotatableError,
    RotationError,
    SecretMismatchError,
)
from components.database_functions.rotation.handler import STEPS
from tests.components.database_functions.rotation.rotations import Bench, new_token
from tests.components.database_functions.rotation.situations import (
    EACH_CALL_OF_A_USER,
    MakeSituation,
    check_that_it_is_done,
    check_that_nobody_is_locked_out,
)
from tests.components.database_functions.rotation.wire import Wire


def _rotate(bench: Bench, token: str) -> None:
    for step in STEPS:
        bench.step(step, token)


@EACH_CALL_OF_A_USER
def test_an_event_that_comes_again_while_it_is_worked_on_does_no_harm(
    make_situation: MakeSituation, situation: str, number: int
) -> None:
    bench = make_situation(situation)
    token = bench.secret.stage(new_token())

    def come_again(step: str) -> None:
        with suppress(RotationError):
            bench.step(step, token)

    with suppress(RotationError):
        Wire(bench, at=number, meanwhile=come_again).run(token, *STEPS)
    check_that_nobody_is_locked_out(bench)
    _rotate(bench, token)
    check_that_it_is_done(bench, token)


def _begin_again(bench: Bench, first: str, second: str) -> None:
    """Do what AWS never does by itself: begin a rotation while another one is pending."""
    bench.secret.versions[first].labels.discard("AWSPENDING")
    bench.secret.stage(second)


@EACH_CALL_OF_A_USER
def test_of_two_rotations_one_wins_and_its_version_opens_the_database(
    make_situation: MakeSituation, situation: str, number: int
) -> None:
    bench = make_situation(situation)
    first, second = bench.secret.stage(new_token()), new_token()
    before = bench.secret.holder("AWSCURRENT")

    def overtake(_: str) -> None:
        _begin_again(bench, first, second)
        with suppress(RotationError):
            _rotate(bench, second)

    with suppress(RotationError):
        Wire(bench, at=number, meanwhile=overtake).run(first, *STEPS)
    if bench.secret.holder("AWSCURRENT") == before and not bench.can_log_in("AWSCURRENT"):
        # The first had set its password, and the label that told it is gone: no version with a
        # label knows it. The function says so and changes nothing; the label heals it.
        with pytest.raises(LockedOutError, match=r"^no version of the secret can log in:"):
            bench.step("setSecret", second)
        bench.secret.move("AWSPENDING", first)
    try:
        _rotate(bench, bench.secret.holder("AWSPENDING") or second)
    except SecretMismatchError:
        # A value made for the clone's turn, stored after the clone has had it.
        bench.secret.versions[first].labels.discard("AWSPENDING")
    except NotRotatableError:
        assert bench.secret.holder("AWSPENDING") is None
    assert bench.secret.holder("AWSCURRENT") in (first, second)
    assert bench.can_log_in("AWSCURRENT")
    check_that_it_is_done(bench, bench.rotate())
