"""No alarm and no chart uses a metric that is not published about what it names."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from components.aurora_data_platform.observability.alarm_catalogue import ALARM_CATALOGUE
from components.aurora_data_platform.observability.charts import CHARTS
from components.aurora_data_platform.observability.log_metrics import LOG_METRICS
from components.aurora_data_platform.observability.metrics import UNITS, Metric, Scope
from docs.stacks import settings_of

PUBLISHED: Mapping[str, Any] = yaml.safe_load(
    Path(__file__).with_name("published_metrics.yaml").read_text(encoding="utf-8")
)
NAMES = settings_of("prod").names
USED = sorted(
    {alarm.metric for alarm in ALARM_CATALOGUE}
    | {line.metric for chart in CHARTS for line in chart.lines},
    key=lambda metric: (metric.scope, metric.name),
)


def published(metric: Metric) -> Iterator[str]:
    """Units under which CloudWatch has the metric with its namespace and set of dimensions."""
    namespace, dimensions = metric.namespace(NAMES), set(metric.dimensions(NAMES, 1))
    database, insights = PUBLISHED["database"], PUBLISHED["insights"]
    tables: dict[frozenset[str], list[Mapping[str, str]]] = {
        frozenset({"DBClusterIdentifier"}): [database["cluster"]],
        frozenset({"DBClusterIdentifier", "Role"}): [database["instance"]],
        frozenset({"DBInstanceIdentifier"}): [database["instance"], insights],
    }
    if namespace == "AWS/RDS":
        found = tables[frozenset(dimensions)]
    else:
        found = [PUBLISHED["other"].get(namespace, {})]
    return (table[metric.name] for table in found if metric.name in table)


@pytest.mark.parametrize(
    "metric",
    [metric for metric in USED if metric.scope is not Scope.LOG],
    ids=lambda metric: f"{metric.name}-{metric.scope.name}",
)
def test_a_metric_is_published_with_its_dimensions_and_unit(metric: Metric) -> None:
    assert list(published(metric)) == [metric.unit]


@pytest.mark.parametrize("name", PUBLISHED["never"])
def test_a_metric_of_another_engine_is_not_used(name: str) -> None:
    assert [m for m in USED if m.name == name and m.namespace(NAMES) == "AWS/RDS"] == []


def test_a_metric_of_a_log_has_its_filter() -> None:
    of_logs = {metric for metric in USED if metric.scope is Scope.LOG}
    assert of_logs == {each.metric for each in LOG_METRICS}


def test_no_unit_is_kept_for_a_metric_that_nothing_uses() -> None:
    assert UNITS.keys() == {metric.name for metric in USED if metric.scope is not Scope.LOG}


@pytest.mark.parametrize(
    ("scope", "dimensions"),
    [
        (Scope.CLUSTER, {"DBClusterIdentifier": "prod-aurora-cluster-ue2"}),
        (Scope.WRITER, {"DBClusterIdentifier": "prod-aurora-cluster-ue2", "Role": "WRITER"}),
        (Scope.READERS, {"DBClusterIdentifier": "prod-aurora-cluster-ue2", "Role": "READER"}),
        (Scope.INSTANCE, {"DBInstanceIdentifier": "prod-aurora-cluster-ue2-2"}),
        (Scope.FUNCTION, {"FunctionName": "prod-aurora-rotation-ue2"}),
        (Scope.DEAD_LETTERS, {"QueueName": "prod-aurora-rotation-dead-letters-ue2"}),
        (Scope.FAILED_ROTATIONS, {"RuleName": "prod-aurora-failed-rotations-ue2"}),
        (Scope.LOG, {}),
    ],
)
def test_a_scope_has_exactly_these_dimensions(scope: Scope, dimensions: dict[str, str]) -> None:
    assert Metric("Anything", scope).dimensions(NAMES, 2) == dimensions
