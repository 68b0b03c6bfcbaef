"""Databases of clusters: a real PostgreSQL at their endpoints, if databases are enabled."""

from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

from moto.rds.models import DBCluster

from emulator.aws import databases
from emulator.aws.aurora.parameters import is_formula
from emulator.aws.databases import NewDatabase
from emulator.aws.errors import reject, reject_combination
from emulator.aws.moto_adapter.call import Answer, Call, Proceed
from emulator.aws.patches.rds.managed_passwords import generated_password
from emulator.aws.registry import patch_classes, patch_operations
from emulator.postgresql.errors import PostgresqlError

_TEST = "rds/test_databases"
_DEFAULT_DATABASE = "postgres"
_DEFAULT_PORT = 5432


@patch_classes(
    moto_behaviour="nothing answers at a cluster's endpoints",
    aws="the database answers at the endpoints",
    source="Aurora user guide, Amazon Aurora endpoint connections",
    test=f"{_TEST}::test_the_master_user_logs_in_at_the_endpoint",
)
def resolve_endpoints() -> None:
    """Return the address of the cluster's server."""
    for name in ("endpoint", "reader_endpoint"):
        moto_property = getattr(DBCluster, name)
        setattr(DBCluster, name, property(_address_or(moto_property)))


@patch_operations(
    "rds:CreateDBCluster",
    "rds:RestoreDBClusterFromSnapshot",
    moto_behaviour="a cluster has no database",
    aws="a cluster has a database, which accepts connections once there is an instance",
    source="Aurora user guide, Amazon Aurora DB clusters",
    test=f"{_TEST}::test_nothing_answers_before_there_is_an_instance",
)
def register_database(call: Call, proceed: Proceed) -> Answer:
    """Register the cluster's database before moto returns the endpoint."""
    servers, origin = databases.current(), _origin(call)
    if servers is None or origin is None:
        return proceed()
    identifier = call.params["DBClusterIdentifier"].lower()
    try:
        servers.register(identifier, call.params.get("Port") or _DEFAULT_PORT, origin)
    except PostgresqlError as failure:
        reject("InternalFailure", f"the database of {identifier} cannot start: {failure}")
    try:
        return proceed()
    except BaseException:
        servers.remove(identifier)
        raise


@patch_operations(
    "rds:CreateDBInstance",
    moto_behaviour="parameters that PostgreSQL rejects are accepted",
    aws="the instance becomes incompatible-parameters and never answers; this emulator rejects "
    "it at once and quotes PostgreSQL",
    source="RDS user guide, DB instance status, incompatible-parameters",
    test=f"{_TEST}::test_parameters_that_postgresql_rejects_fail_the_instance",
)
def start_database(call: Call, proceed: Proceed) -> Answer:
    """Start the server with the parameter group's values."""
    servers = databases.current()
    if servers is None:
        return proceed()
    cluster = call.rds.clusters[call.params["DBClusterIdentifier"].lower()]
    with parameters_that_start():
        servers.start(cluster.db_cluster_identifier, parameters_of(call, cluster))
    return proceed()


@patch_operations(
    "rds:DeleteDBInstance",
    moto_behaviour="nothing answers at a cluster's endpoints",
    aws="without an instance nothing answers; the data stays in the cluster's storage",
    source="Aurora user guide, Amazon Aurora DB clusters, Deleting a DB instance from a cluster",
    test=f"{_TEST}::test_without_instances_nothing_answers_and_the_data_stays",
)
def stop_database(call: Call, proceed: Proceed) -> Answer:
    """Stop the server with the last instance."""
    result = proceed()
    servers = databases.current()
    for cluster in call.rds.clusters.values() if servers is not None else ():
        if servers is not None and not cluster.members:
            servers.suspend(cluster.db_cluster_identifier)
    return result


