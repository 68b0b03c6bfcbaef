"""Parameters that change while a database runs: at once, or with the next reboot."""

from typing import Any

from moto.rds.models import DBCluster

from emulator.aws import aurora_parameters, databases
from emulator.aws.corrections.rds_databases import parameters_of, parameters_that_start
from emulator.aws.moto_internals import Answer, Call, Proceed
from emulator.aws.registry import changes_classes, corrects

_TEST = "test_rds_running_parameters"
_AT_ONCE, _WAITS = "immediate", "pending-reboot"


@corrects(
    "rds:ModifyDBClusterParameterGroup",
    "rds:ResetDBClusterParameterGroup",
    fault="a database that runs does not notice",
    aws="dynamic parameters take effect at once, if asked; all others with the next reboot",
    source="Aurora user guide, parameter groups, Static and dynamic parameters",
    test=f"{_TEST}::test_a_dynamic_parameter_takes_effect_at_once_and_a_static_one_with_a_reboot",
)
def running_databases_are_told(call: Call, proceed: Proceed) -> Answer:
    """Tell every database whose cluster has the group."""
    result = proceed()
    kept = databases.kept()
    if kept is None:
        return result
    name = call.params["DBClusterParameterGroupName"].lower()
    for cluster in call.rds.clusters.values():
        if str(cluster.parameter_group).lower() == name:
            wanted = parameters_of(call, cluster)
            kept.change(cluster.db_cluster_identifier, wanted, _at_once(call))
    return result


@corrects(
    "rds:ModifyDBCluster",
    fault="another parameter group goes unnoticed",
    aws="it is associated at once, and its values take effect with the next reboot",
    source="Aurora user guide, Working with DB cluster parameter groups",
    test=f"{_TEST}::test_another_group_waits_for_a_reboot",
)
def another_group_waits(call: Call, proceed: Proceed) -> Answer:
    """Note what the group says."""
    result = proceed()
    kept = databases.kept()
    if kept is not None and call.params.get("DBClusterParameterGroupName"):
        identifier = call.params.get("NewDBClusterIdentifier") or call.params["DBClusterIdentifier"]
        cluster = call.rds.clusters[identifier.lower()]
        kept.change(cluster.db_cluster_identifier, parameters_of(call, cluster), ())
    return result


@corrects(
    "rds:RebootDBInstance",
    fault="nothing happens",
    aws="the database restarts with its parameter group; values that it cannot start with make the "
    "instance incompatible-parameters, where this emulator refuses the reboot instead",
    source="RDS API reference, RebootDBInstance; RDS user guide, DB instance status",
    test=f"{_TEST}::test_a_reboot_that_postgresql_refuses_leaves_it_running",
)
def reboot_restarts_the_database(call: Call, proceed: Proceed) -> Answer:
    """Restart the server with the writer; a reader has none of its own."""
    kept = databases.kept()
    instance = call.rds.databases.get(call.params["DBInstanceIdentifier"].lower())
    cluster = call.rds.clusters.get(str(getattr(instance, "db_cluster_identifier", None)))
    writes = getattr(instance, "is_cluster_writer", False)
    if kept is None or cluster is None or not writes:
        return proceed()
    with parameters_that_start():
        kept.restart(cluster.db_cluster_identifier, parameters_of(call, cluster))
    return proceed()


@changes_classes(
    fault="every member is in-sync, whatever has changed",
    aws="pending-reboot while something of the group waits for one",
    source="RDS API reference, DBClusterMember, DBClusterParameterGroupStatus",
    test=f"{_TEST}::test_a_dynamic_parameter_takes_effect_at_once_and_a_static_one_with_a_reboot",
)
def members_tell_what_waits() -> None:
    """Overlay moto's description."""
    told: Any = DBCluster.db_cluster_members

    def members(cluster: DBCluster) -> list[dict[str, Any]]:
        kept = databases.kept()
        described: list[dict[str, Any]] = told.fget(cluster)
        if kept is None or not kept.waits_for_a_restart(cluster.db_cluster_identifier):
            return described
        return [{**member, "DBClusterParameterGroupStatus": _WAITS} for member in described]

    DBCluster.db_cluster_members = property(members)  # pyright: ignore[reportAttributeAccessIssue]


def _at_once(call: Call) -> set[str]:
    """Names of what the request changes that takes effect now."""
    dynamic = {
        name
        for name, parameter in aurora_parameters.table().items()
        if parameter.apply_type == "dynamic"
    }
    if call.params.get("ResetAllParameters"):
        return dynamic
    sent = call.params.get("Parameters", [])
    return dynamic & {
        each["ParameterName"].lower() for each in sent if each.get("ApplyMethod") == _AT_ONCE
    }
