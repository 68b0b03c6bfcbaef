"""Body of the CloudWatch dashboard, computed from plain values.

Format: CloudWatch API reference, Dashboard body structure and syntax.
"""

from collections.abc import Iterator, Sequence

from components.aurora_data_platform.iam_policies.iam_documents import Location
from components.aurora_data_platform.observability.alarms.alarm import PlatformAlarm, Severity
from components.aurora_data_platform.observability.dashboard.charts import CHARTS, Chart, Line
from components.aurora_data_platform.observability.scopes import Scope
from components.aurora_data_platform.observability.subjects import Subject, subjects
from components.aurora_data_platform.settings.model import PlatformSettings

GRID_COLUMNS = 24
CHART_WIDTH = 12
CHART_HEIGHT = 6
TEXT_HEIGHT = 2
ALARMS_PER_ROW = 4
"""How many alarms CloudWatch shows beside each other over the whole width."""
_COLOURS = {Severity.CRITICAL: "#d62728", Severity.WARNING: "#ff7f0e"}
_MARK_COLOUR = "#7f7f7f"
_CONSOLE_HOSTS = {
    "aws": "console.aws.amazon.com",
    "aws-cn": "console.amazonaws.cn",
    "aws-us-gov": "console.amazonaws-us-gov.com",
}

Properties = dict[str, object]


def body(s: PlatformSettings, alarms: Sequence[PlatformAlarm]) -> Properties:
    """Dashboard body.

    Args:
        s: The platform's settings.
        alarms: The platform's alarms; their states and thresholds are shown.
    """
    alarm_height = 1 + -(-len(alarms) // ALARMS_PER_ROW)
    charts = [chart for chart in CHARTS if chart.applies(s)]
    top = TEXT_HEIGHT + alarm_height
    return {
        "widgets": [
            _widget("text", (0, 0, GRID_COLUMNS, TEXT_HEIGHT), {"markdown": _heading(s)}),
            _widget(
                "alarm",
                (0, TEXT_HEIGHT, GRID_COLUMNS, alarm_height),
                {
                    "title": "Alarms",
                    "alarms": [s.location.arn("cloudwatch", f"alarm:{a.name}") for a in alarms],
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
        ]
    }


def url(name: str, where: Location) -> str | None:
    """Address of a dashboard in the console; None in a partition whose console is not known."""
    host = _CONSOLE_HOSTS.get(where.partition)
    if host is None:
        return None
    return f"https://{where.region}.{host}/cloudwatch/home?region={where.region}#dashboards:name={name}"


def _widget(kind: str, place: tuple[int, int, int, int], properties: Properties) -> Properties:
    return {
        "type": kind,
        **dict(zip(("x", "y", "width", "height"), place, strict=True)),
        "properties": properties,
    }


def _heading(s: PlatformSettings) -> str:
    return (
        f"# {s.names.cluster}\n"
        f"Instances: {s.instance_count}, each {s.aurora_min_capacity:g} to "
        f"{s.aurora_max_capacity:g} ACU. Thresholds are those of the alarms."
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
    # An alarm that each instance or rotation has is drawn once.
    first = {alarm.row.key: alarm for alarm in reversed(alarms)}
    annotations = [
        *(
            {"label": label, "value": value(s), "color": _MARK_COLOUR}
            for label, value in chart.marks
        ),
        *(
            {
                "label": key,
                "value": first[key].threshold,
                "color": _COLOURS[first[key].row.severity],
            }
            for key in chart.alarms
            if key in first
        ),
    ]
    if annotations:
        properties["annotations"] = {"horizontal": annotations}
    return properties


def _metrics(chart: Chart, s: PlatformSettings) -> Iterator[list[object]]:
    total = chart.total_factor(s)
    for number, (line, subject) in enumerate(_lines(chart, s), start=1):
        metric = line.metric
        label = f"{line.label}{subject.label}"
        dimensions = metric.dimensions(s.names, subject).items()
        shown: Properties = {"label": label, "stat": line.statistic}
        hidden = total is not None or line.factor != 1
        if hidden:
            shown |= {"id": f"m{number}", "visible": False}
        yield [
            metric.namespace(s.names, subject),
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


def _lines(chart: Chart, s: PlatformSettings) -> Iterator[tuple[Line, Subject]]:
    """Each line of what the platform has, with what it is about."""
    for line in chart.lines:
        if line.metric.scope is not Scope.READERS or s.instance_count > 1:
            for subject in subjects(line.metric.scope, s):
                yield line, subject
