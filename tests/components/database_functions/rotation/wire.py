"""Every call that leaves the function, by number; at one of them something goes wrong."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from enum import Enum
from typing import Any, cast

from botocore.exceptions import ClientError

from components.database_functions.database import Driver, connect_over_tls
from components.database_functions.rotation.secret_versions import SecretsManager
from tests.components.database_functions.rotation.rotations import Bench


class Killed(BaseException):
    """The process ends here; nothing after it runs, open connections break."""


class Mode(Enum):
    """What goes wrong at a call."""

    FAILS_BEFORE = "fails before it is made"
    FAILS_AFTER = "is made, and its answer is lost"
    KILLED_BEFORE = "kills the process before it is made"
    KILLED_AFTER = "is made, and the process is killed"

    @property
    def is_made(self) -> bool:
        return self in (Mode.FAILS_AFTER, Mode.KILLED_AFTER)

    @property
    def kills(self) -> bool:
        return self in (Mode.KILLED_BEFORE, Mode.KILLED_AFTER)


class Wire:
    """Carries the function's calls, in one rotation or in a part of it.

    Args:
        bench: Whose Secrets Manager and database they go to.
        at: Number of the call at which something happens. Default: nothing happens.
        mode: How that call goes wrong. Default: it does not.
        meanwhile: What happens elsewhere just before that call; gets the step that is running.
            Default: nothing.
    """

    def __init__(
        self,
        bench: Bench,
        *,
        at: int | None = None,
        mode: Mode | None = None,
        meanwhile: Callable[[str], object] = str,
    ) -> None:
        self.calls: list[str] = []
        self._opened: list[Driver] = []
        self._bench, self._at, self._mode = bench, at, mode
        self._meanwhile, self._step = meanwhile, ""

    def run(self, token: str, *steps: str) -> None:
        """Run steps whose calls go over this wire."""
        client = cast("SecretsManager", _Client(self))
        try:
            for step in steps:
                self._step = step
                self._bench.step(step, token, client, self._bench.database(self._connect))
        finally:
            # Those of a process that ended.
            for driver in self._opened:
                with suppress(Exception):
                    driver.close()

    def carry(self, name: str, call: Callable[[], Any], failure: Exception) -> Any:
        """Make a call, unless it is the one that goes wrong."""
        here = len(self.calls) == self._at
        self.calls.append(name)
        if not here:
            return call()
        self._meanwhile(self._step)
        if self._mode is None:
            return call()
        if self._mode.is_made:
            with suppress(Exception):
                call()
        raise Killed if self._mode.kills else failure

    def secrets_manager(self, operation: str, members: Mapping[str, Any]) -> Any:
        """Carry a call to Secrets Manager."""
        answers = getattr(self._bench.secrets_manager, operation)
        failure = ClientError({"Error": {"Code": "InternalServiceError"}}, operation)
        return self.carry(operation, lambda: answers(**members), failure)

    def _connect(self, **members: Any) -> Driver:
        def log_in() -> Driver:
            self._opened.append(connect_over_tls(**members))
            return _Driver(self, self._opened[-1])

        return self.carry("log in", log_in, ConnectionResetError("reset"))


class _Client:
    """boto3's client, as far as the function knows it."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    def __getattr__(self, operation: str) -> Callable[..., Any]:
        def call(**members: Any) -> Any:
            return self._wire.secrets_manager(operation, members)

        return call


class _Driver:
    """A connection to the real database."""

    def __init__(self, wire: Wire, driver: Driver) -> None:
        self._wire, self._driver = wire, driver

    def run(self, sql: str, **parameters: object) -> list[Any] | None:
        name = " ".join(word for word in sql.split()[:4] if word.isupper())
        return self._wire.carry(
            name, lambda: self._driver.run(sql, **parameters), ConnectionResetError("reset")
        )

    def close(self) -> None:
        self._driver.close()
