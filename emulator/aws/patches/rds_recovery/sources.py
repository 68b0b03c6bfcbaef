"""Lookup of a restore's source by name, ARN or resource ID."""

from emulator.aws.errors import reject, reject_unknown_cluster
from emulator.aws.moto_adapter.call import Answer, Call, Proceed
from emulator.aws.registry import patch_operations


@patch_operations(
    "rds:RestoreDBClusterFromSnapshot",
    moto_behaviour="a snapshot is found by its name only, in lower case",
    aws="SnapshotIdentifier is a name or an ARN, in any case",
    source="RDS API reference, RestoreDBClusterFromSnapshot, SnapshotIdentifier",
    test="rds_recovery/test_sources::test_a_snapshot_is_found_by_its_arn",
)
def find_snapshot(call: Call, proceed: Proceed) -> Answer:
    """Replace an ARN by the name."""
    name = call.params["SnapshotIdentifier"]
    if name.startswith("arn:"):
        name = name.partition(":cluster-snapshot:")[2]
    if name.lower() not in call.rds.cluster_snapshots:
        message = f"DBClusterSnapshot not found: {call.params['SnapshotIdentifier']}"
        reject("DBClusterSnapshotNotFoundFault", message)
    call.rewrite("SnapshotIdentifier", name.lower())
    return proceed()


@patch_operations(
    "rds:RestoreDBClusterToPointInTime",
    moto_behaviour="SourceDbClusterResourceId and an ARN are not known",
    aws="the source is named by its identifier, its ARN or its resource ID; the latter also names "
    "the automated backups of a deleted cluster, which this emulator does not keep",
    source="RDS API reference, RestoreDBClusterToPointInTime, SourceDBClusterIdentifier and "
    "SourceDbClusterResourceId",
    test="rds_recovery/test_sources::test_a_source_is_found_by_its_arn_and_its_resource_id",
)
def find_source(call: Call, proceed: Proceed) -> Answer:
    """Replace the resource ID or ARN by the identifier."""
    resource_id = call.params.get("SourceDbClusterResourceId")
    if resource_id is None:
        name = call.params["SourceDBClusterIdentifier"].rpartition(":")[2].lower()
        if name not in call.rds.clusters:
            reject_unknown_cluster(name)
    else:
        name = _with_resource_id(call, resource_id)
    call.rewrite("SourceDBClusterIdentifier", name)
    return proceed()


def _with_resource_id(call: Call, resource_id: str) -> str:
    found = [
        name
        for name, cluster in call.rds.clusters.items()
        if cluster.db_cluster_resource_id == resource_id
    ]
    if not found:
        message = f"No automated backup found for {resource_id}"
        reject("DBClusterAutomatedBackupNotFoundFault", message)
    return found[0]
