"""Existence of clusters: unique identifiers, lookup in any case, and deletion."""

from operator import attrgetter
from typing import Any

from moto.rds.models import DBCluster, DBClusterSnapshot, DBSubnetGroup, RDSBackend

from emulator.aws.aurora import identifiers
from emulator.aws.errors import reject, reject_combination, reject_unknown_cluster
from emulator.aws.moto_adapter.call import Answer, Call, Proceed, members_of
from emulator.aws.registry import patch_classes, patch_operations

_TEST = "rds/test_clusters"

_SNAPSHOT_MEMBERS = (
    "availability_zones",
    "db_cluster_resource_id",
    "engine_mode",
    "iam_database_authentication_enabled",
    "storage_type",
)


@patch_operations(
    "rds:CreateDBCluster",
    "rds:RestoreDBClusterFromSnapshot",
    "rds:RestoreDBClusterToPointInTime",
    moto_behaviour="any text is an identifier",
    aws="InvalidParameterValue for an invalid identifier",
    source="RDS API reference, CreateDBCluster, DBClusterIdentifier",
    test=f"{_TEST}::test_an_identifier_that_breaks_the_grammar_is_rejected",
)
def validate_cluster_identifier(call: Call, proceed: Proceed) -> Answer:
    """Validate a new identifier; moto finds it in any case."""
    identifiers.check("DBClusterIdentifier", call.params["DBClusterIdentifier"], longest=63)
    return proceed()


@patch_operations(
    "rds:CreateDBCluster",
    "rds:RestoreDBClusterFromSnapshot",
    "rds:RestoreDBClusterToPointInTime",
    moto_behaviour="a second create request replaces the cluster, even if it is protected",
    aws="DBClusterAlreadyExistsFault; nothing changes",
    source="RDS API reference, CreateDBCluster, Errors",
    test=f"{_TEST}::test_a_second_cluster_of_the_same_name_is_rejected_and_changes_nothing",
)
def require_new_cluster(call: Call, proceed: Proceed) -> Answer:
    """Reject an identifier that is in use."""
    if call.params["DBClusterIdentifier"].lower() in call.rds.clusters:
        reject("DBClusterAlreadyExistsFault", "DB Cluster already exists")
    return proceed()


@patch_operations(
    "rds:CreateDBCluster",
    "rds:RestoreDBClusterFromSnapshot",
    "rds:RestoreDBClusterToPointInTime",
    moto_behaviour="an automated snapshot of a deleted cluster blocks its identifier within the "
    "same minute",
    aws="automated snapshots do not block the identifiers of other clusters",
    source="RDS API reference, DeleteDBCluster, DeleteAutomatedBackups",
    test=f"{_TEST}::test_a_deleted_cluster_can_be_created_again_immediately",
)
def forget_automated_snapshots(call: Call, proceed: Proceed) -> Answer:
    """Remove the automated snapshots of a deleted cluster with this identifier."""
    _forget_automated_snapshots(call, call.params["DBClusterIdentifier"].lower())
    return proceed()


@patch_operations(
    "rds:ModifyDBCluster",
    "rds:PromoteReadReplicaDBCluster",
    moto_behaviour="modifying or promoting a missing cluster fails with a KeyError",
    aws="DBClusterNotFoundFault",
    source="RDS API reference, ModifyDBCluster and PromoteReadReplicaDBCluster, Errors",
    test=f"{_TEST}::test_modifying_or_promoting_a_missing_cluster_is_rejected",
)
def require_existing_cluster(call: Call, proceed: Proceed) -> Answer:
    """Reject an unknown cluster."""
    existing_cluster(call)
    return proceed()


@patch_operations(
    "rds:ModifyDBCluster",
    moto_behaviour="a stopped cluster can be modified",
    aws="InvalidDBClusterStateFault",
    source='Amazon Aurora User Guide, "Stopping and starting an Amazon Aurora DB cluster"',
    test=f"{_TEST}::test_a_stopped_cluster_cannot_be_modified",
)
def require_running_cluster(call: Call, proceed: Proceed) -> Answer:
    """Reject a modification of a stopped cluster."""
    cluster = existing_cluster(call)
    if cluster.status == "stopped":
        message = f"DbCluster {cluster.db_cluster_identifier} is in stopped state"
        reject("InvalidDBClusterStateFault", message)
    return proceed()