@patch_operations(
    "rds:ModifyDBCluster",
    moto_behaviour="a new master password has no effect",
    aws="the password changes at once",
    source="RDS API reference, ModifyDBCluster, MasterUserPassword",
    test=f"{_TEST}::test_a_modified_password_opens_the_database_and_the_old_one_does_not",
)
def set_master_password(call: Call, proceed: Proceed) -> Answer:
    """Set the password in the database."""
    result = proceed()
    servers = databases.current()
    password = call.params.get("MasterUserPassword")
    if servers is not None and password:
        cluster = call.rds.clusters[call.params["DBClusterIdentifier"].lower()]
        servers.set_password(cluster.db_cluster_identifier, str(cluster.master_username), password)
    return result


@patch_operations(
    "rds:DeleteDBCluster",
    moto_behaviour="a final snapshot contains no data",
    aws="it contains the database's data, and so does a cluster restored from it",
    source="Aurora user guide, restoring from a DB cluster snapshot",
    test=f"{_TEST}::test_a_cluster_restored_from_a_final_snapshot_has_its_data",
)
def snapshot_data(call: Call, proceed: Proceed) -> Answer:
    """Copy the data before the cluster is deleted."""
    servers = databases.current()
    identifier = call.params["DBClusterIdentifier"].lower()
    cluster = call.rds.clusters.get(identifier)
    final = call.params.get("FinalDBSnapshotIdentifier")
    if servers is None or cluster is None:
        return proceed()
    deletable = not cluster.deletion_protection and not cluster.members
    if (
        deletable
        and final
        and servers.has_data(identifier)
        and not servers.has_snapshot(final.lower())
    ):
        servers.snapshot(identifier, final.lower())
    result = proceed()
    servers.remove(identifier)
    return result


@patch_operations(
    "rds:CreateDBClusterSnapshot",
    moto_behaviour="a snapshot contains no data",
    aws="it contains the database's data of that moment",
    source="Aurora user guide, Creating a DB cluster snapshot",
    test=f"{_TEST}::test_a_cluster_restored_from_a_snapshot_has_its_data_and_the_new_password",
)
def snapshot_data_by_hand(call: Call, proceed: Proceed) -> Answer:
    """Copy the data of a database."""
    result = proceed()
    servers = databases.current()
    identifier = call.params["DBClusterIdentifier"].lower()
    if servers is not None and servers.has_data(identifier):
        servers.snapshot(identifier, call.params["DBClusterSnapshotIdentifier"].lower())
    return result


def _origin(call: Call) -> NewDatabase | str | None:
    """Return the cluster's initial database or snapshot; None if it has no database."""
    snapshot = call.params.get("SnapshotIdentifier")
    if snapshot is not None:
        name = snapshot.lower()
        servers = databases.current()
        return name if servers is not None and servers.has_snapshot(name) else None
    password = call.params.get("MasterUserPassword")
    if call.params.get("ManageMasterUserPassword"):
        # The secret's own replaces it.
        password = generated_password()
    if not password:
        return None
    name = call.params.get("DatabaseName") or _DEFAULT_DATABASE
    return NewDatabase(call.params["MasterUsername"], password, name)


def _address_or(moto_property: Any) -> Any:
    def read(cluster: DBCluster) -> str:
        servers = databases.current()
        address = servers.address(cluster.db_cluster_identifier) if servers else None
        return address or moto_property.fget(cluster)

    return read


@contextmanager
def parameters_that_start() -> Generator[None]:
    """Reject the request if PostgreSQL does not start with its parameters.

    Raises:
        ServiceError: InvalidParameterCombination, with PostgreSQL's own words.
    """
    try:
        yield
    except PostgresqlError as failure:
        reject_combination(f"PostgreSQL 17 does not start with the parameter group: {failure}")


def parameters_of(call: Call, cluster: DBCluster) -> dict[str, str]:
    """Return the values that a cluster's parameter group sets.

    Without formulas: RDS computes them for the instance's class, and a local server has none.
    """
    group = call.rds.db_cluster_parameter_groups.get(str(cluster.parameter_group))
    stored: dict[str, dict[str, Any]] = group.parameters if group else {}
    values = {
        name: str(row["ParameterValue"]) for name, row in stored.items() if "ParameterValue" in row
    }
    return {name: value for name, value in values.items() if not is_formula(value)}
