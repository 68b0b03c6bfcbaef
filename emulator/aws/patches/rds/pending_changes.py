"""Changes of a cluster that wait for its maintenance window, which never comes in this emulator."""

from typing import Any

from emulator.aws.moto_adapter.call import Answer, Call, Proceed
from emulator.aws.patches.rds.clusters import existing_cluster
from emulator.aws.registry import patch_operations

_DEFERRED = {
    "EnableIAMDatabaseAuthentication": ("IAMDatabaseAuthenticationEnabled", "iam_auth"),
    "EngineVersion": ("EngineVersion", "engine_version"),
    "StorageType": ("StorageType", "storage_type"),
}
"""By member of the request: that of PendingModifiedValues, and the attribute of moto's cluster."""
_GROUP = "DBClusterParameterGroupName"
"""It fits the new version, so it changes with it."""


@patch_operations(
    "rds:ModifyDBCluster",
    moto_behaviour="every change is made at once",
    aws="without ApplyImmediately, a change of version, storage type or IAM authentication is in "
    "PendingModifiedValues and waits for the maintenance window; a request with ApplyImmediately "
    "makes the changes that wait as well",
    source="RDS API reference, ModifyDBCluster, ApplyImmediately and EngineVersion, and "
    "ClusterPendingModifiedValues",
    test="rds/test_pending_changes::test_a_change_waits_for_the_window_unless_it_is_made_at_once",
)
def defer_changes(call: Call, proceed: Proceed) -> Answer:
    """Keep what waits out of the request, or add it."""
    cluster: Any = existing_cluster(call)
    waiting: dict[str, Any] = getattr(cluster, "requests_that_wait", {})
    if call.params.get("ApplyImmediately"):
        for member, value in waiting.items():
            if member not in call.params:
                call.rewrite(member, value)
        waiting = {}
    else:
        waiting = {**waiting, **_taken_from(call, cluster)}
    result = proceed()
    cluster.requests_that_wait = waiting
    cluster.pending_modified_values = {
        name: waiting[member] for member, (name, _) in _DEFERRED.items() if member in waiting
    }
    return result


def _taken_from(call: Call, cluster: Any) -> dict[str, Any]:
    """Give the changes that wait their present values in the request, and return the new ones."""
    present = {member: getattr(cluster, name) for member, (_, name) in _DEFERRED.items()}
    taken = {
        member: call.params[member]
        for member, value in present.items()
        if member in call.params and call.params[member] != value
    }
    if "EngineVersion" in taken and _GROUP in call.params:
        taken[_GROUP] = call.params[_GROUP]
        present[_GROUP] = cluster.parameter_group
    for member in taken:
        call.rewrite(member, present[member])
    return taken
