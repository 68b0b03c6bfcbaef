"""Metrics of running databases: connections are real, capacity is played from the load."""

from datetime import UTC, datetime, timedelta

from moto.rds.models import DBCluster

from emulator.aws import databases
from emulator.aws.databases import ClusterDatabases
from emulator.aws.moto_adapter.call import Answer, Call, Proceed
from emulator.aws.registry import patch_operations

NAMESPACE = "AWS/RDS"
ACU_PER_ACTIVE_SESSION = 0.5
"""How much capacity an active session takes; the emulator's own choice."""


@patch_operations(
    "cloudwatch:GetMetricData",
    moto_behaviour="a database publishes no metrics",
    aws="every instance publishes its connections and its capacity each minute; here a point is "
    "made at each request, and capacity follows the number of active sessions",
    source="Aurora user guide, Amazon CloudWatch metrics for Amazon Aurora; Aurora Serverless v2 "
    "metrics",
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
    capacity = min(high, low + ACU_PER_ACTIVE_SESSION * sessions.active)
    members: list[dict[str, object]] = cluster.db_cluster_members
    # The end of a period is excluded, and moto compares whole seconds.
    now = datetime.now(UTC).replace(tzinfo=None, microsecond=0) - timedelta(seconds=1)
    for member in members:
        # A reader is served by the same server, and only the writer has its load.
        writes = bool(member["IsClusterWriter"])
        values = {
            "DatabaseConnections": float(sessions.all if writes else 0),
            "ServerlessDatabaseCapacity": capacity if writes else low,
            "ACUUtilization": 100 * (capacity if writes else low) / high if high else 0.0,
        }
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
