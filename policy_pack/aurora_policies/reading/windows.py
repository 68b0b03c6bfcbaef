"""Weekly and daily windows of RDS, in minutes of a week, UTC."""

import re
from dataclasses import dataclass

from .values import Value

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY = 24 * 60
_WEEK = 7 * _DAY
_TIME = r"([01]\d|2[0-3]):([0-5]\d)"
_DAILY = re.compile(f"{_TIME}-{_TIME}")
_WEEKLY = re.compile(rf"({'|'.join(_DAYS)}):{_TIME}-({'|'.join(_DAYS)}):{_TIME}", re.IGNORECASE)


@dataclass(frozen=True)
class Window:
    """A window that recurs.

    Attributes:
        start: First minute of its first occurrence in the week.
        minutes: Its length.
        period: Minutes from one occurrence to the next.
    """

    start: int
    minutes: int
    period: int

    def overlaps(self, other: "Window") -> bool:
        """Whether a minute belongs to both."""
        return bool(self._occupied & other._occupied)

    @property
    def _occupied(self) -> frozenset[int]:
        return frozenset(
            (start + minute) % _WEEK
            for start in range(self.start, self.start + _WEEK, self.period)
            for minute in range(self.minutes)
        )


def backup_window(value: Value) -> Window | None:
    """A daily window such as `03:00-04:00`; None unless well formed."""
    match = _DAILY.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        return None
    first_hour, first_minute, last_hour, last_minute = map(int, match.groups())
    start = first_hour * 60 + first_minute
    return Window(start, (last_hour * 60 + last_minute - start) % _DAY, _DAY)


def maintenance_window(value: Value) -> Window | None:
    """A weekly window such as `sun:04:00-sun:05:00`; None unless well formed."""
    match = _WEEKLY.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        return None
    first, last = match.groups()[:3], match.groups()[3:]
    start, end = (
        _DAYS.index(day.lower()) * _DAY + int(hour) * 60 + int(minute)
        for day, hour, minute in (first, last)
    )
    return Window(start, (end - start) % _WEEK, _WEEK)
