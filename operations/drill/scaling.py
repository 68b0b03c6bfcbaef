"""The scaling drill: bounded load, and how the capacity follows it."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import psycopg

from operations.aws.metrics import Series
from operations.database.login import Login, LoginRejectedError, UnreachableError, session

STATEMENT = "SELECT count(*) FROM generate_series(1, 2000000)"
"""Work for one CPU that reads and writes no data."""

MAX_CLIENTS, MAX_SECONDS = 64, 1800
POLL_SECONDS = 5.0
LOOK_BACK = timedelta(minutes=10)
"""How old the capacity before the load may be."""


@dataclass
class ScalingDrill:
    """The measurements of a drill.

    Attributes:
        before: Capacity before the load, in ACU; None without data.
        samples: For each period, the seconds from the start of the load to the start of the period,
            and the highest capacity in it.
        peak: Highest capacity of the periods with load; None without data.
        after: Capacity of the last period after the load; None without data.
        statements: Statements that succeeded.
        errors: Sessions that failed.
    """

    before: float | None = None
    samples: list[tuple[float, float]] = field(default_factory=list[tuple[float, float]])
    peak: float | None = None
    after: float | None = None
    statements: int = 0
    errors: int = 0

    def problems(self) -> list[str]:
        """Return what is wrong: no measurements, no scale-up, no scale-down, or errors."""
        found: list[str] = []
        if self.before is None or self.peak is None:
            found.append("CloudWatch has no capacity from before the load, or under load")
        elif self.peak <= self.before:
            found.append(f"no scale-up: {self.before:g} ACU before, at most {self.peak:g} ACU")
        elif self.after is None:
            found.append("CloudWatch has no capacity from after the load: increase --cool-down")
        elif self.after >= self.peak:
            found.append(f"no scale-down: still {self.after:g} ACU")
        if self.errors:
            found.append(f"{self.errors} sessions failed")
        return found

    def measure(self, points: Series, load: tuple[datetime, datetime], period: timedelta) -> None:
        """Assign the points of a series to the time before, under and after the load.

        CloudWatch publishes a period minutes after its end, so that peak and end are known late.

        Args:
            points: Start of each period, and the highest capacity in it.
            load: Start and end of the load.
            period: Length of a period.
        """
        start, end = load
        self.samples = [(round((at - start).total_seconds(), 1), acu) for at, acu in points]
        under_load = [acu for at, acu in points if at + period > start and at < end]
        later = [acu for at, acu in points if at >= end]
        self.peak = max(under_load, default=None)
        self.after = later[-1] if later else None

    @property
    def is_decided(self) -> bool:
        """Whether later points cannot change the result."""
        if self.after is None or self.peak is None or self.before is None:
            return False
        return self.after < self.peak or self.peak <= self.before


def run_scaling_drill(
    login: Login,
    read_capacity: Callable[[datetime], Series],
    *,
    clients: int,
    seconds: float,
    cool_down: float,
    period: timedelta,
    progress: Callable[[str], None],
    poll_seconds: float = POLL_SECONDS,
) -> ScalingDrill:
    """Put load on a database, stop it, and follow the capacity.

    Args:
        login: The user that runs the statements, and the endpoint.
        read_capacity: Returns the highest capacity of each period since a time, in ACU.
        clients: Number of sessions.
        seconds: Duration of the load, in seconds.
        cool_down: How long to wait for the scale-down, in seconds.
        period: Length of a period.
        progress: Called with each new point.
        poll_seconds: Time between two readings, in seconds.
    """
    drill = ScalingDrill()
    history = read_capacity(datetime.now(UTC) - LOOK_BACK)
    drill.before = history[-1][1] if history else None
    stop, lock = threading.Event(), threading.Lock()
    threads = [
        threading.Thread(target=_load, args=(login, stop, lock, drill), daemon=True)
        for _ in range(clients)
    ]
    # Fixed and a multiple of the period, so that every reading has the same periods.
    start = datetime.now(UTC)
    since = _floor(start, period)
    shown: set[datetime] = set()

    def follow(end: datetime) -> None:
        points = read_capacity(since)
        drill.measure(points, (start, end), period)
        for at, acu in points:
            if at not in shown:
                shown.add(at)
                progress(f"{at:%H:%M:%S}  {acu:g} ACU")

    try:
        for thread in threads:
            thread.start()
        deadline = time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0:
            time.sleep(min(poll_seconds, left))
            follow(datetime.now(UTC))
    finally:
        # Also after Ctrl-C: the sessions end with their current statement.
        stop.set()
        for thread in threads:
            thread.join()
    end = datetime.now(UTC)
    progress("the load has ended; waiting for the scale-down")
    deadline = time.monotonic() + cool_down
    while True:
        follow(end)
        if drill.is_decided or time.monotonic() > deadline:
            return drill
        time.sleep(poll_seconds)


def _floor(moment: datetime, period: timedelta) -> datetime:
    return moment - (moment - datetime.min.replace(tzinfo=UTC)) % period


def _load(login: Login, stop: threading.Event, lock: threading.Lock, drill: ScalingDrill) -> None:
    try:
        with session(login) as connection:
            while not stop.is_set():
                connection.execute(STATEMENT)
                with lock:
                    drill.statements += 1
    except (psycopg.Error, LoginRejectedError, UnreachableError):
        # A session that fails does not come back, so each is counted once.
        with lock:
            drill.errors += 1
