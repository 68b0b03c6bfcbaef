"""The load of a cluster, from CloudWatch."""

from datetime import UTC, datetime, timedelta
from typing import Any

from operations.context import Context
from operations.reports.cost.estimate import Load

DAYS = 14
_DAY_SECONDS = 86_400
_GIGABYTE = 1e9
_DAYS_PER_MONTH = 30.4
_METRICS = {
    "acu": ("ServerlessDatabaseCapacity", "Average"),
    "bytes": ("VolumeBytesUsed", "Maximum"),
    "reads": ("VolumeReadIOPs", "Sum"),
    "writes": ("VolumeWriteIOPs", "Sum"),
}
"""Metrics of a cluster (Aurora user guide, CloudWatch metrics), and the statistic of a day."""


def read_load(context: Context) -> Load:
    """Return the load of the last two weeks.

    Args:
        context: The stack.

    Raises:
        AwsCallError: AWS rejected the call.
    """
    now = datetime.now(UTC)
    rows = context.aws.pages(
        "cloudwatch",
        "get_metric_data",
        "MetricDataResults",
        MetricDataQueries=[
            _query(key, *metric, context.outputs.cluster_identifier)
            for key, metric in _METRICS.items()
        ],
        StartTime=now - timedelta(days=DAYS),
        EndTime=now,
    )
    found: dict[str, list[float]] = {key: [] for key in _METRICS}
    for row in rows:
        found[row["Id"]] += row["Values"]
    days = max(map(len, found.values()))
    requests = [*found["reads"], *found["writes"]]
    return Load(
        sum(found["acu"]) / len(found["acu"]) if found["acu"] else None,
        max(found["bytes"]) / _GIGABYTE if found["bytes"] else None,
        sum(requests) / 1e6 / days * _DAYS_PER_MONTH if requests else None,
        days,
    )


def _query(key: str, metric: str, statistic: str, cluster: str) -> dict[str, Any]:
    dimensions = [{"Name": "DBClusterIdentifier", "Value": cluster}]
    return {
        "Id": key,
        "MetricStat": {
            "Metric": {"Namespace": "AWS/RDS", "MetricName": metric, "Dimensions": dimensions},
            "Period": _DAY_SECONDS,
            "Stat": statistic,
        },
    }
