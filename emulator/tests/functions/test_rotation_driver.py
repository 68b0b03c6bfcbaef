"""Secrets Manager's part of a rotation: the order of steps, and repetition after a failure."""

import socket
from typing import Any

import pytest

from emulator.functions import rotation_driver
from emulator.functions.lambda_function import Failure, Invocation


class Scripted:
    """A function whose invocations end with the given errors, then successfully."""

    def __init__(self, *errors: str | None) -> None:
        self._errors = list(errors)
        self.events: list[Any] = []

    def invoke(self, event: object) -> Invocation:
        self.events.append(event)
        error = self._errors.pop(0) if self._errors else None
        failure = None if error is None else Failure("Runtime.ExitError", error)
        return Invocation(result=None, failure=failure, log="", seconds=0, peak_megabytes=0)


def _rotate(function: Scripted) -> rotation_driver.Outcome:
    return rotation_driver.rotate(function, "secret", "token", pause=0)


def _steps(function: Scripted) -> list[str]:
    return [event["Step"] for event in function.events]


def test_the_steps_come_in_order_with_secret_and_version() -> None:
    function = Scripted()
    assert _rotate(function).failure is None
    assert function.events == [
        {"SecretId": "secret", "ClientRequestToken": "token", "Step": step}
        for step in ("createSecret", "setSecret", "testSecret", "finishSecret")
    ]


def test_after_a_failure_all_steps_come_again() -> None:
    function = Scripted(None, "ValueError: once")
    assert _rotate(function).failure is None
    assert _steps(function) == ["createSecret", "setSecret", *rotation_driver.STEPS]


def test_the_last_failure_is_reported_after_the_last_attempt() -> None:
    function = Scripted("first", "second", None, "third")
    assert _rotate(function).failure == "setSecret: third"
    assert _steps(function) == ["createSecret", "createSecret", "createSecret", "setSecret"]


def test_a_probe_is_one_step() -> None:
    function = Scripted()
    outcome = rotation_driver.rotate(function, "secret", "token", steps=rotation_driver.PROBE)
    assert [step for step, _ in outcome.invocations] == ["testSecret"]


@pytest.mark.parametrize("answers", [True, False])
def test_a_host_is_awaited_up_to_the_limit(*, answers: bool) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        if not answers:
            server.close()
        assert rotation_driver.await_host("127.0.0.1", port, 0.3) is answers
