"""Clusters with a real PostgreSQL 17 behind them."""

from pathlib import Path
from typing import Any

import psycopg
import pytest

from emulator.tests.aws.requests import rejection

pytestmark = pytest.mark.emulator

MASTER, PASSWORD = "platform", "the-first-password"


def create(rds: Any, name: str, **changes: Any) -> dict[str, Any]:
    made: dict[str, Any] = rds.create_db_cluster(
        DBClusterIdentifier=name,
        Engine="aurora-postgresql",
        EngineVersion="17.4",
        MasterUsername=MASTER,
        MasterUserPassword=PASSWORD,
        DatabaseName="trials",
        Port=6432,
        ServerlessV2ScalingConfiguration={"MinCapacity": 0.5, "MaxCapacity": 4},
        **changes,
    )["DBCluster"]
    return made


def add_instance(rds: Any, name: str) -> None:
    rds.create_db_instance(
        DBInstanceIdentifier=f"{name}-1",
        DBClusterIdentifier=name,
        Engine="aurora-postgresql",
        DBInstanceClass="db.serverless",
    )


def remove(rds: Any, name: str, **how: Any) -> None:
    rds.delete_db_instance(DBInstanceIdentifier=f"{name}-1")
    rds.delete_db_cluster(DBClusterIdentifier=name, **(how or {"SkipFinalSnapshot": True}))


def connect(
    cluster: dict[str, Any], certificates: Path, password: str = PASSWORD
) -> psycopg.Connection:
    return psycopg.connect(
        host=cluster["Endpoint"],
        port=cluster["Port"],
        user=MASTER,
        password=password,
        dbname="trials",
        sslmode="verify-full",
        sslrootcert=str(certificates),
        autocommit=True,
    )


def test_the_master_user_logs_in_at_the_endpoint(rds: Any, name: str, certificates: Path) -> None:
    rds.create_db_cluster_parameter_group(
        DBClusterParameterGroupName=name,
        DBParameterGroupFamily="aurora-postgresql17",
        Description="-",
    )
    rds.modify_db_cluster_parameter_group(
        DBClusterParameterGroupName=name,
        Parameters=[
            {"ParameterName": "work_mem", "ParameterValue": "8192", "ApplyMethod": "immediate"}
        ],
    )
    cluster = create(rds, name, DBClusterParameterGroupName=name)
    add_instance(rds, name)
    assert cluster["Endpoint"] == cluster["ReaderEndpoint"]
    with connect(cluster, certificates) as connection:
        row = connection.execute(
            "SELECT current_setting('work_mem'), current_setting('server_version_num')::int / 10000, "
            "rolsuper FROM pg_roles WHERE rolname = current_user"
        ).fetchone()
    assert row == ("8MB", 17, False)
    remove(rds, name)


def test_nothing_answers_before_there_is_an_instance(
    rds: Any, name: str, certificates: Path
) -> None:
    cluster = create(rds, name)
    with pytest.raises(psycopg.OperationalError, match="Connection refused"):
        connect(cluster, certificates)
    rds.delete_db_cluster(DBClusterIdentifier=name, SkipFinalSnapshot=True)


def test_without_instances_nothing_answers_and_the_data_stays(
    rds: Any, name: str, certificates: Path
) -> None:
    cluster = create(rds, name)
    add_instance(rds, name)
    with connect(cluster, certificates) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")
    rds.delete_db_instance(DBInstanceIdentifier=f"{name}-1")
    with pytest.raises(psycopg.OperationalError, match="Connection refused"):
        connect(cluster, certificates)
    rds.modify_db_cluster(DBClusterIdentifier=name, MasterUserPassword="the-second-password")
    add_instance(rds, name)
    with connect(cluster, certificates, "the-second-password") as connection:
        assert connection.execute("SELECT answer FROM kept").fetchall() == [(42,)]
    remove(rds, name)


