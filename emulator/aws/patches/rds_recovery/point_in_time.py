"""Restoration of a cluster to a point in time, with its data."""

from datetime import UTC, datetime

from moto.rds.models import DBCluster

from emulator.aws import databases
from emulator.aws.databases import PointInTime
from emulator.aws.errors import (
    reject,
    reject_combination,
    reject_value,
)
from emulator.aws.moto_adapter.call import Answer, Call, Proceed
from emulator.aws.registry import patch_operations
from emulator.postgresql.errors import PostgresqlError

_TEST = "rds_recovery/test_point_in_time"


@patch_operations(
    "rds:RestoreDBClusterToPointInTime",
    moto_behaviour="any time is accepted, and the new cluster has no data",
    aws="the time lies in the restore window; the new cluster has the source's data as of then, "
    "and accepts connections once it has an instance",
    source="RDS API reference, RestoreDBClusterToPointInTime; Aurora user guide, Restoring a DB "
    "cluster to a specified time",
    test=f"{_TEST}::test_a_cluster_is_restored_with_the_data_of_that_time",
)
def restore_data(call: Call, proceed: Proceed) -> Answer:
    """Register the new cluster's database before moto returns the endpoint."""
    source = call.rds.clusters[call.params["SourceDBClusterIdentifier"]]
    until = _time(call, source)
    servers = databases.current()
    identifier = call.params["DBClusterIdentifier"].lower()
    if servers is None:
        return proceed()
    port = call.params.get("Port") or source.port
    try:
        servers.register(identifier, port, PointInTime(source.db_cluster_identifier, until))
    except PostgresqlError as failure:
        reject("InternalFailure", f"the database of {identifier} cannot start: {failure}")
    try:
        return proceed()
    except BaseException:
        servers.remove(identifier)
        raise


def _time(call: Call, source: DBCluster) -> datetime:
    """Return the requested time; now for the latest."""
    sent: datetime | None = call.params.get("RestoreToTime")
    latest = bool(call.params.get("UseLatestRestorableTime"))
    if (sent is None) is not latest:
        reject_combination(
            "Exactly one of RestoreToTime and UseLatestRestorableTime must be specified"
        )
    if sent is not None and call.params.get("RestoreType") == "copy-on-write":
        reject_combination("RestoreToTime cannot be specified when RestoreType is copy-on-write")
    if sent is None:
        return datetime.now(UTC)
    until = sent if sent.tzinfo else sent.replace(tzinfo=UTC)
    earliest = _aware(source.earliest_restorable_time)
    if not earliest <= until <= datetime.now(UTC):
        reject_value(
            f"The requested time {until:%Y-%m-%dT%H:%M:%SZ} is outside of the restore window, "
            f"which starts at {earliest:%Y-%m-%dT%H:%M:%SZ}"
        )
    return until


def _aware(value: datetime | str) -> datetime:
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
