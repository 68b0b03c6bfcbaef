"""Parameters that change while a cluster's database runs."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from emulator.testing.requests import instance_request, serverless_cluster_request
from emulator.tests.aws.requests import create_parameter_group, rejection

pytestmark = [pytest.mark.emulator, pytest.mark.database]


class Cluster:
    """A cluster with a group and an instance of its name."""

    def __init__(self, rds: Any, name: str, certificates: Path) -> None:
        self._rds, self.name, self._certificates = rds, name, certificates
        create_parameter_group(rds, name)
        self._address = rds.create_db_cluster(
            **serverless_cluster_request(
                name, EngineVersion="17.4", DBClusterParameterGroupName=name, Port=6432
            )
        )["DBCluster"]["Endpoint"]
        rds.create_db_instance(**instance_request(f"{name}-1", name))

    def set(self, name: str, value: str, method: str) -> None:
        self._rds.modify_db_cluster_parameter_group(
            DBClusterParameterGroupName=self.name,
            Parameters=[{"ParameterName": name, "ParameterValue": value, "ApplyMethod": method}],
        )

    def reboot(self) -> None:
        self._rds.reboot_db_instance(DBInstanceIdentifier=f"{self.name}-1")

    def status(self) -> str:
        (cluster,) = self._rds.describe_db_clusters(DBClusterIdentifier=self.name)["DBClusters"]
        (member,) = cluster["DBClusterMembers"]
        return member["DBClusterParameterGroupStatus"]

    def connect(self, sslmode: str = "verify-full") -> psycopg.Connection:
        return psycopg.connect(
            host=self._address,
            port=6432,
            user="platform",
            password="correct-horse",
            dbname="postgres",
            sslmode=sslmode,
            sslrootcert=str(self._certificates),
            autocommit=True,
        )

    def shows(self, name: str) -> str:
        with self.connect() as connection:
            row = connection.execute(f"SHOW {name}".encode()).fetchone()
        assert row is not None
        return row[0]


@pytest.fixture
def cluster(rds: Any, name: str, certificates: Path) -> Iterator[Cluster]:
    yield Cluster(rds, name, certificates)
    rds.delete_db_instance(DBInstanceIdentifier=f"{name}-1")
    rds.delete_db_cluster(DBClusterIdentifier=name, SkipFinalSnapshot=True)


def _await(condition: Any) -> None:
    """A server reloads its files shortly after the request, not immediately."""
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_a_dynamic_parameter_takes_effect_at_once_and_a_static_one_with_a_reboot(
    cluster: Cluster,
) -> None:
    assert (cluster.shows("work_mem"), cluster.shows("max_connections")) == ("4MB", "100")
    with cluster.connect() as connection:
        cluster.set("work_mem", "8192", "immediate")
        _await(lambda: connection.execute("SHOW work_mem").fetchone() == ("8MB",))
    assert cluster.status() == "in-sync"
    cluster.set("max_connections", "50", "pending-reboot")
    assert (cluster.status(), cluster.shows("max_connections")) == ("pending-reboot", "100")
    cluster.reboot()
    assert (cluster.status(), cluster.shows("max_connections")) == ("in-sync", "50")
    assert cluster.shows("work_mem") == "8MB"


def test_a_dynamic_parameter_waits_for_a_reboot_where_asked(cluster: Cluster) -> None:
    cluster.set("work_mem", "8192", "pending-reboot")
    # Changed after it: once this one is visible, the server has reloaded its files.
    cluster.set("maintenance_work_mem", "131072", "immediate")
    _await(lambda: cluster.shows("maintenance_work_mem") == "128MB")
    assert (cluster.shows("work_mem"), cluster.status()) == ("4MB", "pending-reboot")
    cluster.reboot()
    assert (cluster.shows("work_mem"), cluster.status()) == ("8MB", "in-sync")


def test_a_reset_applies_to_dynamic_parameters_immediately(rds: Any, cluster: Cluster) -> None:
    cluster.set("work_mem", "8192", "immediate")
    cluster.set("max_connections", "50", "pending-reboot")
    cluster.reboot()
    rds.reset_db_cluster_parameter_group(
        DBClusterParameterGroupName=cluster.name, ResetAllParameters=True
    )
    _await(lambda: cluster.shows("work_mem") == "4MB")
    assert (cluster.shows("max_connections"), cluster.status()) == ("50", "pending-reboot")
    cluster.reboot()
    assert (cluster.shows("max_connections"), cluster.status()) == ("100", "in-sync")


def test_connections_without_tls_are_accepted_unless_tls_is_forced(
    cluster: Cluster,
) -> None:
    def unencrypted() -> bool:
        try:
            cluster.connect("disable").close()
        except psycopg.OperationalError:
            return False
        return True

    with pytest.raises(psycopg.OperationalError, match="no encryption"):
        cluster.connect("disable")
    cluster.set("rds.force_ssl", "0", "immediate")
    _await(unencrypted)


def test_another_group_waits_for_a_reboot(rds: Any, cluster: Cluster) -> None:
    other = create_parameter_group(rds, f"{cluster.name}-other")
    rds.modify_db_cluster_parameter_group(
        DBClusterParameterGroupName=other,
        Parameters=[
            {"ParameterName": "work_mem", "ParameterValue": "8192", "ApplyMethod": "immediate"}
        ],
    )
    rds.modify_db_cluster(DBClusterIdentifier=cluster.name, DBClusterParameterGroupName=other)
    assert (cluster.shows("work_mem"), cluster.status()) == ("4MB", "pending-reboot")
    cluster.reboot()
    assert (cluster.shows("work_mem"), cluster.status()) == ("8MB", "in-sync")


def test_a_reboot_that_postgresql_rejects_leaves_it_running(rds: Any, cluster: Cluster) -> None:
    cluster.set("shared_preload_libraries", "pgaudit", "pending-reboot")
    rejected = rejection(rds.reboot_db_instance, DBInstanceIdentifier=f"{cluster.name}-1")
    assert rejected.code == "InvalidParameterCombination"
    assert 'could not access file "pgaudit"' in rejected.message
    assert (cluster.shows("max_connections"), cluster.status()) == ("100", "pending-reboot")