@patch_operations(
    "rds:ModifyDBCluster",
    moto_behaviour="a modification that moto rejects removes the cluster",
    aws="a rejected modification changes nothing",
    source="RDS API reference, ModifyDBCluster, Errors",
    test=f"{_TEST}::test_a_rejected_rotation_of_a_managed_password_keeps_the_cluster",
)
def keep_cluster_after_rejection(call: Call, proceed: Proceed) -> Answer:
    """Restore the cluster that moto removes before it validates."""
    cluster = call.rds.clusters[call.params["DBClusterIdentifier"]]
    try:
        return proceed()
    except Exception:
        call.rds.clusters[cluster.db_cluster_identifier] = cluster
        raise


@patch_operations(
    "rds:DeleteDBCluster",
    moto_behaviour="a cluster can be deleted without a final snapshot's identifier, its "
    "automated snapshots stay, and the response's status is `available`",
    aws="InvalidParameterCombination unless either SkipFinalSnapshot or an identifier is sent; "
    "DBClusterSnapshotAlreadyExistsFault; automated snapshots are deleted unless "
    "DeleteAutomatedBackups is false; the status is `deleting`",
    source="RDS API reference, DeleteDBCluster",
    test=f"{_TEST}::test_an_invalid_deletion_is_rejected_by_aws",
)
def validate_final_snapshot(call: Call, proceed: Proceed) -> Answer:
    """Validate the final snapshot before anything is removed."""
    cluster = existing_cluster(call)
    skips = call.params.get("SkipFinalSnapshot", False)
    final = call.params.get("FinalDBSnapshotIdentifier")
    if not cluster.deletion_protection and not cluster.members:
        if not skips and not final:
            reject_combination(
                "FinalDBSnapshotIdentifier is required unless SkipFinalSnapshot is specified."
            )
        if skips and final:
            reject_combination(
                "FinalDBSnapshotIdentifier can not be specified when SkipFinalSnapshot is true."
            )
        if final:
            identifiers.check("FinalDBSnapshotIdentifier", final, longest=255)
            if final.lower() in call.rds.cluster_snapshots:
                message = f"Cannot create the cluster snapshot because {final} already exists."
                reject("DBClusterSnapshotAlreadyExistsFault", message)
            call.rewrite("FinalDBSnapshotIdentifier", final.lower())
    result = proceed()
    if call.params.get("DeleteAutomatedBackups", True):
        _forget_automated_snapshots(call, cluster.db_cluster_identifier)
    members_of(result)["DBCluster"].status = "deleting"
    return result


@patch_classes(
    moto_behaviour="a snapshot lacks its cluster's VPC, resource id, mode, storage and IAM members",
    aws="DBClusterSnapshot has them",
    source="RDS API reference, DBClusterSnapshot",
    test=f"{_TEST}::test_a_final_snapshot_carries_what_its_cluster_was",
)
def complete_snapshots() -> None:
    """Read the members from the cluster as it was."""
    for name in _SNAPSHOT_MEMBERS:
        setattr(DBClusterSnapshot, name, property(attrgetter(f"cluster.{name}")))
    made = DBClusterSnapshot.__init__

    def make(
        self: DBClusterSnapshot, backend: RDSBackend, cluster: DBCluster, *args: Any, **kwargs: Any
    ) -> None:
        made(self, backend, cluster, *args, **kwargs)
        # The VPC outlives the subnet group that it is known from.
        group: DBSubnetGroup | None = backend.subnet_groups.get(cluster.db_subnet_group_name)
        setattr(self, "vpc_id", group.vpc_id if group else None)  # noqa: B010 - not declared

    setattr(DBClusterSnapshot, "__init__", make)  # noqa: B010 - a method of moto's


def existing_cluster(call: Call) -> DBCluster:
    """Return the cluster that a request names.

    Raises:
        ServiceError: DBClusterNotFoundFault.
    """
    identifier = call.params["DBClusterIdentifier"]
    if identifier not in call.rds.clusters:
        reject_unknown_cluster(identifier)
    return call.rds.clusters[identifier]


def _forget_automated_snapshots(call: Call, cluster_identifier: str) -> None:
    snapshots = call.rds.cluster_snapshots
    for name, snapshot in list(snapshots.items()):
        if (
            snapshot.snapshot_type == "automated"
            and snapshot.db_cluster_identifier == cluster_identifier
        ):
            del snapshots[name]
