"""Failures at every call of a rotation, on a real database.

The cases are the calls of a successful rotation (`golden/fault_matrix.json`). Secrets Manager is in
memory, and a killed process is an exception that nothing catches; a process of the deployed zip is
killed in tests/emulator/test_deployed_function.py.

A recovery depends on the failed step and on what the rotation had changed, not on how it failed. So
cases with the same step and the same state recover once, in each of three ways.
"""

import json
from concurrent.futures import ThreadPoolExecutor
from threading import Lock
from typing import Any

import pytest

from components.database_functions.errors import FunctionError
from components.database_functions.rotation.handler import STEPS
from tests.components.database_functions.rotation.rotations import Bench, new_token
from tests.components.database_functions.rotation.situations import (
    EACH_CALL,
    GOLDEN,
    NEW_CLUSTER,
    SITUATIONS,
    MakeSituation,
    check_that_clients_can_log_in,
    check_that_it_is_complete,
)
from tests.components.database_functions.rotation.states import State, state_of
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


RECOVERIES = (_again_from_the_step, _again_from_the_start, _every_event_twice)

_LOCK = Lock()


def _break(bench: Bench, token: str, number: int, mode: Mode) -> str:
    """Run a rotation that fails at a call, and return the failed step."""
    wire = Wire(bench, at=number, mode=mode)
    for step in STEPS:
        try:
            wire.run(token, step)
        except (FunctionError, Killed):
            return step
    raise AssertionError(wire.calls)


def _case(
    make: MakeSituation, situation: str, number: int, mode: Mode, recovered: set[State]
) -> None:
    """Fail at a call, and recover in each way from a state from which no other case has."""
    bench, token, failed = _broken(make, situation, number, mode)
    check_that_clients_can_log_in(bench)
    state = (situation, failed, state_of(bench))
    with _LOCK:
        is_known = state in recovered
        recovered.add(state)
    if is_known:
        return
    for recover in RECOVERIES:
        bench, token, failed = _broken(make, situation, number, mode)
        assert (situation, failed, state_of(bench)) == state
        recover(bench, token, failed)
        check_that_it_is_complete(bench, token)
        check_that_it_is_complete(bench, bench.rotate())


def _broken(make: MakeSituation, situation: str, number: int, mode: Mode) -> tuple[Bench, str, str]:
    bench = make(situation)
    token = bench.secret.stage(new_token())
    return bench, token, _break(bench, token, number, mode)


@pytest.fixture(scope="module")
def recovered() -> set[State]:
    """Return the situations, failed steps and states from which a case has recovered."""
    return set()


@EACH_CALL
def test_a_rotation_recovers_from_any_failure_at_a_call(
    make_situation: MakeSituation, recovered: set[State], situation: str, number: int
) -> None:
    # Each case has its own user and secret, and mostly waits for the server.
    with ThreadPoolExecutor(max_workers=4) as pool:
        running = {
            mode.value: pool.submit(_case, make_situation, situation, number, mode, recovered)
            for mode in Mode
        }
    assert {case: done.exception() for case, done in running.items() if done.exception()} == {}


@pytest.mark.parametrize("situation", SITUATIONS)
def test_each_step_that_changes_something_changes_the_state(
    make_situation: MakeSituation, situation: str
) -> None:
    bench = make_situation(situation)
    token = bench.secret.stage(new_token())
    states = [state_of(bench)]
    for step in STEPS:
        bench.step(step, token)
        states.append(state_of(bench))
    started, created, changed, tested, finished = states
    assert len({started, created, changed, finished}) == 4
    assert tested == changed


def test_the_state_is_the_same_for_every_user_and_password(make_situation: MakeSituation) -> None:
    for situation in SITUATIONS:
        first, second = (state_of(make_situation(situation)) for _ in range(2))
        assert first == second


def _undisturbed(bench: Bench) -> list[str]:
    wire = Wire(bench)
    wire.run(bench.secret.stage(new_token()), *STEPS)
    return wire.calls


def test_the_cases_cover_every_call_of_a_rotation(
    make_situation: MakeSituation, request: pytest.FixtureRequest
) -> None:
    calls = {situation: _undisturbed(make_situation(situation)) for situation in SITUATIONS}
    number = sum(len(names) for names in calls.values())
    golden: dict[str, Any] = {
        "calls": calls,
        # Two cases per call in test_interleavings.
        "cases": {
            "faults": number * len(Mode),
            "interleavings": (number - len(calls[NEW_CLUSTER])) * 2,
        },
    }
    if request.config.getoption("--update-golden"):
        GOLDEN.parent.mkdir(exist_ok=True)
        GOLDEN.write_text(json.dumps(golden, indent=2) + "\n")
    assert json.loads(GOLDEN.read_text()) == golden
