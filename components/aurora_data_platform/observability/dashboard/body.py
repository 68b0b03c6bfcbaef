"""Body of the CloudWatch dashboard, computed from plain values.

Format: CloudWatch API reference, Dashboard body structure and syntax.
"""

from collections.abc import Iterator, Sequence

from components.aurora_data_platform.arns import AwsScope
from components.aurora_data_platform.observability.alarms.alarm import PlatformAlarm, Severity
from components.aurora_data_platform.observability.dashboard.charts import CHARTS, Chart, Line
from components.aurora_data_platform.observability.metrics import MetricSource, MetricTarget
from components.aurora_data_platform.settings.model import PlatformSettings

GRID_COLUMNS = 24
CHART_WIDTH = 12
CHART_HEIGHT = 6
TEXT_HEIGHT = 2
ALARMS_PER_ROW = 4
"""Number of alarms that CloudWatch shows per row."""
_COLORS = {Severity.CRITICAL: "#d62728", Severity.WARNING: "#ff7f0e"}
_MARK_COLOR = "#7f7f7f"
_CONSOLE_HOSTS = {
    "aws": "console.aws.amazon.com",
    "aws-cn": "console.amazonaws.cn",
    "aws-us-gov": "console.amazonaws-us-gov.com",
}

Properties = dict[str, object]


def dashboard_body(
    s: PlatformSettings, scope: AwsScope, alarms: Sequence[PlatformAlarm]
) -> Properties:
    """Return the dashboard body.

    Args:
        s: The platform's settings.
        scope: Account and region.
        alarms: The platform's alarms; their states and thresholds are shown.
    """
    alarm_height = 1 + -(-len(alarms) // ALARMS_PER_ROW)
    charts = [chart for chart in CHARTS if chart.applies(s)]
    top = TEXT_HEIGHT + alarm_height
    return {
        # Otherwise CloudWatch adapts periods to the zoom level, and sums per period are wrong.
        "periodOverride": "inherit",
        "widgets": [
            _widget("text", (0, 0, GRID_COLUMNS, TEXT_HEIGHT), {"markdown": _heading(s)}),
            _widget(
                "alarm",
                (0, TEXT_HEIGHT, GRID_COLUMNS, alarm_height),
                {
                    "title": "Alarms",
                    "alarms": [scope.arn("cloudwatch", f"alarm:{a.name}") for a in alarms],
                },
            ),
            *(
                _widget(
                    "metric",
                    (
                        index % 2 * CHART_WIDTH,
                        top + index // 2 * CHART_HEIGHT,
                        CHART_WIDTH,
                        CHART_HEIGHT,
                    ),
                    _chart(chart, s, alarms),
                )
                for index, chart in enumerate(charts)
            ),
        ],
    }


def dashboard_url(name: str, scope: AwsScope) -> str | None:
    """Return the console URL of a dashboard; None in a partition whose console URL is unknown."""
    host = _CONSOLE_HOSTS.get(scope.partition)
    if host is None:
        return None
    return f"https://{scope.region}.{host}/cloudwatch/home?region={scope.region}#dashboards:name={name}"


def _widget(kind: str, position: tuple[int, int, int, int], properties: Properties) -> Properties:
    return {
        "type": kind,
        **dict(zip(("x", "y", "width", "height"), position, strict=True)),
        "properties": properties,
    }


def _heading(s: PlatformSettings) -> str:
    return (
        f"# {s.names.cluster}\n"
        f"Instances: {s.instance_count}, each {s.aurora_min_capacity:g} to "
        f"{s.aurora_max_capacity:g} ACU. Horizontal lines are alarm thresholds."
    )


def _chart(chart: Chart, s: PlatformSettings, alarms: Sequence[PlatformAlarm]) -> Properties:
    properties: Properties = {
        "title": chart.title,
        "region": s.region,
        "period": chart.period_seconds,
        "stat": "Average",
        "view": "timeSeries",
        "metrics": list(_metrics(chart, s)),
        "yAxis": {"left": {"label": chart.unit, "showUnits": False, "min": 0}},
    }
    # An alarm that exists per instance or rotation is drawn once.
    first = {alarm.row.key: alarm for alarm in reversed(alarms)}
    annotations = [
        *(
            {"label": label, "value": value(s), "color": _MARK_COLOR}
            for label, value in chart.marks
        ),
        *(
            {
                "label": key,
                "value": first[key].threshold,
                "color": _COLORS[first[key].row.severity],
            }
            for key in chart.alarms
            if key in first
        ),
    ]
    if chart.days is not None:
        properties |= {"start": f"-P{chart.days}D", "end": "P0D"}
    if annotations:
        properties["annotations"] = {"horizontal": annotations}
    return properties


def _metrics(chart: Chart, s: PlatformSettings) -> Iterator[list[object]]:
    total = chart.total_factor(s)
    for number, (line, target) in enumerate(_lines(chart, s), start=1):
        metric = line.metric
        label = f"{line.label}{target.label}"
        dimensions = metric.dimensions(s.names, target).items()
        shown: Properties = {"label": label, "stat": line.statistic}
        hidden = total is not None or line.factor != 1
        if hidden:
            shown |= {"id": f"m{number}", "visible": False}
        yield [
            metric.namespace(s.names, target),
            metric.name,
            *(text for pair in dimensions for text in pair),
            shown,
        ]
        if line.factor != 1:
            yield [_expression(f"m{number} * {line.factor}", label, f"e{number}")]
    if total is not None:
        yield [_expression(f"SUM(METRICS()) * {total:g}", chart.unit, "total")]


def _expression(text: str, label: str, name: str) -> Properties:
    return {"expression": text, "label": label, "id": name}


def _lines(chart: Chart, s: PlatformSettings) -> Iterator[tuple[Line, MetricTarget]]:
    """Yield the lines of the platform's resources."""
    for line in chart.lines:
        if line.metric.source is not MetricSource.READERS or s.instance_count > 1:
            for target in line.metric.targets(s):
                yield line, target
