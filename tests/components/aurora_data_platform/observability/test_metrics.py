"""No alarm and no chart uses a metric that is not published about what it names."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from components.aurora_data_platform.observability.alarms.catalogue import ALARM_CATALOGUE
from components.aurora_data_platform.observability.dashboard.charts import CHARTS
from components.aurora_data_platform.observability.log_metrics import (
    DAYS_SINCE_ROTATION,
    LOG_METRICS,
)
from components.aurora_data_platform.observability.metrics import UNITS, Metric
from components.aurora_data_platform.observability.scopes import Scope
from components.aurora_data_platform.observability.subjects import Subject, subjects
from components.aurora_data_platform.settings.types import RotationStrategy
from tools.reference.stacks import settings_of

PUBLISHED: Mapping[str, Any] = yaml.safe_load(
    Path(__file__).with_name("published_metrics.yaml").read_text(encoding="utf-8")
)
PROD = settings_of("prod").model_copy(
    update={"rotation_strategy": RotationStrategy.ALTERNATING_USERS}
)
NAMES = PROD.names
LOGS = (Scope.LOG, Scope.ROTATION_LOG)
USED = sorted(
    {alarm.metric for alarm in ALARM_CATALOGUE}
    | {line.metric for chart in CHARTS for line in chart.lines},
    key=lambda metric: (metric.scope, metric.name),
)


def published(metric: Metric) -> Iterator[str]:
    """Units under which CloudWatch has the metric with its namespace and set of dimensions."""
    (subject, *_) = subjects(metric.scope, PROD)
    namespace = metric.namespace(NAMES, subject)
    dimensions = metric.dimensions(NAMES, subject)
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
    [metric for metric in USED if metric.scope not in LOGS],
    ids=lambda metric: f"{metric.name}-{metric.scope.name}",
)
def test_a_metric_is_published_with_its_dimensions_and_unit(metric: Metric) -> None:
    assert list(published(metric)) == [metric.unit]


@pytest.mark.parametrize("name", PUBLISHED["never"])
def test_a_metric_of_another_engine_is_not_used(name: str) -> None:
    assert [m for m in USED if m.name == name and m.scope not in LOGS] == []


def test_a_metric_of_a_log_has_its_filter() -> None:
    of_logs = {metric for metric in USED if metric.scope is Scope.LOG}
    assert of_logs == {each.metric for each in LOG_METRICS}
    assert [m for m in USED if m.scope is Scope.ROTATION_LOG] == [DAYS_SINCE_ROTATION]


def test_no_unit_is_kept_for_a_metric_that_nothing_uses() -> None:
    assert UNITS.keys() == {metric.name for metric in USED if metric.scope not in LOGS}


CLUSTER = "prod-aurora-cluster-ue2"


NONE: dict[str, str] = {}


@pytest.mark.parametrize(
    ("scope", "dimensions"),
    [
        (Scope.CLUSTER, [{"DBClusterIdentifier": CLUSTER}]),
        (Scope.WRITER, [{"DBClusterIdentifier": CLUSTER, "Role": "WRITER"}]),
        (Scope.READERS, [{"DBClusterIdentifier": CLUSTER, "Role": "READER"}]),
        (
            Scope.INSTANCE,
            [{"DBInstanceIdentifier": f"{CLUSTER}-1"}, {"DBInstanceIdentifier": f"{CLUSTER}-2"}],
        ),
        (
            Scope.FUNCTION,
            [
                {"FunctionName": "prod-aurora-rotation-ue2"},
                {"FunctionName": "prod-aurora-application-rotation-ue2"},
            ],
        ),
        (
            Scope.DEAD_LETTERS,
            [
                {"QueueName": "prod-aurora-rotation-dead-letters-ue2"},
                {"QueueName": "prod-aurora-application-rotation-dead-letters-ue2"},
            ],
        ),
        (
            Scope.FAILED_ROTATIONS,
            [
                {"RuleName": "prod-aurora-rotation-failures-ue2"},
                {"RuleName": "prod-aurora-application-rotation-failures-ue2"},
            ],
        ),
        (Scope.LOG, [NONE]),
        (Scope.ROTATION_LOG, [NONE, NONE]),
    ],
)
def test_a_scope_has_exactly_these_dimensions_for_each_of_its_subjects(
    scope: Scope, dimensions: list[dict[str, str]]
) -> None:
    metric = Metric("Anything", scope)
    assert [metric.dimensions(NAMES, each) for each in subjects(scope, PROD)] == dimensions


def test_metrics_of_logs_are_kept_apart_by_their_namespaces() -> None:
    age = Metric("Anything", Scope.ROTATION_LOG)
    assert [
        Metric("Anything", Scope.LOG).namespace(NAMES, Subject()),
        *(age.namespace(NAMES, each) for each in subjects(Scope.ROTATION_LOG, PROD)),
    ] == [
        f"AuroraDataPlatform/{CLUSTER}",
        f"AuroraDataPlatform/{CLUSTER}/rotation",
        f"AuroraDataPlatform/{CLUSTER}/application-rotation",
    ]
