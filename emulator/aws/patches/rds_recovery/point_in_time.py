"""Restoration of a cluster to a point in time, with its data."""

from datetime import UTC, datetime
from typing import Any

from moto.rds.models import DBCluster

from emulator.aws import databases
from emulator.aws.aurora import versions as aurora_versions
from emulator.aws.databases import PointInTime
from emulator.aws.errors import (
    reject,
    reject_combination,
    reject_unknown_cluster,
    reject_value,
)
from emulator.aws.moto_adapter.call import Answer, Call, Proceed, members_of
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
    source = _source(call)
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


@patch_operations(
    "rds:RestoreDBClusterToPointInTime",
    moto_behaviour="tags and deletion protection are copied from the source; parameter group, "
    "security groups and IAM authentication are lost",
    aws="what is not sent has AWS's default, not the source's value: the family's default "
    "parameter group, the VPC's default security group, no protection, no IAM authentication",
    source="RDS API reference, RestoreDBClusterToPointInTime, request parameters",
    test=f"{_TEST}::test_what_is_not_sent_has_the_default_and_not_the_sources_value",
)
def apply_defaults(call: Call, proceed: Proceed) -> Answer:
    """Set what moto copies or loses."""
    source, sent = _source(call), call.params
    family = aurora_versions.table()[source.engine_version].family
    group = str(sent.get("DBClusterParameterGroupName") or f"default.{family}").lower()
    if not group.startswith("default.") and group not in call.rds.db_cluster_parameter_groups:
        reject("DBClusterParameterGroupNotFound", f"DBClusterParameterGroup not found: {group}")
    result = proceed()
    cluster: DBCluster = members_of(result)["DBCluster"]
    values: dict[str, Any] = {
        "parameter_group": group,
        "deletion_protection": bool(sent.get("DeletionProtection")),
        "iam_auth": bool(sent.get("EnableIAMDatabaseAuthentication")),
        "enabled_cloudwatch_logs_exports": list(sent.get("EnableCloudwatchLogsExports", [])),
        "copy_tags_to_snapshot": bool(sent.get("CopyTagsToSnapshot")),
    }
    for name, value in values.items():
        setattr(cluster, name, value)
    cluster.tags = [{"Key": tag["Key"], "Value": tag["Value"]} for tag in sent.get("Tags", [])]
    return result


def _source(call: Call) -> DBCluster:
    identifier = call.params["SourceDBClusterIdentifier"].rpartition(":")[2].lower()
    if identifier not in call.rds.clusters:
        reject_unknown_cluster(identifier)
    return call.rds.clusters[identifier]


def _time(call: Call, source: DBCluster) -> datetime | None:
    """Return the requested time; None for the latest."""
    sent: datetime | None = call.params.get("RestoreToTime")
    latest = bool(call.params.get("UseLatestRestorableTime"))
    if (sent is None) is not latest:
        reject_combination(
            "Exactly one of RestoreToTime and UseLatestRestorableTime must be specified"
        )
    if sent is None:
        return None
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
