"""Secrets Manager's part in a rotation: the steps in their order, and again after a failure."""

import socket
import time
from collections.abc import Sequence
from dataclasses import dataclass

from emulator.rotation.lambda_function import Invocation, UnpackedFunction

STEPS = ("createSecret", "setSecret", "testSecret", "finishSecret")
PROBE = ("testSecret",)
"""What RotateSecret invokes with RotateImmediately=false."""
ATTEMPTS = 3
"""AWS publishes neither the number of its attempts nor the time between them."""
PAUSE_SECONDS = 2.0


@dataclass(frozen=True)
class Outcome:
    """How a rotation ended.

    Attributes:
        invocations: Every step that was invoked, in order, and how it ended.
    """

    invocations: tuple[tuple[str, Invocation], ...]

    @property
    def failure(self) -> str | None:
        """The last step and its error, or None if the rotation was done."""
        step, last = self.invocations[-1]
        return None if last.error is None else f"{step}: {last.error}"


def rotate(
    function: UnpackedFunction,
    secret_id: str,
    token: str,
    *,
    steps: Sequence[str] = STEPS,
    attempts: int = ATTEMPTS,
    pause: float = PAUSE_SECONDS,
) -> Outcome:
    """Invoke the steps for a version that is labelled AWSPENDING and has no value yet.

    After a failure all steps come again, from the first.

    Args:
        function: The rotation function.
        secret_id: ARN or name of the secret.
        token: The version.
        steps: Which. Default: all four; `PROBE` to see whether the function reaches the database.
        attempts: How often at most. Default: 3.
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
