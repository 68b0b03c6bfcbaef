"""Clusters as databases: a real PostgreSQL answers at their endpoints, where one is wanted."""

from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

from moto.rds.models import DBCluster

from emulator.aws import databases
from emulator.aws.databases import NewDatabase
from emulator.aws.errors import refuse_combination
from emulator.aws.moto_internals import Answer, Call, Proceed
from emulator.aws.registry import changes_classes, corrects
from emulator.postgresql.errors import PostgresqlError

_TEST = "test_rds_databases"
_DEFAULT_DATABASE = "postgres"
_DEFAULT_PORT = 5432


@changes_classes(
    fault="endpoints are names that nothing answers at",
    aws="they are the database's",
    source="Aurora user guide, Amazon Aurora endpoint connections",
    test=f"{_TEST}::test_the_master_user_logs_in_at_the_endpoint",
)
def endpoints_are_addresses() -> None:
    """Answer with the address of the cluster's server."""
    for name in ("endpoint", "reader_endpoint"):
        told = getattr(DBCluster, name)
        setattr(DBCluster, name, property(_address_or(told)))


@corrects(
    "rds:CreateDBCluster",
    "rds:RestoreDBClusterFromSnapshot",
    fault="a cluster has no database",
    aws="it has one, which answers as soon as there is an instance",
    source="Aurora user guide, Amazon Aurora DB clusters",
    test=f"{_TEST}::test_nothing_answers_before_there_is_an_instance",
)
def cluster_has_an_address(call: Call, proceed: Proceed) -> Answer:
    """Announce the cluster before moto tells its endpoint."""
    kept, origin = databases.kept(), _origin(call)
    if kept is None or origin is None:
        return proceed()
    identifier = call.params["DBClusterIdentifier"].lower()
    kept.announce(identifier, call.params.get("Port") or _DEFAULT_PORT, origin)
    try:
        return proceed()
    except BaseException:
        kept.remove(identifier)
        raise


@corrects(
    "rds:CreateDBInstance",
    fault="parameters that PostgreSQL refuses are taken",
    aws="the instance becomes incompatible-parameters and never answers; this emulator refuses it "
    "at once, with PostgreSQL's own words",
    source="RDS user guide, DB instance status, incompatible-parameters",
    test=f"{_TEST}::test_parameters_that_postgresql_refuses_fail_the_instance",
)
def first_instance_starts_the_database(call: Call, proceed: Proceed) -> Answer:
    """Start the server with the parameter group's values."""
    kept = databases.kept()
    if kept is None:
        return proceed()
    cluster = call.rds.clusters[call.params["DBClusterIdentifier"].lower()]
    with parameters_that_start():
        kept.start(cluster.db_cluster_identifier, parameters_of(call, cluster))
    return proceed()


@corrects(
    "rds:ModifyDBCluster",
    fault="a new master password is kept and opens nothing",
    aws="it is set at once",
    source="RDS API reference, ModifyDBCluster, MasterUserPassword",
    test=f"{_TEST}::test_a_modified_password_opens_the_database_and_the_old_one_does_not",
)
def password_is_set(call: Call, proceed: Proceed) -> Answer:
    """Set the password in the database too."""
    result = proceed()
    kept = databases.kept()
    password = call.params.get("MasterUserPassword")
    if kept is not None and password:
        cluster = call.rds.clusters[call.params["DBClusterIdentifier"].lower()]
        kept.set_password(cluster.db_cluster_identifier, str(cluster.master_username), password)
    return result


@corrects(
    "rds:DeleteDBCluster",
    fault="a final snapshot holds no data",
    aws="it holds the database, and a cluster restored from it has it again",
    source="Aurora user guide, restoring from a DB cluster snapshot",
    test=f"{_TEST}::test_a_cluster_restored_from_a_final_snapshot_has_its_data",
)
def final_snapshot_holds_the_data(call: Call, proceed: Proceed) -> Answer:
    """Copy the data, then let the cluster go."""
    kept = databases.kept()
    identifier = call.params["DBClusterIdentifier"].lower()
    cluster = call.rds.clusters.get(identifier)
    final = call.params.get("FinalDBSnapshotIdentifier")
    if kept is None or cluster is None:
        return proceed()
    deletable = not cluster.deletion_protection and not cluster.members
    if deletable and final and kept.is_running(identifier) and not kept.has_snapshot(final.lower()):
        kept.snapshot(identifier, final.lower())
    result = proceed()
    kept.remove(identifier)
    return result


def _origin(call: Call) -> NewDatabase | str | None:
    """What the cluster's database begins with; None where this emulator makes none."""
    snapshot = call.params.get("SnapshotIdentifier")
    if snapshot is not None:
        name = snapshot.rpartition(":")[2].lower()
        kept = databases.kept()
        return name if kept is not None and kept.has_snapshot(name) else None
    password = call.params.get("MasterUserPassword")
    if not password:
        return None
    name = call.params.get("DatabaseName") or _DEFAULT_DATABASE
    return NewDatabase(call.params["MasterUsername"], password, name)


def _address_or(told: Any) -> Any:
    def read(cluster: DBCluster) -> str:
        kept = databases.kept()
        address = kept.address(cluster.db_cluster_identifier) if kept else None
        return address or told.fget(cluster)

    return read


@contextmanager
def parameters_that_start() -> Generator[None]:
    """Refuse the request if PostgreSQL does not start with the parameters that it gets here.

    Raises:
        AwsError: InvalidParameterCombination, with PostgreSQL's own words.
    """
    try:
        yield
    except PostgresqlError as failure:
        refuse_combination(f"PostgreSQL 17 does not start with the parameter group: {failure}")


def parameters_of(call: Call, cluster: DBCluster) -> dict[str, str]:
    """Return the values that a cluster's parameter group sets."""
    group = call.rds.db_cluster_parameter_groups.get(str(cluster.parameter_group))
    stored: dict[str, dict[str, Any]] = group.parameters if group else {}
    return {
        name: str(row["ParameterValue"]) for name, row in stored.items() if "ParameterValue" in row
    }
