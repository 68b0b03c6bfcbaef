"""Drawing of a metric's day as CloudWatch shows it: line, threshold, and the times in ALARM."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape

from tools.incident_days.timelines import STEP, Times, clock
from tools.incident_days.workload import MINUTES
from tools.reference.figures import figure

WIDTH, HEIGHT = 720, 150
"""Pixels of a chart."""
_LEFT, _TOP, _BOTTOM = 78, 30, 20
_PLOT_WIDTH, _PLOT_HEIGHT = WIDTH - _LEFT - 10, HEIGHT - _TOP - _BOTTOM
_HOURS = range(0, 25, 3)
_HEADROOM = 1.08
"""Space above the highest value."""

_AGGREGATES: Mapping[str, Callable[[Sequence[float]], float]] = {
    "Average": lambda values: sum(values) / len(values),
    "Maximum": max,
    "Minimum": min,
    "Sum": sum,
}


@dataclass(frozen=True)
class Chart:
    """A metric's day.

    Attributes:
        title: Its heading.
        unit: Unit of the metric.
        statistic: How the values of five minutes become one point.
        values: The value of each minute; None without data.
        threshold: The alarm's threshold.
        times: The times in ALARM.
    """

    title: str
    unit: str
    statistic: str
    values: Sequence[float | None]
    threshold: float
    times: Times


def draw(charts: Sequence[Chart]) -> str:
    """Return an SVG of charts, one below the other."""
    height = len(charts) * HEIGHT
    parts = [part for number, chart in enumerate(charts) for part in _chart(chart, number * HEIGHT)]
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" '
            'font-family="sans-serif" font-size="11">',
            f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>',
            *parts,
            "</svg>\n",
        ]
    )


def _chart(chart: Chart, top: int) -> Iterator[str]:
    points = _points(chart)
    highest = max([value for _, value in points if value is not None] + [chart.threshold, 0.0])
    ceiling = highest * _HEADROOM or 1.0
    floor = top + HEIGHT - _BOTTOM

    def y(value: float) -> int:
        return round(floor - value / ceiling * _PLOT_HEIGHT)

    for start, end in chart.times:
        left, right = _x(start), _x(MINUTES if end is None else end)
        area = f'x="{left}" y="{top + _TOP}" width="{max(2, right - left)}" height="{_PLOT_HEIGHT}"'
        yield f'<rect {area} fill="#f8d7d3"/>'
    yield f'<text x="{_LEFT}" y="{top + 18}" font-weight="bold">{escape(chart.title)}</text>'
    for hour in _HOURS:
        x = _x(hour * 60)
        yield f'<path d="M{x} {top + _TOP}V{floor}" stroke="#eaeded"/>'
        label = f'x="{x}" y="{floor + 14}" text-anchor="middle" fill="#545b64"'
        yield f"<text {label}>{clock(hour * 60)}</text>"
    yield f'<path d="M{_LEFT} {floor}H{_LEFT + _PLOT_WIDTH}" stroke="#879596"/>'
    for line in _lines(points):
        if len(line) > 1:
            coordinates = " ".join(f"{_x(minute)},{y(value)}" for minute, value in line)
            yield f'<polyline points="{coordinates}" fill="none" stroke="#0073bb"/>'
        else:
            # A point alone would be invisible as a line.
            ((minute, value),) = line
            yield f'<circle cx="{_x(minute)}" cy="{y(value)}" r="2.5" fill="#0073bb"/>'
    limit = y(chart.threshold)
    path = f'd="M{_LEFT} {limit}H{_LEFT + _PLOT_WIDTH}"'
    yield f'<path {path} stroke="#d13212" stroke-dasharray="4 3"/>'
    for value, color in _labels(chart, highest):
        place = f'x="{_LEFT - 6}" y="{y(value) + 4}" text-anchor="end" fill="{color}"'
        yield f"<text {place}>{escape(figure(float(f'{value:.3g}'), chart.unit))}</text>"


def _labels(chart: Chart, highest: float) -> Iterator[tuple[float, str]]:
    yield chart.threshold, "#d13212"
    for value in (highest, 0.0):
        # Labels need a line's height of distance.
        if abs(value - chart.threshold) > 0.15 * (highest or 1.0):
            yield value, "#545b64"


def _points(chart: Chart) -> list[tuple[int, float | None]]:
    aggregate = _AGGREGATES[chart.statistic]
    found: list[tuple[int, float | None]] = []
    for start in range(0, MINUTES, STEP):
        known = [value for value in chart.values[start : start + STEP] if value is not None]
        found.append((start, aggregate(known) if known else None))
    return found


def _lines(points: Sequence[tuple[int, float | None]]) -> list[list[tuple[int, float]]]:
    """Return the runs of points without a gap."""
    lines: list[list[tuple[int, float]]] = [[]]
    for minute, value in points:
        if value is not None:
            lines[-1].append((minute, value))
        elif lines[-1]:
            lines.append([])
    return [line for line in lines if line]


def _x(minute: int) -> int:
    return round(_LEFT + minute / MINUTES * _PLOT_WIDTH)
