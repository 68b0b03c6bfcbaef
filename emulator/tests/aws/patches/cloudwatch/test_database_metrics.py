"""Metrics of a running PostgreSQL 17."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest

from emulator.testing.requests import instance_request, serverless_cluster_request

pytestmark = pytest.mark.emulator


def latest(client: Callable[[str], Any], name: str, metric: str) -> list[float]:
    now = datetime.now(UTC)
    (result,) = client("cloudwatch").get_metric_data(
        MetricDataQueries=[
            {
                "Id": "m",
                "MetricStat": {
                    "Metric": {
                        "Namespace": "AWS/RDS",
                        "MetricName": metric,
                        "Dimensions": [{"Name": "DBInstanceIdentifier", "Value": f"{name}-1"}],
                    },
                    "Period": 60,
                    "Stat": "Maximum",
                },
            }
        ],
        StartTime=now - timedelta(minutes=5),
        EndTime=now + timedelta(minutes=1),
    )["MetricDataResults"]
    # The newest first; an earlier one can be in another minute.
    return result["Values"][:1]


@pytest.fixture
def endpoint(rds: Any, name: str, certificates: Path) -> Iterator[str]:
    cluster = rds.create_db_cluster(**serverless_cluster_request(name, Port=6434))["DBCluster"]
    rds.create_db_instance(**instance_request(f"{name}-1", name))
    yield cluster["Endpoint"]
    rds.delete_db_instance(DBInstanceIdentifier=f"{name}-1")
    rds.delete_db_cluster(DBClusterIdentifier=name, SkipFinalSnapshot=True)


def log_in(endpoint: str, certificates: Path) -> psycopg.Connection:
    return psycopg.connect(
        host=endpoint,
        port=6434,
        user="platform",
        password="correct-horse",
        dbname="postgres",
        sslmode="verify-full",
        sslrootcert=str(certificates),
    )


def test_a_running_database_publishes_its_connections(
    client: Callable[[str], Any], name: str, endpoint: str, certificates: Path
) -> None:
    assert latest(client, name, "DatabaseConnections") == [0.0]
    assert latest(client, name, "ServerlessDatabaseCapacity") == [0.5]
    with ExitStack() as stack:
        for _ in range(3):
            stack.enter_context(log_in(endpoint, certificates))
        assert latest(client, name, "DatabaseConnections") == [3.0]


def test_an_idle_database_with_a_minimum_of_zero_is_paused(
    rds: Any, client: Callable[[str], Any], name: str, endpoint: str, certificates: Path
) -> None:
    rds.modify_db_cluster(
        DBClusterIdentifier=name,
        ServerlessV2ScalingConfiguration={"MinCapacity": 0, "MaxCapacity": 4},
    )
    assert latest(client, name, "ServerlessDatabaseCapacity") == [0.0]
    assert latest(client, name, "CPUUtilization") == [0.0]
    assert latest(client, name, "DatabaseConnections") == []
    with log_in(endpoint, certificates):
        assert latest(client, name, "ServerlessDatabaseCapacity") == [0.5]
        assert latest(client, name, "DatabaseConnections") == [1.0]
    assert latest(client, name, "ServerlessDatabaseCapacity") == [0.0]
    assert latest(client, name, "DatabaseConnections") == []
