"""Backup and maintenance windows: format, length and overlap, in minutes of the week (UTC)."""

import re

from emulator.aws.errors import reject_value

_TIME = r"([01]\d|2[0-3]):([0-5]\d)"
_BACKUP = re.compile(rf"{_TIME}-{_TIME}")
_MAINTENANCE = re.compile(rf"([a-z]{{3}}):{_TIME}-([a-z]{{3}}):{_TIME}")
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY = 24 * 60
_WEEK = 7 * _DAY
SHORTEST = 30
"""Minutes; RDS API reference, CreateDBCluster, PreferredBackupWindow."""
LONGEST_MAINTENANCE = _DAY
"""Minutes; a longer maintenance window is rejected (RDS user guide, maintenance window)."""


def backup_minutes(window: str) -> tuple[int, int]:
    """Return start and length of a daily window `hh24:mi-hh24:mi`.

    Raises:
        ServiceError: InvalidParameterValue for another format or less than 30 minutes.
    """
    match = _BACKUP.fullmatch(window)
    if not match:
        message = (
            f"The backup window {window} is not valid. It must have the format hh24:mi-hh24:mi."
        )
        reject_value(message)
    hours = [int(part) for part in match.groups()]
    start, end = hours[0] * 60 + hours[1], hours[2] * 60 + hours[3]
    length = (end - start) % _DAY
    if length < SHORTEST:
        message = f"The backup window {window} must be at least {SHORTEST} minutes."
        reject_value(message)
    return start, length


def maintenance_minutes(window: str) -> tuple[int, int]:
    """Return start and length of a weekly window `ddd:hh24:mi-ddd:hh24:mi`.

    Raises:
        ServiceError: InvalidParameterValue for another format, less than 30 minutes or over a day.
    """
    match = _MAINTENANCE.fullmatch(window.lower())
    if not match or match[1] not in _DAYS or match[4] not in _DAYS:
        message = (
            f"Invalid maintenance window format: {window}. "
            "It must have the format ddd:hh24:mi-ddd:hh24:mi."
        )
        reject_value(message)
    start = _DAYS.index(match[1]) * _DAY + int(match[2]) * 60 + int(match[3])
    end = _DAYS.index(match[4]) * _DAY + int(match[5]) * 60 + int(match[6])
    length = (end - start) % _WEEK
    if length < SHORTEST:
        message = f"The maintenance window {window} must be at least {SHORTEST} minutes."
        reject_value(message)
    if length >= LONGEST_MAINTENANCE:
        message = f"Maintenance window {window} must be less than 24 hours."
        reject_value(message)
    return start, length


def check_apart(backup: str, maintenance: str) -> None:
    """Reject windows that overlap on any day, including across midnight and the end of the week.

    Raises:
        ServiceError: InvalidParameterValue.
    """
    backup_start, backup_length = backup_minutes(backup)
    start, length = maintenance_minutes(maintenance)
    for day in range(7):
        distance = (day * _DAY + backup_start - start) % _WEEK
        if distance < length or _WEEK - distance < backup_length:
            reject_value("The backup window and maintenance window must not overlap.")
