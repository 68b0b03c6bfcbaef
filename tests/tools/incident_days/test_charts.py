"""Charts of a metric's day."""

import re
from dataclasses import replace

from tools.incident_days.charts import Chart, draw

CHART = Chart(
    title="load: <DBLoad>",
    unit="None",
    statistic="Maximum",
    values=[10.0] * 720 + [None] * 60 + [30.0] * 660,
    threshold=20.0,
    times=[(720, 780), (1200, None)],
)


def drawn(chart: Chart, pattern: str) -> list[str]:
    return re.findall(pattern, draw([chart]))


def test_time_without_data_interrupts_the_line() -> None:
    first, second = drawn(CHART, r'<polyline points="([^"]+)"')
    assert (first.split()[0], first.split()[-1]) == ("78,99", "392,99")
    assert (second.split()[0], second.split()[-1]) == ("420,37", "708,37")


def test_times_in_alarm_are_shaded_and_the_last_one_to_the_end_of_the_day() -> None:
    assert drawn(CHART, r'<rect x="(\d+)" y="30" width="(\d+)" height="100" fill="#f8d7d3"') == [
        ("394", "26"),
        ("605", "105"),
    ]


def test_the_threshold_is_drawn_where_a_value_of_its_size_would_be() -> None:
    (line,) = drawn(CHART, r'd="M78 (\d+)H710" stroke="#d13212"')
    assert line == "68"
    at_the_threshold = replace(CHART, values=[20.0] * 720 + [None] * 60 + [30.0] * 660)
    assert drawn(at_the_threshold, r'<polyline points="78,(\d+) ') == [line]


def test_five_minutes_become_one_point_by_the_alarms_statistic() -> None:
    values = [*([0.0] * 4), 30.0] * 288
    assert drawn(replace(CHART, values=values), r'<polyline points="78,(\d+) ') == ["37"]
    averaged = replace(CHART, values=values, statistic="Average")
    assert drawn(averaged, r'<polyline points="78,(\d+) ') == ["102"]


def test_a_single_value_is_a_point_and_titles_are_escaped() -> None:
    alone = replace(CHART, values=[None] * 720 + [20.0] + [None] * 719)
    assert drawn(alone, r"<circle") == ["<circle"]
    assert drawn(alone, r"load: &lt;DBLoad&gt;") == ["load: &lt;DBLoad&gt;"]
