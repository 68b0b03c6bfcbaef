"""Everything that can break at every call of a rotation, on a real database.

The cases come from the calls that an undisturbed rotation makes (`golden/fault_matrix.json`).
Secrets Manager is the stand-in, a killed process an exception that nothing catches; the deployed
zip is really killed in tests/emulator/aws/patches/secretsmanager/test_deployed_function.py.
"""

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from components.database_functions.errors import RotationError
from components.database_functions.rotation.handler import STEPS
from tests.components.database_functions.rotation.rotations import Bench, new_token
from tests.components.database_functions.rotation.situations import (
    EACH_CALL,
    GOLDEN,
    NEW_CLUSTER,
    SITUATIONS,
    MakeSituation,
    check_that_it_is_done,
    check_that_nobody_is_locked_out,
)
from tests.components.database_functions.rotation.wire import Killed, Mode, Wire


def _again_from_the_step(bench: Bench, token: str, failed: str) -> None:
    for step in list(STEPS)[list(STEPS).index(failed) :]:
        bench.step(step, token)


def _again_from_the_start(bench: Bench, token: str, failed: str) -> None:
    for step in STEPS:
        bench.step(step, token)


def _every_event_twice(bench: Bench, token: str, failed: str) -> None:
    for step in STEPS:
        bench.step(step, token)
        bench.step(step, token)


RECOVERIES = {
    "the step is retried": _again_from_the_step,
    "all steps are retried": _again_from_the_start,
    "every event comes twice": _every_event_twice,
}


def _break(bench: Bench, token: str, number: int, mode: Mode) -> str:
    """Run a rotation that goes wrong at a call; return the step in which it did."""
    wire = Wire(bench, at=number, mode=mode)
    for step in STEPS:
        try:
            wire.run(token, step)
        except (RotationError, Killed):
            return step
    raise AssertionError(wire.calls)


def _case(make: MakeSituation, situation: str, number: int, mode: Mode, recovery: str) -> None:
    bench = make(situation)
    token = bench.secret.stage(new_token())
    failed = _break(bench, token, number, mode)
    check_that_nobody_is_locked_out(bench)
    RECOVERIES[recovery](bench, token, failed)
    check_that_it_is_done(bench, token)
    check_that_it_is_done(bench, bench.rotate())


@EACH_CALL
def test_a_rotation_survives_whatever_happens_at_a_call(
    make_situation: MakeSituation, situation: str, number: int
) -> None:
    # Each case has its own user and its own secret, and mostly waits for the server.
    with ThreadPoolExecutor(max_workers=4) as pool:
        running = {
            f"{mode.value}, {recovery}": pool.submit(
                _case, make_situation, situation, number, mode, recovery
            )
            for mode in Mode
            for recovery in RECOVERIES
        }
    assert {case: done.exception() for case, done in running.items() if done.exception()} == {}


def _undisturbed(bench: Bench) -> list[str]:
    wire = Wire(bench)
    wire.run(bench.secret.stage(new_token()), *STEPS)
    return wire.calls


def test_the_cases_are_those_of_the_calls_that_a_rotation_makes(
    make_situation: MakeSituation, request: pytest.FixtureRequest
) -> None:
    calls = {situation: _undisturbed(make_situation(situation)) for situation in SITUATIONS}
    number = sum(len(names) for names in calls.values())
    golden: dict[str, Any] = {
        "calls": calls,
        # Of test_interleavings there are two a call.
        "cases": {
            "faults": number * len(Mode) * len(RECOVERIES),
            "interleavings": (number - len(calls[NEW_CLUSTER])) * 2,
        },
    }
    if request.config.getoption("--update-golden"):
        GOLDEN.parent.mkdir(exist_ok=True)
        GOLDEN.write_text(json.dumps(golden, indent=2) + "\n")
    assert json.loads(GOLDEN.read_text()) == golden
