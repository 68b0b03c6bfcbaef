"""How an alarm's state follows from data, as CloudWatch's user guide tells it.

Using Amazon CloudWatch alarms, Evaluating an alarm and Configuring how alarms treat missing data.
Simpler than CloudWatch in one respect: it looks at the last `evaluation_periods` whole periods,
where CloudWatch looks further back for data before it counts a period as missing.
"""

import math
import statistics
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

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


@dataclass(frozen=True)
class Watch:
    """What an alarm watches for, in the words of PutMetricAlarm.

    Attributes:
        statistic: How the points of a period become one value.
        comparison_operator: How a value meets the threshold.
        threshold: The threshold.
        period: Length of a period, in seconds.
        evaluation_periods: Periods that are looked at.
        datapoints_to_alarm: Periods of them that must meet the threshold.
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
        second: When, in seconds since any beginning of a period.
        value: The value.
    """

    second: float
    value: float


def state(watch: Watch, points: Iterable[Point], now: float, before: str) -> str:
    """State of an alarm at a moment.

    Args:
        watch: What it watches for.
        points: The metric's points, in any order.
        now: The moment, in the points' seconds; the period that it is in is not over.
        before: The state until now.
    """
    last = math.floor(now / watch.period) * watch.period
    first = last - watch.evaluation_periods * watch.period
    found: dict[int, list[float]] = {}
    for point in points:
        if first <= point.second < last:
            found.setdefault(int((point.second - first) // watch.period), []).append(point.value)
    meets = COMPARISONS[watch.comparison_operator]
    summary = STATISTICS[watch.statistic]
    breaching = sum(meets(summary(values), watch.threshold) for values in found.values())
    missing = watch.evaluation_periods - len(found)
    treatment = watch.treat_missing_data
    if treatment == "breaching":
        breaching += missing
    if breaching >= watch.datapoints_to_alarm:
        return ALARM
    if not found and treatment == "missing":
        return INSUFFICIENT_DATA
    if treatment == "ignore" and breaching + missing >= watch.datapoints_to_alarm:
        return before
    return OK
