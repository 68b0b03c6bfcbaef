"""Restoration to a point in time, with a real PostgreSQL 17."""

import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest

from emulator.testing.requests import instance_request, serverless_cluster_request
from emulator.tests.aws.requests import rejection

pytestmark = pytest.mark.emulator


def connect(cluster: dict[str, Any], certificates: Path) -> psycopg.Connection:
    return psycopg.connect(
        host=cluster["Endpoint"],
        port=cluster["Port"],
        user="platform",
        password="correct-horse",
        dbname="postgres",
        sslmode="verify-full",
        sslrootcert=str(certificates),
        autocommit=True,
    )


def numbers(cluster: dict[str, Any], certificates: Path) -> list[int]:
    with connect(cluster, certificates) as connection:
        return [row[0] for row in connection.execute("SELECT number FROM kept ORDER BY number")]


def restore(rds: Any, name: str, suffix: str, **how: Any) -> dict[str, Any]:
    cluster = rds.restore_db_cluster_to_point_in_time(
        DBClusterIdentifier=f"{name}-{suffix}",
        SourceDBClusterIdentifier=name,
        ServerlessV2ScalingConfiguration={"MinCapacity": 0.5, "MaxCapacity": 4},
        **how,
    )["DBCluster"]
    rds.create_db_instance(**instance_request(f"{name}-{suffix}-1", f"{name}-{suffix}"))
    return cluster


def remove(rds: Any, name: str) -> None:
    rds.delete_db_instance(DBInstanceIdentifier=f"{name}-1")
    rds.delete_db_cluster(DBClusterIdentifier=name, SkipFinalSnapshot=True)


def test_a_cluster_is_restored_with_the_data_of_that_time(
    rds: Any, name: str, certificates: Path
) -> None:
    source = rds.create_db_cluster(**serverless_cluster_request(name, Port=6435))["DBCluster"]
    rds.create_db_instance(**instance_request(f"{name}-1", name))
    with connect(source, certificates) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 1 AS number")
        time.sleep(1.1)
        # Requests have whole seconds.
        before = datetime.now(UTC).replace(microsecond=0)
        time.sleep(1.1)
        connection.execute("UPDATE kept SET number = 2")
        connection.execute("INSERT INTO kept VALUES (3)")
    then = restore(rds, name, "then", RestoreToTime=before)
    latest = restore(rds, name, "latest", UseLatestRestorableTime=True)
    assert numbers(then, certificates) == [1]
    assert numbers(latest, certificates) == [2, 3]
    with connect(then, certificates) as connection:
        connection.execute("INSERT INTO kept VALUES (4)")
    assert numbers(then, certificates) == [1, 4]
    assert numbers(source, certificates) == [2, 3], "the source is as it was"
    for each in (f"{name}-then", f"{name}-latest", name):
        remove(rds, each)


def test_a_time_outside_of_the_window_is_rejected(rds: Any, name: str) -> None:
    rds.create_db_cluster(**serverless_cluster_request(name))
    for moment in (timedelta(days=-1), timedelta(minutes=5)):
        rejected = rejection(
            rds.restore_db_cluster_to_point_in_time,
            DBClusterIdentifier=f"{name}-then",
            SourceDBClusterIdentifier=name,
            RestoreToTime=datetime.now(UTC) + moment,
        )
        assert rejected.code == "InvalidParameterValue"
    rejected = rejection(
        rds.restore_db_cluster_to_point_in_time,
        DBClusterIdentifier=f"{name}-then",
        SourceDBClusterIdentifier=name,
    )
    assert rejected.code == "InvalidParameterCombination"


def test_a_clone_has_no_time(rds: Any, name: str) -> None:
    rds.create_db_cluster(**serverless_cluster_request(name))
    rejected = rejection(
        rds.restore_db_cluster_to_point_in_time,
        DBClusterIdentifier=f"{name}-clone",
        SourceDBClusterIdentifier=name,
        RestoreType="copy-on-write",
        RestoreToTime=datetime.now(UTC),
    )
    assert rejected.code == "InvalidParameterCombination"
