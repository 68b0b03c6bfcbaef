"""Metrics of running databases: connections are real, capacity is simulated from the load."""

from datetime import UTC, datetime, timedelta

from moto.rds.models import DBCluster

from emulator.aws import databases
from emulator.aws.databases import ClusterDatabases
from emulator.aws.moto_adapter.call import Answer, Call, Proceed
from emulator.aws.registry import patch_operations

NAMESPACE = "AWS/RDS"
ACU_PER_ACTIVE_SESSION = 0.5
"""How much capacity an active session takes; the emulator's own choice."""
LOWEST_RUNNING = 0.5
"""The lowest capacity of an instance that is not paused."""

MINUTE = timedelta(minutes=1)


@patch_operations(
    "cloudwatch:GetMetricData",
    moto_behaviour="a database publishes no metrics",
    aws="every instance publishes its connections and its capacity each minute; here a point is "
    "made at each request, and capacity follows the number of active sessions. With a minimum of 0 "
    "ACU an idle instance pauses, here at once, and publishes zero for capacity and CPU only; the "
    "points of the minute before it are removed, because AWS publishes one point each minute",
    source="Aurora user guide, Amazon CloudWatch metrics for Amazon Aurora; Scaling to Zero ACUs",
    test="cloudwatch/test_database_metrics::test_a_running_database_publishes_its_connections",
)
def publish_database_metrics(call: Call, proceed: Proceed) -> Answer:
    """Add a point of each running cluster's metrics before the request is answered."""
    servers = databases.current()
    for cluster in call.rds.clusters.values() if servers else ():
        if servers is not None and servers.is_running(cluster.db_cluster_identifier):
            _publish(call, servers, cluster)
    return proceed()


def _publish(call: Call, servers: ClusterDatabases, cluster: DBCluster) -> None:
    sessions = servers.sessions(cluster.db_cluster_identifier)
    limits: dict[str, float] = cluster.serverless_v2_scaling_configuration or {}
    low, high = float(limits.get("MinCapacity", 0)), float(limits.get("MaxCapacity", 0))
    awake = min(high, max(low, LOWEST_RUNNING) + ACU_PER_ACTIVE_SESSION * sessions.active)
    members: list[dict[str, object]] = cluster.db_cluster_members
    # The end of a period is excluded, and moto compares whole seconds.
    now = datetime.now(UTC).replace(tzinfo=None, microsecond=0) - timedelta(seconds=1)
    for member in members:
        # A reader is served by the same server, and only the writer has its load.
        writes = bool(member["IsClusterWriter"])
        values = {
            "DatabaseConnections": float(sessions.all if writes else 0),
            **_capacity(awake if writes else max(low, LOWEST_RUNNING), high),
        }
        if low == 0 and sessions.all == 0:
            values = {"CPUUtilization": 0.0, **_capacity(0.0, high)}
            _remove_points(call, str(member["DBInstanceIdentifier"]), since=now - MINUTE)
        call.cloudwatch.put_metric_data(
            NAMESPACE,
            [
                {
                    "MetricName": name,
                    "Value": value,
                    "Timestamp": now,
                    "Dimensions": [
                        {
                            "Name": "DBInstanceIdentifier",
                            "Value": str(member["DBInstanceIdentifier"]),
                        }
                    ],
                }
                for name, value in values.items()
            ],
        )


def _remove_points(call: Call, instance: str, since: datetime) -> None:
    call.cloudwatch.metric_data[:] = [
        point
        for point in call.cloudwatch.metric_data
        if point.timestamp.replace(tzinfo=None) < since
        or instance not in [dimension.value for dimension in point.dimensions]
    ]


def _capacity(acu: float, maximum: float) -> dict[str, float]:
    utilization = 100 * acu / maximum if maximum else 0.0
    return {"ServerlessDatabaseCapacity": acu, "ACUUtilization": utilization}
