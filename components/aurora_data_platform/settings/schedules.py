"""Cron expressions of EventBridge and AWS Backup.

Source: Amazon EventBridge user guide, "Cron and rate expressions in Amazon EventBridge".
"""

import re
from collections.abc import Collection
from dataclasses import dataclass

_CRON = re.compile(r"cron\((\S+) (\S+) (\S+) (\S+) (\S+) (\S+)\)")
_PART = re.compile(r"(?P<first>\*|\w+)(-(?P<last>\w+))?(/(?P<step>\d+))?", re.ASCII)
_DAY, _WEEKDAY = 2, 4


@dataclass(frozen=True)
class _Field:
    first: int
    last: int
    names: tuple[str, ...] = ()
    special: re.Pattern[str] = re.compile(r"(?!)")

    def accepts(self, text: str) -> bool:
        return all(map(self._accepts_part, text.split(",")))

    def _accepts_part(self, part: str) -> bool:
        if self.special.fullmatch(part):
            return True
        found = _PART.fullmatch(part)
        if found is None or (found["first"] == "*" and found["last"]):
            return False
        limits = [value for value in (found["first"], found["last"]) if value not in (None, "*")]
        return all(map(self._accepts_value, limits))

    def _accepts_value(self, value: str) -> bool:
        return value.upper() in self.names or (
            value.isdecimal() and self.first <= int(value) <= self.last
        )


_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_WEEKDAYS = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")
_FIELDS: Collection[_Field] = (
    _Field(0, 59),
    _Field(0, 23),
    _Field(1, 31, special=re.compile(r"L|LW|([1-9]|[12]\d|3[01])W")),
    _Field(1, 12, _MONTHS),
    _Field(1, 7, _WEEKDAYS, re.compile(r"L|[1-7](L|#[1-5])")),
    _Field(1970, 2199),
)
"""Minute, hour, day of the month, month, day of the week, year."""


def is_cron(text: str) -> bool:
    """Return whether AWS accepts a text as `cron(...)`.

    One of day and weekday must be `?`, and only one: AWS rejects a value, or `*`, for both.
    """
    found = _CRON.fullmatch(text)
    if found is None:
        return False
    values = list(found.groups())
    if [values[_DAY], values[_WEEKDAY]].count("?") != 1:
        return False
    values[_DAY if values[_DAY] == "?" else _WEEKDAY] = "*"
    return all(each.accepts(value) for each, value in zip(_FIELDS, values, strict=True))
