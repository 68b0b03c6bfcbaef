"""Times of a backup plan's schedule.

AWS Backup's cron expressions are those of EventBridge: `cron(minute hour day month weekday year)`
in UTC, with `*`, `?`, `-`, `,`, `/`, and in days `L`, `W` and `#` (Amazon EventBridge User Guide,
Cron expressions).
"""

import calendar
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_WEEKDAYS = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")
_SEARCHED_DAYS = 8 * 366
"""The longest time between two days that an expression can name: two leap days around a century."""
_FRIDAY, _SUNDAY = 6, 1


def last_run(schedule: str, before: datetime) -> datetime | None:
    """Return the last scheduled time before a time; None if there is none.

    Args:
        schedule: A cron expression.
        before: The time, in UTC.

    Raises:
        ValueError: the schedule is not such an expression.
    """
    minutes, hours, days, months, weekdays, years = _fields(schedule)
    times = sorted(
        (hour, minute) for hour in _numbers(hours, 0, 23) for minute in _numbers(minutes, 0, 59)
    )
    in_months = _numbers(months, 1, 12, _MONTHS)
    in_years = _numbers(years, 1970, 2199)
    for ago in range(_SEARCHED_DAYS):
        day = before.date() - timedelta(days=ago)
        if day.year not in in_years or day.month not in in_months:
            continue
        if not _is_day(days, day) or not _is_weekday(weekdays, day):
            continue
        for hour, minute in reversed(times):
            run = datetime(day.year, day.month, day.day, hour, minute, tzinfo=UTC)
            if run < before:
                return run
    return None


def _fields(schedule: str) -> Sequence[str]:
    fields = schedule.removeprefix("cron(").removesuffix(")").split()
    if len(fields) != 6 or schedule != f"cron({' '.join(fields)})":
        message = f"{schedule} is not a cron expression"
        raise ValueError(message)
    return fields


def _numbers(field: str, low: int, high: int, names: Sequence[str] = ()) -> set[int]:
    def number(text: str) -> int:
        return names.index(text.upper()) + low if text.upper() in names else int(text)

    found: set[int] = set()
    for part in field.split(","):
        span, _, step = part.partition("/")
        first, _, last = span.partition("-")
        if span in ("*", "?"):
            start, end = low, high
        else:
            start = number(first)
            end = number(last) if last else (high if step else start)
        # A range such as FRI-MON wraps around to the start.
        values = (
            range(start, end + 1)
            if start <= end
            else [*range(start, high + 1), *range(low, end + 1)]
        )
        found.update(values[:: int(step or 1)])
    return found


def _is_day(field: str, day: date) -> bool:
    last = calendar.monthrange(day.year, day.month)[1]
    if field.upper() == "L":
        return day.day == last
    if field.upper().endswith("W"):
        wanted = last if field.upper() == "LW" else min(int(field[:-1]), last)
        return day == _nearest_workday(day.replace(day=wanted))
    return day.day in _numbers(field, 1, 31)


def _nearest_workday(day: date) -> date:
    """Return the workday closest to a day, in the same month."""
    last = calendar.monthrange(day.year, day.month)[1]
    moves = {_SUNDAY: 1 if day.day < last else -2, _FRIDAY + 1: -1 if day.day > 1 else 2}
    return day + timedelta(days=moves.get(_weekday(day), 0))


def _is_weekday(field: str, day: date) -> bool:
    name, _, week = field.partition("#")
    if week:
        return _weekday(day) in _numbers(name, 1, 7, _WEEKDAYS) and (day.day - 1) // 7 + 1 == int(
            week
        )
    if field.upper() == "L":
        return _weekday(day) == len(_WEEKDAYS)
    if field.upper().endswith("L"):
        last = calendar.monthrange(day.year, day.month)[1]
        return _weekday(day) in _numbers(field[:-1], 1, 7, _WEEKDAYS) and day.day > last - 7
    return _weekday(day) in _numbers(field, 1, 7, _WEEKDAYS)


def _weekday(day: date) -> int:
    return day.isoweekday() % 7 + 1
