"""The dashboard body: its exact content, CloudWatch's rules, and its alarms."""

import itertools
import json
import re
from pathlib import Path
from typing import Any

import pytest

from components.aurora_data_platform.arns import AwsScope
from components.aurora_data_platform.observability.alarms.alarm import alarms_for
from components.aurora_data_platform.observability.alarms.catalogue import ALARM_CATALOGUE
from components.aurora_data_platform.observability.dashboard import body
from components.aurora_data_platform.observability.dashboard.charts import CHARTS
from components.aurora_data_platform.settings.model import PlatformSettings
from tools.reference.stacks import STACKS, scope_of, settings_of
from tools.testing.programs import run_program

GOLDEN = Path(__file__).parent / "golden"
SHAPES: dict[str, dict[str, Any]] = {
    "one instance": {"instance_count": 1},
    "sixteen instances": {"instance_count": 16},
    "no insights": {"performance_insights_enabled": False},
    "no exported log": {"log_exports": ()},
    "another region": {"region": "eu-central-1"},
}


def prod(**changes: Any) -> PlatformSettings:
    return settings_of("prod").model_copy(update=changes)


def body_of(settings: PlatformSettings) -> dict[str, Any]:
    alarms = alarms_for(ALARM_CATALOGUE, settings)
    return body.dashboard_body(settings, scope_of(settings), alarms)


def charts_of(settings: PlatformSettings) -> dict[str, dict[str, Any]]:
    return {
        each["properties"]["title"]: each["properties"]
        for each in body_of(settings)["widgets"]
        if each["type"] == "metric"
    }


def labels(chart: dict[str, Any]) -> list[str]:
    return [row[-1]["label"] for row in chart["metrics"] if row[-1].get("visible", True)]


def lines(chart: dict[str, Any]) -> dict[str, float]:
    return {row["label"]: row["value"] for row in chart["annotations"]["horizontal"]}


@pytest.mark.parametrize("stack", STACKS)
def test_the_body_equals_the_golden_file(stack: str, pytestconfig: pytest.Config) -> None:
    text = json.dumps(body_of(settings_of(stack)), indent=2) + "\n"
    path = GOLDEN / f"dashboard.{stack}.json"
    if pytestconfig.getoption("update_golden"):
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("stack", STACKS)
def test_the_program_deploys_that_body(stack: str) -> None:
    deployed = run_program(stack).only(":Dashboard").inputs["dashboardBody"]
    assert json.loads(deployed) == json.loads((GOLDEN / f"dashboard.{stack}.json").read_text())


@pytest.mark.parametrize("shape", SHAPES)
def test_the_body_complies_with_cloudwatchs_rules(shape: str) -> None:
    """CloudWatch API reference, Dashboard body structure and syntax; PutDashboard, quotas."""
    settings = prod(**SHAPES[shape])
    body = body_of(settings)
    widgets = body["widgets"]
    assert len(widgets) <= 500
    for widget in widgets:
        assert widget["type"] in ("alarm", "metric", "text")
        assert 1 <= widget["width"] <= 24
        assert 1 <= widget["height"] <= 1000
        assert widget["x"] + widget["width"] <= 24
    for one, other in itertools.combinations(widgets, 2):
        assert not overlap(one, other), (one["properties"], other["properties"])
    for chart in charts_of(settings).values():
        assert chart["region"] == settings.region
        assert chart["period"] % 60 == 0
        assert len(chart["metrics"]) <= 500
        ids = [row[-1]["id"] for row in chart["metrics"] if "id" in row[-1]]
        assert len(set(ids)) == len(ids)
        assert all(re.fullmatch(r"[a-z][A-Za-z0-9_]*", name) for name in ids)
        for row in chart["metrics"]:
            assert_is_metric(row, ids)
    for widget in widgets:
        if widget["type"] == "alarm":
            assert 1 <= len(widget["properties"]["alarms"]) <= 100


def overlap(one: dict[str, Any], other: dict[str, Any]) -> bool:
    return (
        one["x"] < other["x"] + other["width"]
        and other["x"] < one["x"] + one["width"]
        and one["y"] < other["y"] + other["height"]
        and other["y"] < one["y"] + one["height"]
    )


def assert_is_metric(row: list[Any], ids: list[str]) -> None:
    """Check a row: namespace, name and dimension pairs before the options, or an expression."""
    *parts, options = row
    assert isinstance(options, dict)
    if "expression" in options:
        assert parts == []
        used: list[str] = re.findall(r"\bm\d+\b", str(options["expression"]))  # pyright: ignore
        assert set(used) <= set(ids)
        return
    assert len(parts) >= 2
    assert len(parts) % 2 == 0
    assert all(isinstance(part, str) for part in parts)


def test_every_alarm_is_shown_with_its_state() -> None:
    settings = prod()
    (widget,) = [each for each in body_of(settings)["widgets"] if each["type"] == "alarm"]
    names = [arn.rpartition(":")[2] for arn in widget["properties"]["alarms"]]
    assert names == [alarm.name for alarm in alarms_for(ALARM_CATALOGUE, settings)]


