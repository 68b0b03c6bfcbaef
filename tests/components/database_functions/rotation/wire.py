"""Numbered calls of the function to its services, one of which can fail."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from enum import Enum
from typing import Any, cast

from botocore.exceptions import ClientError

from components.database_functions.database import Driver, connect_over_tls
from components.database_functions.secrets_manager import SecretsManager
from tests.components.database_functions.rotation.rotations import Bench


class Killed(BaseException):
    """The end of the process: no further code runs, and open connections break."""


class Mode(Enum):
    """The kind of failure at a call."""

    FAILS_BEFORE = "fails before it is sent"
    FAILS_AFTER = "is executed, and its response is lost"
    KILLED_BEFORE = "kills the process before it is sent"
    KILLED_AFTER = "is executed, and the process is killed"

    @property
    def is_executed(self) -> bool:
        return self in (Mode.FAILS_AFTER, Mode.KILLED_AFTER)

    @property
    def kills(self) -> bool:
        return self in (Mode.KILLED_BEFORE, Mode.KILLED_AFTER)


class Wire:
    """Transport of the function's calls during a rotation or a part of it.

    Args:
        bench: Secrets Manager and database that receive the calls.
        at: Number of the disturbed call. Default: none.
        mode: How that call fails. Default: it succeeds.
        meanwhile: Function called with the running step just before that call. Default: none.
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
        """Run steps whose calls use this transport."""
        client = cast("SecretsManager", _Client(self))
        try:
            for step in steps:
                self._step = step
                self._bench.step(step, token, client, self._bench.database(self._connect))
        finally:
            # The connections of a process that has ended.
            for driver in self._opened:
                with suppress(Exception):
                    driver.close()

    def carry(self, name: str, call: Callable[[], Any], failure: Exception) -> Any:
        """Execute a call, unless it is the failing one."""
        here = len(self.calls) == self._at
        self.calls.append(name)
        if not here:
            return call()
        self._meanwhile(self._step)
        if self._mode is None:
            return call()
        if self._mode.is_executed:
            with suppress(Exception):
                call()
        raise Killed if self._mode.kills else failure

    def secrets_manager(self, operation: str, members: Mapping[str, Any]) -> Any:
        """Forward a call to Secrets Manager."""
        method = getattr(self._bench.secrets_manager, operation)
        failure = ClientError({"Error": {"Code": "InternalServiceError"}}, operation)
        return self.carry(operation, lambda: method(**members), failure)

    def _connect(self, **members: Any) -> Driver:
        def log_in() -> Driver:
            self._opened.append(connect_over_tls(**members))
            return _Driver(self, self._opened[-1])

        return self.carry("log in", log_in, ConnectionResetError("reset"))


class _Client:
    """The part of boto3's client that the function uses."""

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
