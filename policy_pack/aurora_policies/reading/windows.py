"""Backup and maintenance windows of RDS, in minutes of a week, UTC."""

import re
from dataclasses import dataclass

from .values import Value

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY = 24 * 60
_WEEK = 7 * _DAY
_WINDOW = re.compile(
    rf"(?:({'|'.join(_DAYS)}):)?([01][0-9]|2[0-3]):([0-5][0-9])"
    rf"-(?:({'|'.join(_DAYS)}):)?([01][0-9]|2[0-3]):([0-5][0-9])",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Window:
    """A recurring window.

    Attributes:
        start: First minute of its first occurrence in the week.
        minutes: Its length.
        period: Minutes from one occurrence to the next: a day or a week.
    """

    start: int
    minutes: int
    period: int

    def overlaps(self, other: "Window") -> bool:
        """Return whether the windows have a minute in common."""
        return bool(self._occupied & other._occupied)

    @property
    def _occupied(self) -> frozenset[int]:
        return frozenset(
            (start + minute) % _WEEK
            for start in range(self.start, self.start + _WEEK, self.period)
            for minute in range(self.minutes)
        )


def window(value: Value, *, weekly: bool) -> Window | None:
    """Parse `03:00-04:00`, or if weekly `sun:04:00-sun:05:00`; None if malformed."""
    match = _WINDOW.fullmatch(value) if isinstance(value, str) else None
    if match is None or [bool(match[1]), bool(match[4])] != [weekly, weekly]:
        return None
    period = _WEEK if weekly else _DAY
    start, end = (
        (_DAYS.index(day.lower()) * _DAY if day else 0) + int(hour) * 60 + int(minute)
        for day, hour, minute in (match.group(1, 2, 3), match.group(4, 5, 6))
    )
    return Window(start, (end - start) % period, period)
