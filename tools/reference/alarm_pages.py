"""Writes `docs/alarms.md`: every alarm, with its thresholds in dev and prod."""

from collections.abc import Callable, Mapping
from pathlib import Path

from components.aurora_data_platform.observability.alarms.alarm import (
    Alarm,
    Comparison,
    PlatformAlarm,
    of_platform,
)
from components.aurora_data_platform.observability.alarms.catalogue import ALARM_CATALOGUE
from components.aurora_data_platform.observability.events import EVENT_CATEGORIES
from components.aurora_data_platform.observability.log_metrics import LOG_METRICS
from tools.reference.dashboard_picture import picture_of
from tools.reference.figures import figure
from tools.reference.stacks import STACKS, settings_of
from tools.reference.tables import table
from tools.repository import ROOT

_DOCS = ROOT / "docs"
_SIGNS = {Comparison.AT_LEAST: "≥", Comparison.ABOVE: ">", Comparison.BELOW: "<"}
_HOUR = 3600
_TEXT = """\
<!-- Written by `make docs` from the alarm catalogue and the stack files; do not edit. -->
# Alarms

`alarmProfile: production` has every alarm that fits the settings, `development` those marked so.
Each tells the platform's topic and `notificationTopicArns` when it goes on and, unless it counts
events, off. [in-trouble](runbooks/alarms/in-trouble.md) is a composite alarm, on while the
database is in a critical state; it and failed rotations tell `pagingTopicArns`, nothing else does.
Thresholds follow the settings: a larger `auroraMaxCapacity` moves them, and the dashboard's lines.

{alarms}

A period without data counts as well, except for `writer-silent`, whose subject it is. In the table
"3 of 3 x 5 min" means: in three of the last three periods of five minutes.

## What is estimated

- vCPUs in `load-above-cpus`: AWS publishes no number for a capacity; four ACU are counted as one
  vCPU, as in the memory-optimised classes.
- The cost on the dashboard: list price times capacity, without storage, I/O and backup. Prices
  differ by region; `acuHourPriceUsd` sets yours.

## Metrics counted from PostgreSQL's log

They exist while `logExports` has `postgresql`. Tests hold the patterns to what a PostgreSQL 17
writes.

{log_metrics}

## Database events

RDS tells the same topic of these. `maintenance` of the cluster includes engine upgrades.

{events}

## The dashboard

Its layout, drawn from the body that is deployed. dev:

![dashboard of dev](dashboard-dev.svg)

prod:

![dashboard of prod](dashboard-prod.svg)
"""


def reference() -> str:
    """`docs/alarms.md`."""
    by_stack = {stack: of_platform(ALARM_CATALOGUE, settings_of(stack)) for stack in STACKS}
    return _TEXT.format(
        alarms=table(
            ("alarm", "severity", "metric", "dev", "prod", "profiles"),
            [_row(alarm, by_stack) for alarm in ALARM_CATALOGUE],
        ),
        log_metrics=table(
            ("metric", "pattern", "lines"),
            [(each.metric.name, f"`{each.pattern}`", each.meaning) for each in LOG_METRICS],
        ),
        events=table(
            ("source", "categories"),
            [(kind, ", ".join(categories)) for kind, categories in EVENT_CATEGORIES.items()],
        ),
    )


def _row(alarm: Alarm, by_stack: Mapping[str, list[PlatformAlarm]]) -> tuple[str, ...]:
    return (
        f"[{alarm.key}](runbooks/alarms/{alarm.page})",
        str(alarm.severity),
        f"{alarm.metric.name} of the {alarm.metric.scope}, {alarm.statistic.lower()}",
        *(_condition(alarm, by_stack[stack]) for stack in STACKS),
        "both" if alarm.in_development else "production",
    )


def _condition(alarm: Alarm, alarms: list[PlatformAlarm]) -> str:
    found = next((each for each in alarms if each.row is alarm), None)
    if found is None:
        return "none"
    period = alarm.period_seconds
    length = f"{period // _HOUR} h" if period >= _HOUR else f"{period // 60} min"
    sign = _SIGNS[alarm.comparison]
    return (
        f"{sign} {figure(found.threshold, alarm.metric.unit)}, "
        f"{found.datapoints_to_alarm} of {alarm.periods} x {length}"
    )


ALARM_FILES: Mapping[Path, Callable[[], str]] = {
    _DOCS / "alarms.md": reference,
    _DOCS / "dashboard-dev.svg": lambda: picture_of(settings_of("dev")),
    _DOCS / "dashboard-prod.svg": lambda: picture_of(settings_of("prod")),
}
"""Generated files and what writes each."""
