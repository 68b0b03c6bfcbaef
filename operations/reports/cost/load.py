"""The load of a cluster, from CloudWatch."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from operations.aws.metrics import Metric, Series, read_series
from operations.context import Context
from operations.reports.cost.estimate import HOURS_PER_MONTH, Load

DAYS = 14
_HOUR_SECONDS = 3600
_GIGABYTE = 1e9
_METRICS = {
    "acu": ("ServerlessDatabaseCapacity", "Average"),
    "bytes": ("VolumeBytesUsed", "Maximum"),
    "reads": ("VolumeReadIOPs", "Sum"),
    "writes": ("VolumeWriteIOPs", "Sum"),
}
"""Metrics of a cluster, and their hourly statistic (Aurora user guide, CloudWatch metrics).

The capacity of a cluster is the average of its instances, and 0 while they are paused. Each value
of the I/O metrics counts the billed requests of five minutes.
"""


def read_load(context: Context) -> Load:
    """Return the load of the last two weeks, up to the last full hour.

    Args:
        context: The stack.

    Raises:
        AwsCallError: AWS rejected the call.
    """
    end = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
    cluster = context.outputs.cluster_identifier
    metrics = {
        key: Metric(name, statistic, "DBClusterIdentifier", cluster)
        for key, (name, statistic) in _METRICS.items()
    }
    start = end - timedelta(days=DAYS)
    return load_of(
        read_series(context.aws, metrics, start=start, end=end, period_seconds=_HOUR_SECONDS)
    )


def load_of(series: Mapping[str, Series]) -> Load:
    """Return the load that hourly series show.

    An hour counts as measured if any of the metrics has data. Requests of measured hours without an
    I/O metric count as none; the average capacity is that of the hours with a capacity.

    Args:
        series: The series by the keys of `_METRICS`.
    """
    hours = len({hour for points in series.values() for hour, _ in points})
    capacities = [value for _, value in series["acu"]]
    requests = [value for key in ("reads", "writes") for _, value in series[key]]
    return Load(
        sum(capacities) / len(capacities) if capacities else None,
        series["bytes"][-1][1] / _GIGABYTE if series["bytes"] else None,
        sum(requests) / 1e6 / hours * HOURS_PER_MONTH if requests else None,
        hours,
    )
