"""Changes of parameters while a database is running: immediate, or with the next reboot."""

from typing import Any

from moto.rds.models import DBCluster

from emulator.aws import databases
from emulator.aws.aurora import parameters as aurora_parameters
from emulator.aws.moto_adapter.call import Answer, Call, Proceed
from emulator.aws.patches.rds.databases import parameters_of, parameters_that_start
from emulator.aws.registry import patch_classes, patch_operations

_TEST = "rds/test_running_parameters"
_AT_ONCE, _WAITS = "immediate", "pending-reboot"


@patch_operations(
    "rds:ModifyDBClusterParameterGroup",
    "rds:ResetDBClusterParameterGroup",
    moto_behaviour="a running database is not affected",
    aws="dynamic parameters take effect at once if requested; all others with the next reboot",
    source="Aurora user guide, parameter groups, Static and dynamic parameters",
    test=f"{_TEST}::test_a_dynamic_parameter_takes_effect_at_once_and_a_static_one_with_a_reboot",
)
def apply_parameters(call: Call, proceed: Proceed) -> Answer:
    """Apply the change to every database whose cluster uses the group."""
    result = proceed()
    servers = databases.current()
    if servers is None:
        return result
    name = call.params["DBClusterParameterGroupName"].lower()
    for cluster in call.rds.clusters.values():
        if str(cluster.parameter_group).lower() == name:
            wanted = parameters_of(call, cluster)
            servers.change(cluster.db_cluster_identifier, wanted, _at_once(call))
    return result


@patch_operations(
    "rds:ModifyDBCluster",
    moto_behaviour="a running database is not affected by another parameter group",
    aws="the group is associated at once; its values take effect with the next reboot",
    source="Aurora user guide, Working with DB cluster parameter groups",
    test=f"{_TEST}::test_another_group_waits_for_a_reboot",
)
def apply_parameter_group(call: Call, proceed: Proceed) -> Answer:
    """Record the new group's values."""
    result = proceed()
    servers = databases.current()
    if servers is not None and call.params.get("DBClusterParameterGroupName"):
        identifier = call.params.get("NewDBClusterIdentifier") or call.params["DBClusterIdentifier"]
        cluster = call.rds.clusters[identifier.lower()]
        servers.change(cluster.db_cluster_identifier, parameters_of(call, cluster), ())
    return result


@patch_operations(
    "rds:RebootDBInstance",
    moto_behaviour="nothing happens",
    aws="the database restarts with its parameter group; if it cannot start, the instance "
    "becomes incompatible-parameters, where this emulator rejects the reboot",
    source="RDS API reference, RebootDBInstance; RDS user guide, DB instance status",
    test=f"{_TEST}::test_a_reboot_that_postgresql_rejects_leaves_it_running",
)
def restart_database(call: Call, proceed: Proceed) -> Answer:
    """Restart the server with the writer; a reader has no server of its own."""
    servers = databases.current()
    instance = call.rds.databases.get(call.params["DBInstanceIdentifier"].lower())
    cluster = call.rds.clusters.get(str(getattr(instance, "db_cluster_identifier", None)))
    writes = getattr(instance, "is_cluster_writer", False)
    if servers is None or cluster is None or not writes:
        return proceed()
    with parameters_that_start():
        servers.restart(cluster.db_cluster_identifier, parameters_of(call, cluster))
    return proceed()


@patch_classes(
    moto_behaviour="every member is in-sync",
    aws="pending-reboot while a parameter waits for a reboot",
    source="RDS API reference, DBClusterMember, DBClusterParameterGroupStatus",
    test=f"{_TEST}::test_a_dynamic_parameter_takes_effect_at_once_and_a_static_one_with_a_reboot",
)
def report_pending_reboot() -> None:
    """Adjust moto's description."""
    moto_property: Any = DBCluster.db_cluster_members

    def members(cluster: DBCluster) -> list[dict[str, Any]]:
        servers = databases.current()
        described: list[dict[str, Any]] = moto_property.fget(cluster)
        if servers is None or not servers.is_pending_reboot(cluster.db_cluster_identifier):
            return described
        return [{**member, "DBClusterParameterGroupStatus": _WAITS} for member in described]

    DBCluster.db_cluster_members = property(members)  # pyright: ignore[reportAttributeAccessIssue]


def _at_once(call: Call) -> set[str]:
    """Return the changed parameters that take effect immediately."""
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
