"""Backup and maintenance windows (UTC).

AWS accepts `hh24:mi-hh24:mi` as the daily backup window and `ddd:hh24:mi-ddd:hh24:mi` as the weekly
maintenance window. Each must last at least 30 minutes, and the two must not overlap (Amazon RDS API
reference, CreateDBCluster: PreferredBackupWindow, PreferredMaintenanceWindow).
"""

import re

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MINUTES_PER_DAY = 24 * 60
MINUTES_PER_WEEK = 7 * MINUTES_PER_DAY
MINIMUM_MINUTES = 30

_TIME = r"([01][0-9]|2[0-3]):([0-5][0-9])"
_DAY = rf"({'|'.join(DAYS)})"
_BACKUP = re.compile(rf"{_TIME}-{_TIME}")
_MAINTENANCE = re.compile(rf"{_DAY}:{_TIME}-{_DAY}:{_TIME}")

Interval = tuple[int, int]
"""Start and end in minutes since Monday 00:00; the end may exceed the end of the week."""


def backup_minutes(window: str) -> Interval:
    """Parse a backup window.

    Args:
        window: `hh24:mi-hh24:mi`; it may cross midnight.

    Returns:
        Start and end in minutes since midnight; the end is after the start.

    Raises:
        ValueError: The text has a different form, or the window is shorter than 30 minutes.
    """
    match = _BACKUP.fullmatch(window)
    if match is None:
        msg = f"{window!r} is not of the form hh24:mi-hh24:mi"
        raise ValueError(msg)
    start_hour, start_minute, end_hour, end_minute = map(int, match.groups())
    return _interval(
        start_hour * 60 + start_minute, end_hour * 60 + end_minute, MINUTES_PER_DAY, window
    )


def maintenance_minutes(window: str) -> Interval:
    """Parse a maintenance window.

    Args:
        window: `ddd:hh24:mi-ddd:hh24:mi`, lower case; it may cross the end of the week.

    Returns:
        Start and end in minutes since Monday 00:00; the end is after the start.

    Raises:
        ValueError: The text has a different form, or the window is shorter than 30 minutes.
    """
    match = _MAINTENANCE.fullmatch(window)
    if match is None:
        msg = f"{window!r} is not of the form ddd:hh24:mi-ddd:hh24:mi"
        raise ValueError(msg)
    start_day, start_hour, start_minute, end_day, end_hour, end_minute = match.groups()
    start = DAYS.index(start_day) * MINUTES_PER_DAY + int(start_hour) * 60 + int(start_minute)
    end = DAYS.index(end_day) * MINUTES_PER_DAY + int(end_hour) * 60 + int(end_minute)
    return _interval(start, end, MINUTES_PER_WEEK, window)


def windows_overlap(backup_window: str, maintenance_window: str) -> bool:
    """Return whether a daily backup window overlaps a weekly maintenance window.

    Args:
        backup_window: Well-formed backup window.
        maintenance_window: Well-formed maintenance window.

    Returns:
        True if they share a minute; adjacent windows do not overlap.
    """
    backup_start, backup_end = backup_minutes(backup_window)
    start, end = maintenance_minutes(maintenance_window)
    # From the day before Monday to the day after Sunday: both windows may cross the end of the
    # week. A maintenance window of more than a day overlaps every daily window anyway.
    return any(
        day * MINUTES_PER_DAY + backup_start < end and start < day * MINUTES_PER_DAY + backup_end
        for day in range(-1, len(DAYS) + 1)
    )


def _interval(start: int, end: int, period: int, window: str) -> Interval:
    if end < start:
        end += period
    if end - start < MINIMUM_MINUTES:
        msg = f"{window!r} lasts {end - start} minutes, less than {MINIMUM_MINUTES}"
        raise ValueError(msg)
    return start, end
