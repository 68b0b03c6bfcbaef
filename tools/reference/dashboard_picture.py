"""Drawing of a dashboard's layout, with the lines and thresholds of each chart."""

from collections.abc import Iterator, Mapping
from html import escape
from typing import Any, cast

from components.aurora_data_platform.observability.alarms.alarm import alarms_for
from components.aurora_data_platform.observability.alarms.catalogue import ALARM_CATALOGUE
from components.aurora_data_platform.observability.dashboard import body
from components.aurora_data_platform.settings.model import PlatformSettings
from tools.reference.figures import figure
from tools.reference.stacks import scope_of

COLUMN = 42
ROW = 26
"""Pixels of a cell of CloudWatch's grid."""
PADDING, LINE = 10, 15
_FRAME = 'fill="#ffffff" stroke="#d5dbdb"'


def picture_of(settings: PlatformSettings) -> str:
    """Return an SVG of the dashboard of a platform with these settings."""
    drawn = body.dashboard_body(settings, scope_of(settings), alarms_for(ALARM_CATALOGUE, settings))
    widgets = cast("list[dict[str, Any]]", drawn["widgets"])
    width = body.GRID_COLUMNS * COLUMN
    height = max(each["y"] + each["height"] for each in widgets) * ROW
    parts = [part for widget in widgets for part in _widget(widget, settings.names.alarm_prefix)]
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
            'font-family="sans-serif" font-size="11">',
            f'<rect width="{width}" height="{height}" fill="#f2f3f3"/>',
            *parts,
            "</svg>\n",
        ]
    )


def _widget(widget: Mapping[str, Any], prefix: str) -> Iterator[str]:
    x, y = widget["x"] * COLUMN, widget["y"] * ROW
    width, height = widget["width"] * COLUMN - 4, widget["height"] * ROW - 4
    yield f'<rect x="{x}" y="{y}" width="{width}" height="{height}" rx="3" {_FRAME}/>'
    lines = list(_lines(widget, prefix))
    room = (height - PADDING) // LINE
    if len(lines) > room:
        lines = [*lines[: room - 1], (f"and {len(lines) - room + 1} more", "#545b64", "normal")]
    for number, (text, color, weight) in enumerate(lines, start=1):
        place = f'x="{x + PADDING}" y="{y + PADDING + number * LINE - 4}"'
        yield f'<text {place} fill="{color}" font-weight="{weight}">{escape(text)}</text>'


def _lines(widget: Mapping[str, Any], prefix: str) -> Iterator[tuple[str, str, str]]:
    """Yield text, color and weight of each line in a widget; alarms without their prefix."""
    properties = widget["properties"]
    if widget["type"] == "text":
        for text in properties["markdown"].splitlines():
            yield text.lstrip("# "), "#16191f", "bold" if text.startswith("#") else "normal"
        return
    title = properties["title"]
    if widget["type"] == "alarm":
        yield title, "#16191f", "bold"
        names = [arn.rpartition(prefix)[2] for arn in properties["alarms"]]
        for start in range(0, len(names), body.ALARMS_PER_ROW):
            row = names[start : start + body.ALARMS_PER_ROW]
            yield " · ".join(row), "#545b64", "normal"
        return
    yield f"{title} ({properties['yAxis']['left']['label']})", "#16191f", "bold"
    for mark in properties.get("annotations", {}).get("horizontal", []):
        value = figure(mark["value"], properties["yAxis"]["left"]["label"])
        yield f"- {mark['label']}: {value}", mark["color"], "normal"
    hidden = {metric[-1].get("id"): metric[1] for metric in properties["metrics"] if metric[1:]}
    for metric in properties["metrics"]:
        shown = metric[-1]
        if shown.get("visible", True):
            words = shown.get("expression", "").split()
            expression = " ".join(hidden.get(word, word) for word in words)
            source = expression or f"{metric[1]}, {shown['stat'].lower()}"
            yield f"• {shown['label']}: {source}", "#0073bb", "normal"
