"""The scaling drill: bounded load, and how the capacity follows it."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import psycopg

from operations.database.login import Login, LoginRefusedError, UnreachableError, session

STATEMENT = "SELECT count(*) FROM generate_series(1, 2000000)"
"""Work for one CPU that reads and writes no data."""

MAX_CLIENTS, MAX_SECONDS = 64, 1800
POLL_SECONDS = 5.0


@dataclass
class ScalingDrill:
    """What a drill measured.

    Attributes:
        before: Capacity before the load, in ACU.
        samples: Seconds since the start of the load, and the capacity.
        peak: Highest capacity under load.
        after: Capacity at the end.
        statements: Statements that succeeded.
        errors: Sessions that failed.
    """

    before: float
    samples: list[tuple[float, float]] = field(default_factory=list[tuple[float, float]])
    peak: float = 0.0
    after: float = 0.0
    statements: int = 0
    errors: int = 0

    def problems(self) -> list[str]:
        """Return what is wrong: no scale-up, no scale-down, or errors."""
        found: list[str] = []
        if self.peak <= self.before:
            found.append(f"no scale-up: {self.before:g} ACU before, at most {self.peak:g} ACU")
        elif self.after >= self.peak:
            found.append(f"no scale-down: still {self.after:g} ACU")
        if self.errors:
            found.append(f"{self.errors} sessions failed")
        return found


def run_scaling_drill(
    login: Login,
    read_capacity: Callable[[], float | None],
    *,
    clients: int,
    seconds: float,
    cool_down: float,
    progress: Callable[[str], None],
    poll_seconds: float = POLL_SECONDS,
) -> ScalingDrill:
    """Put load on a database, stop it, and follow the capacity.

    Args:
        login: Who runs the statements.
        read_capacity: Returns the writer's capacity in ACU; None without data.
        clients: Number of sessions.
        seconds: Duration of the load.
        cool_down: How long to wait for the scale-down.
        progress: Called with each sample.
        poll_seconds: Time between two samples.
    """
    drill = ScalingDrill(read_capacity() or 0.0)
    stop, lock = threading.Event(), threading.Lock()
    threads = [
        threading.Thread(target=_load, args=(login, stop, lock, drill), daemon=True)
        for _ in range(clients)
    ]
    start = time.monotonic()
    try:
        for thread in threads:
            thread.start()
        _follow(drill, read_capacity, start, seconds, poll_seconds, progress)
        drill.peak = max((acu for _, acu in drill.samples), default=drill.before)
    finally:
        # Also after Ctrl-C: the sessions end with their current statement.
        stop.set()
        for thread in threads:
            thread.join()
    progress("the load has ended; waiting for the scale-down")
    deadline = time.monotonic() + cool_down
    while True:
        drill.after = read_capacity() or 0.0
        drill.samples.append((round(time.monotonic() - start, 1), drill.after))
        if drill.after < drill.peak or time.monotonic() > deadline:
            return drill
        time.sleep(poll_seconds)


def _follow(
    drill: ScalingDrill,
    read_capacity: Callable[[], float | None],
    start: float,
    seconds: float,
    poll_seconds: float,
    progress: Callable[[str], None],
) -> None:
    while (elapsed := time.monotonic() - start) < seconds:
        time.sleep(min(poll_seconds, seconds - elapsed))
        capacity = read_capacity()
        if capacity is not None:
            drill.samples.append((round(time.monotonic() - start, 1), capacity))
            progress(f"{drill.samples[-1][0]:6.1f} s  {capacity:g} ACU")


def _load(login: Login, stop: threading.Event, lock: threading.Lock, drill: ScalingDrill) -> None:
    try:
        with session(login) as connection:
            while not stop.is_set():
                connection.execute(STATEMENT)
                with lock:
                    drill.statements += 1
    except (psycopg.Error, LoginRefusedError, UnreachableError):
        # A session that fails does not come back, so each is counted once.
        with lock:
            drill.errors += 1
