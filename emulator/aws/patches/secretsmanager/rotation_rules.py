"""Rotation rules: validation, and the next rotation date."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from emulator.aws.errors import reject

_DAYS = "AutomaticallyAfterDays"
_EXPRESSION, _DURATION = "ScheduleExpression", "Duration"
_RATE = re.compile(r"rate\((\d+) (hours?|days?)\)")
_CRON = re.compile(r"cron\([0-9A-Za-z#?*\-/, ]+\)")
_SHORTEST, _LONGEST = timedelta(hours=4), timedelta(days=999)
"""Limits of a rate expression (Secrets Manager user guide, "Rotation schedules")."""
Rules = Mapping[str, int | str]


def check(rules: Rules) -> None:
    """Validate rotation rules.

    Raises:
        ServiceError: InvalidParameterException.
    """
    if _DAYS in rules and _EXPRESSION in rules:
        _reject("You cannot specify both rotation frequency and schedule expression together.")
    expression = str(rules.get(_EXPRESSION, "rate(1 day)"))
    if not (_RATE.fullmatch(expression) or _CRON.fullmatch(expression)):
        _reject(f"The schedule expression {expression} is not valid.")
    period = period_of({_EXPRESSION: expression})
    if period is not None and period < _SHORTEST:
        _reject("A secret is rotated every four hours at most.")
    if period is not None and period > _LONGEST:
        _reject("The maximum rotation period is 999 days.")


def period_of(rules: Rules) -> timedelta | None:
    """Return the time between rotations, or None for a cron expression."""
    if _DAYS in rules:
        return timedelta(days=int(rules[_DAYS]))
    found = _RATE.fullmatch(str(rules.get(_EXPRESSION, "")))
    if found is None:
        return None
    unit = "days" if found[2].startswith("day") else "hours"
    return timedelta(**{unit: int(found[1])})


def next_date(rules: Rules, since: datetime) -> datetime | None:
    """Return the end of the next window: "on or before this date" (DescribeSecret).

    Windows of days open at 00:00 UTC and last the whole day unless a duration is given. None for a
    cron expression, which the emulated AWS does not evaluate.
    """
    period = period_of(rules)
    if period is None:
        return None
    start = (since + period).astimezone(UTC)
    hours = int(str(rules.get(_DURATION, "0h"))[:-1])
    if period < timedelta(days=1):
        return start + timedelta(hours=hours or 1)
    midnight = start.replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + (timedelta(hours=hours) if hours else timedelta(days=1, seconds=-1))


def _reject(message: str) -> None:
    reject("InvalidParameterException", message)
