"""Evaluation of metric alarms.

CloudWatch user guide, Alarm evaluation, "How alarm state is evaluated when data is missing".
"""

import math
import statistics
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

__all__ = ["ALARM", "INSUFFICIENT_DATA", "OK", "Point", "Watch", "state"]

OK, ALARM, INSUFFICIENT_DATA = "OK", "ALARM", "INSUFFICIENT_DATA"

STATISTICS: Mapping[str, Callable[[Sequence[float]], float]] = {
    "Average": statistics.fmean,
    "Maximum": max,
    "Minimum": min,
    "SampleCount": len,
    "Sum": math.fsum,
}
COMPARISONS: Mapping[str, Callable[[float, float], bool]] = {
    "GreaterThanOrEqualToThreshold": lambda value, threshold: value >= threshold,
    "GreaterThanThreshold": lambda value, threshold: value > threshold,
    "LessThanOrEqualToThreshold": lambda value, threshold: value <= threshold,
    "LessThanThreshold": lambda value, threshold: value < threshold,
}
"""Comparisons with anomaly detection bands are not supported."""


EXTRA_PERIODS = 2
"""Periods of the evaluation range beyond `evaluation_periods`.

The guide does not publish the number; in its tables, three evaluation periods have a range of five.
"""


@dataclass(frozen=True)
class Watch:
    """The evaluation settings of an alarm, as in PutMetricAlarm.

    Attributes:
        statistic: The statistic of each period.
        comparison_operator: The comparison with the threshold.
        threshold: The threshold.
        period: Length of a period, in seconds.
        evaluation_periods: Number of periods to evaluate.
        datapoints_to_alarm: Number of breaching periods that raise the alarm.
        treat_missing_data: `missing`, `breaching`, `notBreaching` or `ignore`.
    """

    statistic: str
    comparison_operator: str
    threshold: float
    period: int
    evaluation_periods: int
    datapoints_to_alarm: int
    treat_missing_data: str = "missing"


@dataclass(frozen=True)
class Point:
    """A value of a metric.

    Attributes:
        second: Its time, in seconds since the start of any period.
        value: The value.
    """

    second: float
    value: float


def state(watch: Watch, points: Iterable[Point], now: float, before: str) -> str:
    """Return the state of an alarm.

    Args:
        watch: The alarm's settings.
        points: The metric's points, in any order.
        now: The time, in the points' seconds; the current period is not evaluated.
        before: The previous state.
    """
    breaching = _breaching_by_age(watch, points, now)
    # The most recent points count, and at most as many as there are evaluation periods.
    ages = sorted(breaching)[: watch.evaluation_periods]
    found = sum(breaching[age] for age in ages)
    missing = watch.evaluation_periods - len(ages)
    treatment = watch.treat_missing_data
    if treatment == "breaching":
        found += missing
    if found >= watch.datapoints_to_alarm:
        return ALARM
    if missing == 0 or treatment in ("breaching", "notBreaching") or found < len(ages):
        return OK
    if treatment == "ignore":
        return before
    if not ages:
        return INSUFFICIENT_DATA
    # Only breaching points, fewer than needed: the alarm waits until the oldest one is old enough.
    return ALARM if ages[-1] >= watch.datapoints_to_alarm else before


def _breaching_by_age(watch: Watch, points: Iterable[Point], now: float) -> dict[int, bool]:
    """Return whether each period with data breaches, by age: the latest whole period has age 1."""
    end = math.floor(now / watch.period) * watch.period
    values: dict[int, list[float]] = {}
    for point in points:
        age = math.ceil((end - point.second) / watch.period)
        if 1 <= age <= watch.evaluation_periods + EXTRA_PERIODS:
            values.setdefault(age, []).append(point.value)
    breaches = COMPARISONS[watch.comparison_operator]
    statistic = STATISTICS[watch.statistic]
    return {age: breaches(statistic(found), watch.threshold) for age, found in values.items()}
