"""Metrics in use, compared with the metrics that AWS publishes."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from components.aurora_data_platform.observability.alarms.catalogue import ALARM_CATALOGUE
from components.aurora_data_platform.observability.dashboard.charts import CHARTS
from components.aurora_data_platform.observability.log_metrics import (
    DAYS_SINCE_ROTATION,
    LOG_METRICS,
)
from components.aurora_data_platform.observability.metrics import (
    UNITS,
    Metric,
    MetricSource,
    MetricTarget,
)
from components.aurora_data_platform.settings.access import Access, Authentication, UserDeclaration
from tools.reference.stacks import settings_of
from tools.repository import read_yaml

PUBLISHED: Mapping[str, Any] = read_yaml(Path(__file__).with_name("published_metrics.yaml"))
PROD = settings_of("prod").model_copy(
    update={
        "users": {
            "web": UserDeclaration(authentication=Authentication.PASSWORD, access=Access.READONLY)
        }
    }
)
NAMES = PROD.names
LOGS = (MetricSource.LOG, MetricSource.ROTATION_LOG, MetricSource.SETUP_LOG)
USED = sorted(
    {alarm.metric for alarm in ALARM_CATALOGUE}
    | {line.metric for chart in CHARTS for line in chart.lines},
    key=lambda metric: (metric.source, metric.name),
)


def published(metric: Metric) -> Iterator[str]:
    """Yield the units in which CloudWatch publishes the metric with its dimensions."""
    target, *_ = metric.targets(PROD)
    namespace = metric.namespace(NAMES, target)
    dimensions = metric.dimensions(NAMES, target)
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


def test_a_metric_is_published_with_its_dimensions_and_unit() -> None:
    metrics = [metric for metric in USED if metric.source not in LOGS]
    assert {metric: list(published(metric)) for metric in metrics} == {
        metric: [metric.unit] for metric in metrics
    }


def test_a_metric_of_another_engine_is_not_used() -> None:
    used = {metric.name for metric in USED if metric.source not in LOGS}
    assert used & set(PUBLISHED["never"]) == set()


def test_a_metric_extracted_from_a_log_has_a_filter() -> None:
    of_logs = {metric for metric in USED if metric.source is MetricSource.LOG}
    assert of_logs == {each.metric for each in LOG_METRICS}
    assert [m for m in USED if m.source is MetricSource.ROTATION_LOG] == [DAYS_SINCE_ROTATION]


def test_every_listed_unit_is_used() -> None:
    assert UNITS.keys() == {metric.name for metric in USED if metric.source not in LOGS}


CLUSTER = "prod-aurora-cluster-ue2"


NONE: dict[str, str] = {}


DIMENSIONS: Mapping[MetricSource, list[dict[str, str]]] = {
    MetricSource.CLUSTER: [{"DBClusterIdentifier": CLUSTER}],
    MetricSource.WRITER: [{"DBClusterIdentifier": CLUSTER, "Role": "WRITER"}],
    MetricSource.READERS: [{"DBClusterIdentifier": CLUSTER, "Role": "READER"}],
    MetricSource.INSTANCE: [
        {"DBInstanceIdentifier": f"{CLUSTER}-1"},
        {"DBInstanceIdentifier": f"{CLUSTER}-2"},
    ],
    MetricSource.FUNCTION: [
        {"FunctionName": "prod-aurora-rotation-ue2"},
        {"FunctionName": "prod-aurora-users-rotation-ue2"},
    ],
    MetricSource.DEAD_LETTERS: [
        {"QueueName": "prod-aurora-rotation-dead-letters-ue2"},
        {"QueueName": "prod-aurora-users-rotation-dead-letters-ue2"},
    ],
    MetricSource.FAILED_ROTATIONS: [
        {"RuleName": "prod-aurora-rotation-failures-ue2"},
        {"RuleName": "prod-aurora-users-rotation-failures-ue2"},
    ],
    MetricSource.LOG: [NONE],
    MetricSource.ROTATION_LOG: [NONE, NONE],
}


def test_a_source_has_exactly_these_dimensions_for_each_of_its_targets() -> None:
    metrics = [Metric("Anything", source) for source in DIMENSIONS]
    assert {
        metric.source: [metric.dimensions(NAMES, each) for each in metric.targets(PROD)]
        for metric in metrics
    } == DIMENSIONS


def test_namespaces_keep_metrics_extracted_from_logs_apart() -> None:
    age = Metric("Anything", MetricSource.ROTATION_LOG)
    assert [
        Metric("Anything", MetricSource.LOG).namespace(NAMES, MetricTarget()),
        *(age.namespace(NAMES, each) for each in age.targets(PROD)),
    ] == [
        f"AuroraDataPlatform/{CLUSTER}",
        f"AuroraDataPlatform/{CLUSTER}/rotation",
        f"AuroraDataPlatform/{CLUSTER}/users-rotation",
    ]
