"""Facts that only `status` reads."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from operations.aws.clients import Properties
from operations.checks.facts import aws
from operations.checks.facts.reading import Facts, Reader
from operations.context import Context

METRICS = ("ServerlessDatabaseCapacity", "DatabaseConnections")
PERIOD_SECONDS = 60
_LOOK_BACK = timedelta(minutes=10)


def metrics(facts: Facts) -> dict[str, dict[str, float]]:
    """Return the latest value of each metric, by instance; without data it is left out."""
    names = [each["DBInstanceIdentifier"] for each in facts.get("instances")]
    queries = {
        f"m{number}": (name, metric)
        for number, (name, metric) in enumerate((n, m) for n in names for m in METRICS)
    }
    now = datetime.now(UTC)
    results = facts.aws.pages(
        "cloudwatch",
        "get_metric_data",
        "MetricDataResults",
        MetricDataQueries=[_query(key, *wanted) for key, wanted in queries.items()],
        StartTime=now - _LOOK_BACK,
        EndTime=now + timedelta(minutes=1),
        ScanBy="TimestampDescending",
    )
    found: dict[str, dict[str, float]] = {name: {} for name in names}
    for row in results:
        if row["Values"]:
            name, metric = queries[row["Id"]]
            found[name].setdefault(metric, row["Values"][0])
    return found


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
    found = Facts(READERS, context.aws, context.outputs).get("metrics")
    values = [each[METRICS[0]] for each in found.values() if METRICS[0] in each]
    return max(values, default=None)


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
"""What reading each of them calls, by IAM's name."""


def _query(key: str, instance: str, metric: str) -> dict[str, Any]:
    return {
        "Id": key,
        "MetricStat": {
            "Metric": {
                "Namespace": "AWS/RDS",
                "MetricName": metric,
                "Dimensions": [{"Name": "DBInstanceIdentifier", "Value": instance}],
            },
            "Period": PERIOD_SECONDS,
            "Stat": "Maximum",
        },
    }