def test_parameters_that_postgresql_rejects_fail_the_instance(
    rds: Any, name: str, certificates: Path
) -> None:
    rds.create_db_cluster_parameter_group(
        DBClusterParameterGroupName=name,
        DBParameterGroupFamily="aurora-postgresql17",
        Description="-",
    )
    rds.modify_db_cluster_parameter_group(
        DBClusterParameterGroupName=name,
        Parameters=[
            {
                "ParameterName": "shared_preload_libraries",
                "ParameterValue": "pgaudit",
                "ApplyMethod": "pending-reboot",
            }
        ],
    )
    create(rds, name, DBClusterParameterGroupName=name)
    rejected = rejection(
        rds.create_db_instance,
        DBInstanceIdentifier=f"{name}-1",
        DBClusterIdentifier=name,
        Engine="aurora-postgresql",
        DBInstanceClass="db.serverless",
    )
    assert rejected.code == "InvalidParameterCombination"
    assert 'could not access file "pgaudit"' in rejected.message
    rds.delete_db_cluster(DBClusterIdentifier=name, SkipFinalSnapshot=True)


def test_a_formula_leaves_the_servers_default(rds: Any, name: str, certificates: Path) -> None:
    """RDS computes it for the instance's class (Aurora user guide, Specifying DB parameters)."""
    formula = {
        "ParameterName": "max_connections",
        "ParameterValue": "LEAST({DBInstanceClassMemory/9531392},5000)",
        "ApplyMethod": "pending-reboot",
    }
    rds.create_db_cluster_parameter_group(
        DBClusterParameterGroupName=name,
        DBParameterGroupFamily="aurora-postgresql17",
        Description="-",
    )
    rds.modify_db_cluster_parameter_group(DBClusterParameterGroupName=name, Parameters=[formula])
    cluster = create(rds, name, DBClusterParameterGroupName=name)
    add_instance(rds, name)
    with connect(cluster, certificates) as connection:
        assert connection.execute("SHOW max_connections").fetchall() == [("100",)]
    remove(rds, name)


def test_a_modified_password_opens_the_database_and_the_old_one_does_not(
    rds: Any, name: str, certificates: Path
) -> None:
    cluster = create(rds, name)
    add_instance(rds, name)
    rds.modify_db_cluster(DBClusterIdentifier=name, MasterUserPassword="the-second-password")
    connect(cluster, certificates, "the-second-password").close()
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        connect(cluster, certificates)
    remove(rds, name)


def test_a_cluster_restored_from_a_snapshot_has_its_data_and_the_new_password(
    rds: Any, name: str, certificates: Path
) -> None:
    """The password is set before the first instance exists, as the official provider does."""
    cluster = create(rds, name)
    add_instance(rds, name)
    with connect(cluster, certificates) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")
    snapshot = f"{name}-snapshot"
    rds.create_db_cluster_snapshot(DBClusterIdentifier=name, DBClusterSnapshotIdentifier=snapshot)
    with connect(cluster, certificates) as connection:
        connection.execute("UPDATE kept SET answer = 43")
    restored = rds.restore_db_cluster_from_snapshot(
        DBClusterIdentifier=f"{name}-again",
        SnapshotIdentifier=snapshot,
        Engine="aurora-postgresql",
        Port=6432,
        ServerlessV2ScalingConfiguration={"MinCapacity": 0.5, "MaxCapacity": 4},
    )["DBCluster"]
    rds.modify_db_cluster(
        DBClusterIdentifier=f"{name}-again", MasterUserPassword="another-password"
    )
    add_instance(rds, f"{name}-again")
    with connect(restored, certificates, "another-password") as connection:
        assert connection.execute("SELECT answer FROM kept").fetchall() == [(42,)]
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        connect(restored, certificates)
    for each in (f"{name}-again", name):
        remove(rds, each)


def test_a_cluster_restored_from_a_final_snapshot_has_its_data(
    rds: Any, name: str, certificates: Path
) -> None:
    cluster = create(rds, name)
    add_instance(rds, name)
    with connect(cluster, certificates) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")
    remove(rds, name, SkipFinalSnapshot=False, FinalDBSnapshotIdentifier=f"{name}-final")
    restored = rds.restore_db_cluster_from_snapshot(
        DBClusterIdentifier=f"{name}-again",
        SnapshotIdentifier=f"{name}-final",
        Engine="aurora-postgresql",
        Port=6432,
        ServerlessV2ScalingConfiguration={"MinCapacity": 0.5, "MaxCapacity": 4},
    )["DBCluster"]
    add_instance(rds, f"{name}-again")
    with connect(restored, certificates) as connection:
        assert connection.execute("SELECT answer FROM kept").fetchall() == [(42,)]
    remove(rds, f"{name}-again")
