"""The times at which each alarm of the catalogue is in the ALARM state on a simulated day.

Alarms are evaluated by `emulator.aws.patches.cloudwatch.alarm_evaluation`, which documents how it
differs from CloudWatch.
"""

from collections.abc import Sequence
from functools import cache

from components.aurora_data_platform.observability.alarms.alarm import PlatformAlarm, alarms_for
from components.aurora_data_platform.observability.alarms.catalogue import ALARM_CATALOGUE
from components.aurora_data_platform.settings.model import PlatformSettings
from emulator.aws.patches.cloudwatch.alarm_evaluation import ALARM, OK, Point, Watch, state
from tools.incident_days.workload import MINUTES, SCENARIOS, Scenario

STEP = 5
"""Minutes between evaluations; every period is a multiple of it."""

Times = Sequence[tuple[int, int | None]]
"""Minutes of the start and end of each time in ALARM; the last one may not end on the day."""


def times_in_alarm(alarm: PlatformAlarm, scenario: Scenario, settings: PlatformSettings) -> Times:
    """Return the times in ALARM on a day that follows a quiet one.

    Args:
        alarm: The alarm.
        scenario: The day.
        settings: The platform's settings.
    """
    watch = _watch(alarm)
    before = 2 * watch.period * watch.evaluation_periods // 60
    yesterday, today = (day.values(alarm.row.metric) for day in (SCENARIOS["quiet"], scenario))
    values = (
        *(yesterday(settings, minute % MINUTES) for minute in range(-before, 0)),
        *(today(settings, minute) for minute in range(MINUTES)),
    )
    return _times_in_alarm(watch, values)


@cache
def _times_in_alarm(watch: Watch, values: tuple[float | None, ...]) -> Times:
    """Return the times in ALARM; cached, because a day is a quiet one for most alarms.

    Args:
        watch: The alarm's settings.
        values: The metric's values by minute, up to the end of the day.
    """
    start = MINUTES - len(values)
    points = [
        None if value is None else Point(minute * 60, value)
        for minute, value in enumerate(values, start)
    ]
    found: list[tuple[int, int | None]] = []
    before, since = OK, 0
    for now in range(0, MINUTES + 1, STEP):
        window = [point for point in points[now : now - start] if point]
        after = state(watch, window, now * 60, before)
        if after == ALARM != before:
            since = now
        if before == ALARM != after:
            found.append((since, now))
        before = after
    return tuple(found) if before != ALARM else (*found, (since, None))


def raised(scenario: Scenario, settings: PlatformSettings) -> list[tuple[PlatformAlarm, Times]]:
    """Return the alarms that a day raises, in the catalogue's order, with their times in ALARM.

    Args:
        scenario: The day.
        settings: The platform's settings.
    """
    alarms = alarms_for(ALARM_CATALOGUE, settings)
    found = [(alarm, times_in_alarm(alarm, scenario, settings)) for alarm in alarms]
    return [(alarm, times) for alarm, times in found if times]


def clock(minute: int) -> str:
    """Return a minute of the day as `HH:MM`."""
    return f"{minute // 60:02}:{minute % 60:02}"


def spans(times: Times) -> list[str]:
    """Return times in ALARM as `HH:MM-HH:MM`, without an end if the day ends first."""
    return [f"{clock(start)}-{clock(end) if end is not None else ''}" for start, end in times]


def _watch(alarm: PlatformAlarm) -> Watch:
    row = alarm.row
    return Watch(
        row.statistic,
        str(row.comparison),
        alarm.threshold,
        row.period_seconds,
        row.periods,
        alarm.datapoints_to_alarm,
        row.missing_data,
    )
