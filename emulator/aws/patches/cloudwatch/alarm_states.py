"""The states of stored alarms, from the data of their metrics and the states of other alarms."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime

from moto.cloudwatch.models import (
    Alarm,
    CloudWatchBackend,
    MetricAggregatedDatum,
    MetricDatum,
)

from emulator.aws.errors import reject
from emulator.aws.patches.cloudwatch.alarm_evaluation import (
    ALARM,
    COMPARISONS,
    OK,
    Point,
    Watch,
    state,
)
from emulator.aws.patches.cloudwatch.alarm_log import recorded

OPERAND = re.compile(r'(ALARM|OK|INSUFFICIENT_DATA)\("([^"]+)"\)')
"""One term of a composite alarm's rule: a state, and the name of an alarm."""


def evaluate(backend: CloudWatchBackend) -> None:
    """Evaluate every alarm with a plain statistic on one metric; other alarms keep their state."""
    alarms = backend.alarms
    with recorded(backend):
        for alarm in alarms.values():
            if alarm.rule is None and alarm.comparison_operator in COMPARISONS and alarm.statistic:
                _enter(alarm, _state_of(backend, alarm))
        for alarm in alarms.values():
            if alarm.rule is not None:
                holds = any(
                    name in alarms and alarms[name].state_value == wanted
                    for wanted, name in OPERAND.findall(alarm.rule)
                )
                _enter(alarm, ALARM if holds else OK)


def _enter(alarm: Alarm, value: str) -> None:
    if alarm.state_value != value:
        alarm.update_state("Evaluated by the emulated AWS", "{}", value)


def _state_of(backend: CloudWatchBackend, alarm: Alarm) -> str:
    watch = Watch(
        alarm.statistic,
        alarm.comparison_operator,
        float(alarm.threshold),
        int(alarm.period),
        int(alarm.evaluation_periods),
        int(alarm.datapoints_to_alarm or alarm.evaluation_periods),
        alarm.treat_missing_data or "missing",
    )
    now = datetime.now(UTC).timestamp()
    return state(watch, _points(backend, alarm), now, alarm.state_value)


def _points(backend: CloudWatchBackend, alarm: Alarm) -> Iterator[Point]:
    dimensions = sorted((each.name, each.value) for each in alarm.dimensions)
    for datum in backend.metric_data:
        same = (datum.namespace, datum.name) == (alarm.namespace, alarm.metric_name)
        if same and sorted((each.name, each.value) for each in datum.dimensions) == dimensions:
            if isinstance(datum, MetricAggregatedDatum):
                reject("NotImplemented", "the emulated AWS evaluates only single values")
            elif isinstance(datum, MetricDatum):
                second = datum.timestamp.replace(tzinfo=UTC).timestamp()
                yield Point(second, float(datum.value))
