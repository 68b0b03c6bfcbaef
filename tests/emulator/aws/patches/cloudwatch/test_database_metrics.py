"""Metrics of a running PostgreSQL 17."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest

from emulator.aws import databases
from tests.emulator.aws.requests import instance_request, serverless_cluster_request

pytestmark = pytest.mark.emulator


@pytest.fixture
def certificates(server: object) -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    databases.enable(folder)
    yield folder / "ca.pem"
    databases.disable()
    shutil.rmtree(folder)


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
    return result["Values"]


def test_a_running_database_publishes_its_connections(
    rds: Any, client: Callable[[str], Any], name: str, certificates: Path
) -> None:
    cluster = rds.create_db_cluster(**serverless_cluster_request(name, Port=6434))["DBCluster"]
    rds.create_db_instance(**instance_request(f"{name}-1", name))
    assert latest(client, name, "DatabaseConnections") == [0.0]
    assert latest(client, name, "ServerlessDatabaseCapacity") == [0.5]
    with ExitStack() as stack:
        for _ in range(3):
            connection = psycopg.connect(
                host=cluster["Endpoint"],
                port=6434,
                user="platform",
                password="correct-horse",
                dbname="postgres",
                sslmode="verify-full",
                sslrootcert=str(certificates),
            )
            stack.enter_context(connection)
        assert latest(client, name, "DatabaseConnections") == [3.0]
    rds.delete_db_instance(DBInstanceIdentifier=f"{name}-1")
    rds.delete_db_cluster(DBClusterIdentifier=name, SkipFinalSnapshot=True)
