"""Properties of a restored cluster: those of its source, and those of the request."""

from collections.abc import Mapping

from moto.rds.models import DBCluster

from emulator.aws.aurora import versions as aurora_versions
from emulator.aws.errors import reject, reject_combination
from emulator.aws.moto_adapter.call import Answer, Call, Proceed, members_of
from emulator.aws.registry import patch_operations

_TEST = "rds_recovery/test_restored_clusters"
_NOT_SENT: Mapping[str, tuple[str, object]] = {
    "DeletionProtection": ("deletion_protection", False),
    "EnableIAMDatabaseAuthentication": ("iam_auth", False),
    "EnableCloudwatchLogsExports": ("enabled_cloudwatch_logs_exports", []),
    "CopyTagsToSnapshot": ("copy_tags_to_snapshot", False),
    "DatabaseInsightsMode": ("database_insights_mode", "standard"),
    "EnablePerformanceInsights": ("performance_insights_enabled", False),
}
"""moto's name and AWS's default of what a restore never copies from the source."""


@patch_operations(
    "rds:RestoreDBClusterFromSnapshot",
    moto_behaviour="a snapshot can be restored with an earlier engine version",
    aws="InvalidParameterCombination for a version that is earlier than the snapshot's",
    source="Aurora user guide, Restoring from a DB cluster snapshot: the version of the snapshot "
    "or a later one",
    test=f"{_TEST}::test_a_snapshot_is_not_restored_with_an_earlier_version",
)
def reject_earlier_version(call: Call, proceed: Proceed) -> Answer:
    """Compare the requested version with the snapshot's."""
    snapshot = call.rds.cluster_snapshots[call.params["SnapshotIdentifier"]]
    source = str(snapshot.cluster.engine_version)
    wanted = str(call.params.get("EngineVersion") or source)
    if _numbers(wanted) < _numbers(source):
        reject_combination(f"Cannot restore a snapshot of engine version {source} to {wanted}")
    return proceed()


@patch_operations(
    "rds:RestoreDBClusterFromSnapshot",
    "rds:RestoreDBClusterToPointInTime",
    moto_behaviour="tags, protection, parameter group and more are copied from the source or lost, "
    "and values that are false are ignored",
    aws="what is not sent has AWS's default, not the source's value: the family's default "
    "parameter group, the VPC's default security group, no protection, no IAM authentication, no "
    "exported log, no tag",
    source="RDS API reference, RestoreDBClusterFromSnapshot and RestoreDBClusterToPointInTime, "
    "request parameters",
    test=f"{_TEST}::test_what_is_not_sent_has_the_default_and_not_the_sources_value",
)
def apply_defaults(call: Call, proceed: Proceed) -> Answer:
    """Set what moto copies or loses."""
    sent, version = call.params, _version(call)
    group = str(
        sent.get("DBClusterParameterGroupName")
        or f"default.{aurora_versions.table()[version].family}"
    ).lower()
    if not group.startswith("default.") and group not in call.rds.db_cluster_parameter_groups:
        reject("DBClusterParameterGroupNotFound", f"DBClusterParameterGroup not found: {group}")
    result = proceed()
    cluster: DBCluster = members_of(result)["DBCluster"]
    values = {name: sent.get(member, default) for member, (name, default) in _NOT_SENT.items()}
    for name, value in {**values, "parameter_group": group}.items():
        setattr(cluster, name, value)
    cluster.tags = [{"Key": tag["Key"], "Value": tag["Value"]} for tag in sent.get("Tags", [])]
    return result


def _version(call: Call) -> str:
    if call.operation == "RestoreDBClusterToPointInTime":
        return str(call.rds.clusters[call.params["SourceDBClusterIdentifier"]].engine_version)
    snapshot = call.rds.cluster_snapshots[call.params["SnapshotIdentifier"]]
    return str(call.params.get("EngineVersion") or snapshot.cluster.engine_version)


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split(".")))