def test_lines_are_drawn_at_the_thresholds_of_the_alarms() -> None:
    charts = charts_of(prod(aurora_max_capacity=64.0, cluster_parameters={"max_connections": 1000}))
    assert lines(charts["Capacity"]) == {
        "auroraMaxCapacity": 64.0,
        "auroraMinCapacity": 1.0,
        "max-capacity-reached": 57.6,
    }
    assert lines(charts["Connections"]) == {"max_connections": 1000, "connections-exhausted": 800}
    assert lines(charts["DB load (CPU / waits)"]) == {"load-above-cpus": 16.0}


def test_no_chart_has_a_shorter_period_than_the_interval_of_its_metrics() -> None:
    """Otherwise most data points would be empty, and a daily metric would not be visible."""
    for chart in CHARTS:
        for line in chart.lines:
            assert line.metric.cadence_seconds <= chart.period_seconds, (chart.title, line.label)


def test_daily_metrics_are_shown_for_two_weeks_regardless_of_the_dashboards_range() -> None:
    ranges = {
        title: (chart.get("start"), chart["period"]) for title, chart in charts_of(prod()).items()
    }
    daily = {title: found for title, found in ranges.items() if found[1] == 86_400}
    assert daily == {
        "Backups": ("-P14D", 86_400),
        "Days since the last rotation": ("-P14D", 86_400),
    }
    assert {found[0] for title, found in ranges.items() if title not in daily} == {None}


@pytest.mark.parametrize("stack", STACKS)
def test_zooming_does_not_change_the_periods_of_charts(stack: str) -> None:
    """With CloudWatch's default, `auto`, sums per period would depend on the zoom level."""
    assert body_of(settings_of(stack))["periodOverride"] == "inherit"


def test_a_chart_names_existing_alarms_only() -> None:
    named = {key for chart in CHARTS for key in chart.alarms}
    assert named <= {alarm.key for alarm in ALARM_CATALOGUE}


def test_one_instance_has_no_line_for_readers() -> None:
    charts = charts_of(prod(instance_count=1))
    assert labels(charts["Connections"]) == ["writer"]
    assert labels(charts["DB load (CPU / waits)"]) == ["on CPU", "waiting"]
    assert "Replica lag" not in charts


def test_every_instance_has_its_own_load() -> None:
    assert labels(charts_of(prod(instance_count=3))["DB load (CPU / waits)"]) == [
        *("on CPU 1", "on CPU 2", "on CPU 3", "waiting 1", "waiting 2", "waiting 3")
    ]


@pytest.mark.parametrize(
    ("shape", "title"),
    [("no insights", "DB load (CPU / waits)"), ("no exported log", "PostgreSQL log")],
)
def test_a_metric_that_is_not_collected_is_not_shown(shape: str, title: str) -> None:
    assert title in charts_of(prod())
    assert title not in charts_of(prod(**SHAPES[shape]))


def test_latencies_are_converted_to_one_unit() -> None:
    latency = charts_of(prod())["Latency"]
    expressions = [row[-1]["expression"] for row in latency["metrics"] if len(row) == 1]
    assert expressions == ["m2 * 1000", "m3 * 1000"]
    assert labels(latency) == ["commit", "read", "write"]


@pytest.mark.parametrize(
    ("changes", "expression"),
    [
        # 0.12 and 0.156 USD for an ACU-hour, 730 hours.
        ({}, "SUM(METRICS()) * 87.6"),
        ({"storage_type": "aurora-iopt1"}, "SUM(METRICS()) * 113.88"),
        ({"acu_hourly_price_usd": 0.2}, "SUM(METRICS()) * 146"),
    ],
)
def test_the_cost_follows_the_price(changes: dict[str, Any], expression: str) -> None:
    chart = charts_of(prod(**changes))["Capacity cost (estimate per month at this rate)"]
    assert chart["metrics"][-1] == [{"expression": expression, "label": "USD", "id": "total"}]
    assert len(chart["metrics"]) == 3


def test_no_cost_is_shown_if_the_price_is_unknown() -> None:
    assert "Capacity cost (estimate per month at this rate)" not in charts_of(
        prod(region="eu-central-1")
    )


@pytest.mark.parametrize(
    ("partition", "host"),
    [
        ("aws", "us-east-2.console.aws.amazon.com"),
        ("aws-us-gov", "us-east-2.console.amazonaws-us-gov.com"),
        ("aws-cn", "us-east-2.console.amazonaws.cn"),
    ],
)
def test_the_url_is_that_of_the_partitions_console(partition: str, host: str) -> None:
    scope = AwsScope(partition, "us-east-2", "123456789012")
    assert body.dashboard_url("d", scope) == (
        f"https://{host}/cloudwatch/home?region=us-east-2#dashboards:name=d"
    )


def test_there_is_no_url_if_the_console_is_unknown() -> None:
    assert body.dashboard_url("d", AwsScope("aws-iso", "us-iso-east-1", "123456789012")) is None
