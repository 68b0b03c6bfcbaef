"""The log of a running PostgreSQL 17 in CloudWatch Logs."""

from pathlib import Path
from typing import Any

import psycopg
import pytest

from emulator.testing.requests import instance_request, serverless_cluster_request

pytestmark = pytest.mark.emulator


def test_the_log_of_a_database_arrives_in_its_group(
    rds: Any, logs: Any, name: str, certificates: Path
) -> None:
    group = f"/aws/rds/cluster/{name}/postgresql"
    logs.create_log_group(logGroupName=group)
    cluster = rds.create_db_cluster(
        **serverless_cluster_request(name, EnableCloudwatchLogsExports=["postgresql"], Port=6433)
    )["DBCluster"]
    rds.create_db_instance(**instance_request(f"{name}-1", name))
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(
            host=cluster["Endpoint"],
            port=6433,
            user="nobody",
            password="wrong",
            dbname="postgres",
            sslmode="verify-full",
            sslrootcert=str(certificates),
        )
    (stream,) = logs.describe_log_streams(logGroupName=group)["logStreams"]
    assert stream["logStreamName"] == f"{name}-1.0"
    messages = [each["message"] for each in logs.filter_log_events(logGroupName=group)["events"]]
    refused = [each for each in messages if "FATAL" in each]
    assert len(refused) == 1
    assert 'password authentication failed for user "nobody"' in refused[0]
    assert len(logs.filter_log_events(logGroupName=group)["events"]) == len(messages)
    rds.delete_db_instance(DBInstanceIdentifier=f"{name}-1")
    assert len(logs.filter_log_events(logGroupName=group)["events"]) == len(messages)
    rds.delete_db_cluster(DBClusterIdentifier=name, SkipFinalSnapshot=True)
