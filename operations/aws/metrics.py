"""Series of CloudWatch metrics, merged from all pages and in the order of time."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from operations.aws.clients import AwsClients, Properties

Series = list[tuple[datetime, float]]
"""Start of each period with data, oldest first, and its statistic."""

_NAMESPACE = "AWS/RDS"

Key = TypeVar("Key")
"""How the caller distinguishes its metrics."""


@dataclass(frozen=True)
class Metric:
    """A metric of a cluster or an instance.

    Attributes:
        name: Its name in the Aurora user guide.
        statistic: The statistic of each period, such as `Maximum`.
        dimension: `DBClusterIdentifier` or `DBInstanceIdentifier`.
        identifier: The cluster or instance.
    """

    name: str
    statistic: str
    dimension: str
    identifier: str


def read_series(
    aws: AwsClients,
    metrics: Mapping[Key, Metric],
    *,
    start: datetime,
    end: datetime,
    period_seconds: int,
) -> dict[Key, Series]:
    """Return the series of metrics.

    Args:
        aws: Clients of the metrics' region.
        metrics: The metrics, by any key.
        start: Start of the first period.
        end: End of the last period.
        period_seconds: Length of a period, in seconds.

    Raises:
        AwsCallError: AWS rejected the call.
    """
    keys = {f"m{number}": key for number, key in enumerate(metrics)}
    rows = aws.pages(
        "cloudwatch",
        "get_metric_data",
        "MetricDataResults",
        MetricDataQueries=[
            _query(each, metrics[key], period_seconds) for each, key in keys.items()
        ],
        StartTime=start,
        EndTime=end,
    )
    # A series that does not fit a page continues under the same ID on the next one.
    points: dict[Key, dict[datetime, float]] = {key: {} for key in metrics}
    for row in rows:
        points[keys[row["Id"]]] |= zip(row["Timestamps"], row["Values"], strict=True)
    return {key: sorted(found.items()) for key, found in points.items()}


def _query(query_id: str, metric: Metric, period_seconds: int) -> Properties:
    return {
        "Id": query_id,
        "MetricStat": {
            "Metric": {
                "Namespace": _NAMESPACE,
                "MetricName": metric.name,
                "Dimensions": [{"Name": metric.dimension, "Value": metric.identifier}],
            },
            "Period": period_seconds,
            "Stat": metric.statistic,
        },
    }
