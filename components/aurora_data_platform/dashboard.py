"""Body of the CloudWatch dashboard, computed from plain values.

Metrics and their dimensions: Amazon Aurora User Guide, Amazon CloudWatch metrics for Amazon Aurora.
"""

from dataclasses import dataclass

from components.aurora_data_platform.iam_documents import Location

_NAMESPACE = "AWS/RDS"
_WIDGET_WIDTH = 12
_WIDGET_HEIGHT = 6
_CONSOLE_HOSTS = {
    "aws": "console.aws.amazon.com",
    "aws-cn": "console.amazonaws.cn",
    "aws-us-gov": "console.amazonaws-us-gov.com",
}


@dataclass(frozen=True)
class _Chart:
    """A chart of metrics of the whole cluster or of one of its roles."""

    title: str
    metrics: tuple[tuple[str, str | None], ...]
    unit: str
    statistic: str = "Average"


_CHARTS = (
    _Chart("Capacity", (("ServerlessDatabaseCapacity", None),), "ACU", "Maximum"),
    _Chart(
        "Utilisation",
        (("ACUUtilization", "WRITER"), ("CPUUtilization", "WRITER"), ("ACUUtilization", "READER")),
        "% of the greatest capacity",
    ),
    _Chart(
        "Connections",
        (("DatabaseConnections", "WRITER"), ("DatabaseConnections", "READER")),
        "connections",
        "Maximum",
    ),
    _Chart("Commit latency", (("CommitLatency", "WRITER"),), "ms"),
    _Chart("Replica lag", (("AuroraReplicaLag", "READER"),), "ms", "Maximum"),
    _Chart("Storage used", (("VolumeBytesUsed", None),), "bytes"),
)


def body(*, cluster: str, region: str, max_capacity_acu: float) -> dict[str, object]:
    """Dashboard body.

    Args:
        cluster: DB cluster identifier.
        region: Region of the metrics.
        max_capacity_acu: Greatest capacity in ACU, drawn as the ceiling of the first chart.
    """
    return {
        "widgets": [
            {
                "type": "metric",
                "x": index % 2 * _WIDGET_WIDTH,
                "y": index // 2 * _WIDGET_HEIGHT,
                "width": _WIDGET_WIDTH,
                "height": _WIDGET_HEIGHT,
                "properties": _properties(chart, cluster, region, max_capacity_acu),
            }
            for index, chart in enumerate(_CHARTS)
        ]
    }


def url(name: str, where: Location) -> str | None:
    """Address of a dashboard in the console; None in a partition whose console is not known."""
    host = _CONSOLE_HOSTS.get(where.partition)
    if host is None:
        return None
    return f"https://{where.region}.{host}/cloudwatch/home?region={where.region}#dashboards:name={name}"


def _properties(
    chart: _Chart, cluster: str, region: str, max_capacity_acu: float
) -> dict[str, object]:
    properties: dict[str, object] = {
        "title": chart.title,
        "region": region,
        "stat": chart.statistic,
        "period": 300,
        "view": "timeSeries",
        "metrics": [
            [_NAMESPACE, metric, "DBClusterIdentifier", cluster, *(("Role", role) if role else ())]
            for metric, role in chart.metrics
        ],
        "yAxis": {"left": {"label": chart.unit, "showUnits": False, "min": 0}},
    }
    if chart.title == "Capacity":
        properties["annotations"] = {
            "horizontal": [{"label": "auroraMaxCapacity", "value": max_capacity_acu}]
        }
    return properties
