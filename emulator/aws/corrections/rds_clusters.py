"""Clusters as things that exist: created once, found by any spelling, deleted with care."""

from operator import attrgetter
from typing import Any

from moto.rds.models import DBCluster, DBClusterSnapshot, DBSubnetGroup, RDSBackend

from emulator.aws import identifiers
from emulator.aws.errors import refuse, refuse_combination, refuse_unknown_cluster
from emulator.aws.moto_internals import Answer, Call, Proceed, members_of
from emulator.aws.registry import changes_classes, corrects

_TEST = "test_rds_clusters"

_SNAPSHOT_MEMBERS = (
    "availability_zones",
    "db_cluster_resource_id",
    "engine_mode",
    "iam_database_authentication_enabled",
    "storage_type",
)


@corrects(
    "rds:CreateDBCluster",
    "rds:RestoreDBClusterFromSnapshot",
    "rds:RestoreDBClusterToPointInTime",
    fault="any text is an identifier",
    aws="InvalidParameterValue for one that breaks the grammar",
    source="RDS API reference, CreateDBCluster, DBClusterIdentifier",
    test=f"{_TEST}::test_an_identifier_that_breaks_the_grammar_is_refused",
)
def cluster_identifier_is_legal(call: Call, proceed: Proceed) -> Answer:
    """Check the grammar of a new identifier; moto finds it in any spelling."""
    identifiers.check("DBClusterIdentifier", call.params["DBClusterIdentifier"], longest=63)
    return proceed()


@corrects(
    "rds:CreateDBCluster",
    "rds:RestoreDBClusterFromSnapshot",
    "rds:RestoreDBClusterToPointInTime",
    fault="a second create replaces the stored cluster, protected or not, and answers 200",
    aws="DBClusterAlreadyExistsFault, nothing changes",
    source="RDS API reference, CreateDBCluster, Errors",
    test=f"{_TEST}::test_a_second_cluster_of_the_same_name_is_refused_and_changes_nothing",
)
def cluster_exists_once(call: Call, proceed: Proceed) -> Answer:
    """Refuse a name that is taken."""
    if call.params["DBClusterIdentifier"].lower() in call.rds.clusters:
        refuse("DBClusterAlreadyExistsFault", "DB Cluster already exists")
    return proceed()


@corrects(
    "rds:CreateDBCluster",
    "rds:RestoreDBClusterFromSnapshot",
    "rds:RestoreDBClusterToPointInTime",
    fault="an automated snapshot of a deleted cluster blocks its name within the same minute",
    aws="automated snapshots of one cluster never stand in the way of another",
    source="RDS API reference, DeleteDBCluster, DeleteAutomatedBackups",
    test=f"{_TEST}::test_a_deleted_cluster_can_be_created_again_at_once",
)
def left_over_automated_snapshots_never_block(call: Call, proceed: Proceed) -> Answer:
    """Forget the automated snapshots of a cluster of this name that is gone."""
    _forget_automated_snapshots(call, call.params["DBClusterIdentifier"].lower())
    return proceed()


@corrects(
    "rds:ModifyDBCluster",
    fault="modifying a missing cluster fails with a KeyError",
    aws="DBClusterNotFoundFault",
    source="RDS API reference, ModifyDBCluster, Errors",
    test=f"{_TEST}::test_modifying_a_missing_cluster_is_refused",
)
def modified_cluster_exists(call: Call, proceed: Proceed) -> Answer:
    """Refuse an unknown cluster."""
    _existing(call)
    return proceed()


@corrects(
    "rds:ModifyDBCluster",
    fault="a change that moto refuses itself leaves no cluster behind",
    aws="a refused change changes nothing",
    source="RDS API reference, ModifyDBCluster, Errors",
    test=f"{_TEST}::test_a_refused_rotation_of_a_managed_password_keeps_the_cluster",
)
def refused_change_keeps_the_cluster(call: Call, proceed: Proceed) -> Answer:
    """Put the cluster back that moto takes out before it checks."""
    cluster = call.rds.clusters[call.params["DBClusterIdentifier"]]
    try:
        return proceed()
    except Exception:
        call.rds.clusters[cluster.db_cluster_identifier] = cluster
        raise


@corrects(
    "rds:DeleteDBCluster",
    fault="a delete without a final snapshot's name makes none; the protection is checked, the "
    "automated snapshots stay, and the answer's status is `available`",
    aws="InvalidParameterCombination unless SkipFinalSnapshot or a name is given, never both; "
    "a taken name is DBClusterSnapshotAlreadyExistsFault; automated snapshots go unless "
    "DeleteAutomatedBackups is false; the answer says `deleting`",
    source="RDS API reference, DeleteDBCluster",
    test=f"{_TEST}::test_a_delete_that_aws_refuses_is_refused",
)
def delete_decides_about_the_final_snapshot(call: Call, proceed: Proceed) -> Answer:
    """Check the final snapshot before anything is removed."""
    cluster = _existing(call)
    skips = call.params.get("SkipFinalSnapshot", False)
    final = call.params.get("FinalDBSnapshotIdentifier")
    if not cluster.deletion_protection and not cluster.members:
        if not skips and not final:
            refuse_combination(
                "FinalDBSnapshotIdentifier is required unless SkipFinalSnapshot is specified."
            )
        if skips and final:
            refuse_combination(
                "FinalDBSnapshotIdentifier can not be specified when SkipFinalSnapshot is true."
            )
        if final:
            identifiers.check("FinalDBSnapshotIdentifier", final, longest=255)
            if final.lower() in call.rds.cluster_snapshots:
                message = f"Cannot create the cluster snapshot because {final} already exists."
                refuse("DBClusterSnapshotAlreadyExistsFault", message)
            call.rewrite("FinalDBSnapshotIdentifier", final.lower())
    result = proceed()
    if call.params.get("DeleteAutomatedBackups", True):
        _forget_automated_snapshots(call, cluster.db_cluster_identifier)
    members_of(result)["DBCluster"].status = "deleting"
    return result


@changes_classes(
    fault="a snapshot does not carry its cluster's VPC, resource id, mode, storage and IAM members",
    aws="DBClusterSnapshot has them",
    source="RDS API reference, DBClusterSnapshot",
    test=f"{_TEST}::test_a_final_snapshot_carries_what_its_cluster_was",
)
def snapshots_carry_their_clusters_members() -> None:
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


def _existing(call: Call) -> DBCluster:
    identifier = call.params["DBClusterIdentifier"]
    if identifier not in call.rds.clusters:
        refuse_unknown_cluster(identifier)
    return call.rds.clusters[identifier]


def _forget_automated_snapshots(call: Call, cluster_identifier: str) -> None:
    snapshots = call.rds.cluster_snapshots
    for name, snapshot in list(snapshots.items()):
        if (
            snapshot.snapshot_type == "automated"
            and snapshot.db_cluster_identifier == cluster_identifier
        ):
            del snapshots[name]
