"""Secrets Manager's part of a rotation: the steps in order, repeated after a failure."""

import socket
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from emulator.functions.lambda_function import Invocation

STEPS = ("createSecret", "setSecret", "testSecret", "finishSecret")
PROBE = ("testSecret",)
"""The steps of RotateSecret with RotateImmediately=false."""
ATTEMPTS = 3
"""AWS does not document the number of attempts or the time between them."""
PAUSE_SECONDS = 2.0


class Function(Protocol):
    """The part of an `UnpackedFunction` that a rotation uses."""

    def invoke(self, event: object) -> Invocation:
        """Invoke the function."""
        ...


@dataclass(frozen=True)
class Outcome:
    """The result of a rotation.

    Attributes:
        invocations: Every invoked step in order, with its result.
    """

    invocations: tuple[tuple[str, Invocation], ...]

    @property
    def failure(self) -> str | None:
        """The last step and its error, or None if the rotation succeeded."""
        step, last = self.invocations[-1]
        return None if last.error is None else f"{step}: {last.error}"


def rotate(
    function: Function,
    secret_id: str,
    token: str,
    *,
    steps: Sequence[str] = STEPS,
    attempts: int = ATTEMPTS,
    pause: float = PAUSE_SECONDS,
) -> Outcome:
    """Invoke the steps for a version with the label AWSPENDING and no value.

    After a failure all steps are repeated, starting with the first.

    Args:
        function: The rotation function.
        secret_id: ARN or name of the secret.
        token: The version.
        steps: The steps. Default: all four; `PROBE` tests only access to the database.
        attempts: Maximum number of attempts. Default: 3.
        pause: Seconds between attempts. Default: 2.
    """
    invocations: list[tuple[str, Invocation]] = []
    for attempt in range(attempts):
        if attempt:
            time.sleep(pause)
        for step in steps:
            event = {"SecretId": secret_id, "ClientRequestToken": token, "Step": step}
            invocations.append((step, function.invoke(event)))
            if invocations[-1][1].error is not None:
                break
        else:
            break
    return Outcome(tuple(invocations))


def await_host(host: str, port: int, limit: float) -> bool:
    """Return whether a server answers at `host`:`port` within `limit` seconds."""
    deadline = time.monotonic() + limit
    while True:
        try:
            socket.create_connection((host, port), timeout=1).close()
        except OSError:
            if time.monotonic() > deadline:
                return False
            time.sleep(0.2)
        else:
            return True
