"""EventBridge: schedules of rules."""

import re

from emulator.aws.errors import reject
from emulator.aws.moto_adapter.call import Answer, Call, Proceed
from emulator.aws.registry import patch_operations

_RATE = re.compile(r"rate\((1 (minute|hour|day)|([2-9]|[1-9]\d+) (minutes|hours|days))\)", re.A)
_MONTHS = "JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC"
_WEEKDAYS = "SUN|MON|TUE|WED|THU|FRI|SAT"
_DAY = r"0?[1-9]|[12]\d|3[01]"
_FIELDS = (
    (r"[0-5]?\d", ""),
    (r"[01]?\d|2[0-3]", ""),
    (_DAY, rf"|LW?|(?:{_DAY})W"),
    (rf"0?[1-9]|1[0-2]|{_MONTHS}", ""),
    (rf"[1-7]|{_WEEKDAYS}", r"|L|[1-7](?:L|#[1-5])"),
    (r"19[7-9]\d|2[01]\d\d", ""),
)
"""Values and further forms of minute, hour, day, month, weekday and year."""


def _list_of(value: str, further: str) -> str:
    part = rf"(?:(?:\*|(?:{value})(?:-(?:{value}))?)(?:/\d+)?{further})"
    return f"{part}(?:,{part})*"


_MINUTE, _HOUR, _DAYS, _MONTH, _WEEKDAY, _YEAR = (_list_of(*field) for field in _FIELDS)
_CRON = re.compile(
    rf"cron\({_MINUTE} {_HOUR} (?:{_DAYS} {_MONTH} \?|\? {_MONTH} {_WEEKDAY}) {_YEAR}\)",
    re.A | re.I,
)


@patch_operations(
    "events:PutRule",
    moto_behaviour="values out of range are accepted, and so is a schedule without `?`",
    aws="ValidationException: Parameter ScheduleExpression is not valid.",
    source='Amazon EventBridge user guide, "Cron and rate expressions in Amazon EventBridge"',
    test="events/test_schedules::test_a_schedule_that_eventbridge_cannot_run_is_rejected",
)
def validate_schedule(call: Call, proceed: Proceed) -> Answer:
    """Validate the schedule of a rule."""
    text = call.params.get("ScheduleExpression") or ""
    if text and not (_RATE.fullmatch(text) or _CRON.fullmatch(text)):
        reject("ValidationException", "Parameter ScheduleExpression is not valid.")
    return proceed()
