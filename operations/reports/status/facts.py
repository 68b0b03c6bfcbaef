"""Facts that only `status` reads."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

from operations.aws.clients import Properties
from operations.aws.metrics import Metric, Series, read_series
from operations.checks.facts import aws
from operations.checks.facts.reading import Facts, Reader
from operations.context import Context

CAPACITY = "ServerlessDatabaseCapacity"
METRICS = (CAPACITY, "DatabaseConnections")
PERIOD_SECONDS = 60
LOOK_BACK = timedelta(minutes=10)


def metrics(facts: Facts) -> dict[str, dict[str, float]]:
    """Return the latest value of each metric, by instance; without data it is left out."""
    now = datetime.now(UTC)
    found: dict[str, dict[str, float]] = {}
    for (name, metric), points in instance_series(facts, METRICS, now - LOOK_BACK).items():
        found.setdefault(name, {}).update({metric: points[-1][1]} if points else {})
    return found


def instance_series(
    facts: Facts, names: Sequence[str], start: datetime
) -> dict[tuple[str, str], Series]:
    """Return the series of metrics of each instance until now, by instance and metric.

    Args:
        facts: Facts of the stack.
        names: The metrics.
        start: Start of the first period.
    """
    instances = [each["DBInstanceIdentifier"] for each in facts.get("instances")]
    metrics = {
        (instance, name): Metric(name, "Maximum", "DBInstanceIdentifier", instance)
        for instance in instances
        for name in names
    }
    end = datetime.now(UTC) + timedelta(minutes=1)
    if not metrics:
        return {}
    return read_series(facts.aws, metrics, start=start, end=end, period_seconds=PERIOD_SECONDS)


def upgrade_targets(facts: Facts) -> list[Properties]:
    """Return the versions to which AWS can upgrade the cluster."""
    version = facts.get("cluster")["EngineVersion"]
    rows = facts.aws.pages(
        "rds",
        "describe_db_engine_versions",
        "DBEngineVersions",
        Engine="aurora-postgresql",
        EngineVersion=version,
        IncludeAll=True,
    )
    return [target for row in rows for target in row.get("ValidUpgradeTarget", [])]


def read_capacity(context: Context) -> float | None:
    """Return the highest current capacity of an instance, in ACU; None without data.

    Args:
        context: The stack.
    """
    with Facts(READERS, context.aws, context.outputs) as facts:
        found = facts.get("metrics")
    values = [each[CAPACITY] for each in found.values() if CAPACITY in each]
    return max(values, default=None)


def capacity_since(context: Context, start: datetime) -> Series:
    """Return the highest capacity of an instance in each period, in ACU.

    Args:
        context: The stack.
        start: Start of the first period.
    """
    with Facts(READERS, context.aws, context.outputs) as facts:
        series = instance_series(facts, [CAPACITY], start)
    highest: dict[datetime, float] = {}
    for points in series.values():
        for moment, value in points:
            highest[moment] = max(value, highest.get(moment, 0.0))
    return sorted(highest.items())


READERS: Mapping[str, Reader] = {
    "cluster": aws.cluster,
    "instances": aws.instances,
    "alarms": aws.alarms,
    "secret": aws.secret,
    "pending_maintenance": aws.pending_maintenance,
    "metrics": metrics,
    "upgrade_targets": upgrade_targets,
}
"""Facts of `status`, by name."""

ACTIONS: Mapping[str, tuple[str, ...]] = {
    "cluster": ("rds:DescribeDBClusters",),
    "instances": ("rds:DescribeDBInstances",),
    "alarms": ("cloudwatch:DescribeAlarms",),
    "secret": ("secretsmanager:DescribeSecret",),
    "pending_maintenance": ("rds:DescribePendingMaintenanceActions",),
    "metrics": ("cloudwatch:GetMetricData",),
    "upgrade_targets": ("rds:DescribeDBEngineVersions",),
}
"""The IAM actions that reading each of them calls."""
