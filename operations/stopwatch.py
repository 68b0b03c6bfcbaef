"""Start and duration of a command."""

import time
from dataclasses import dataclass, field
from datetime import UTC, datetime


@dataclass(frozen=True)
class Timing:
    """A finished measurement.

    Attributes:
        started: When it started, UTC.
        seconds: How long it took.
    """

    started: datetime
    seconds: float


@dataclass(frozen=True)
class Stopwatch:
    """A running measurement, which starts when it is created.

    Attributes:
        started: When it started, UTC.
    """

    started: datetime = field(default_factory=lambda: datetime.now(UTC))
    _clock: float = field(default_factory=time.monotonic, repr=False)

    def read(self) -> Timing:
        """Return the time since the start; it keeps running."""
        return Timing(self.started, time.monotonic() - self._clock)
