"""The summary of a platform's state, from facts; a fact that cannot be read stays unknown."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from operations.aws.clients import Properties
from operations.aws.errors import AwsCallError
from operations.checks.facts.reading import Facts
from operations.context import Context
from operations.database.secret import holders, is_scheduled_for_deletion
from operations.outputs import StackOutputs
from operations.reports.status.facts import READERS
from operations.reports.upgrade.minor_versions import advised_minor, order, supported_until

PAUSED = 0.0
"""Capacity of a paused instance, in ACU."""

Part = Callable[..., dict[str, Any]]


def read_status(context: Context) -> dict[str, Any]:
    """Return the summary; `unknown` lists what could not be read, with the reason.

    Args:
        context: The stack.

    Raises:
        CredentialsError: AWS does not accept the credentials.
        NetworkError: AWS does not answer.
    """
    with Facts(READERS, context.aws, context.outputs) as facts:
        for name in READERS:
            facts.start(name)
        return _summarize(facts)


def _summarize(facts: Facts) -> dict[str, Any]:
    summary: dict[str, Any] = {"unknown": []}
    for part, names in PARTS.items():
        try:
            summary |= part(facts.outputs, *(facts.get(name) for name in names))
        except AwsCallError as error:
            if str(error) not in summary["unknown"]:
                summary["unknown"].append(str(error))
    return summary


def cluster_part(_: StackOutputs, cluster: Properties) -> dict[str, Any]:
    """Return the state of the cluster."""
    limits: Properties = cluster.get("ServerlessV2ScalingConfiguration", {})
    return {
        "status": cluster["Status"],
        "engineVersion": cluster["EngineVersion"],
        "capacity": {"minimum": limits.get("MinCapacity"), "maximum": limits.get("MaxCapacity")},
        "restorable": {
            "from": moment(cluster.get("EarliestRestorableTime")),
            "until": moment(cluster.get("LatestRestorableTime")),
        },
        "maintenanceWindow": cluster["PreferredMaintenanceWindow"],
        "deletionProtection": cluster["DeletionProtection"],
    }


def instances_part(
    _: StackOutputs,
    cluster: Properties,
    instances: list[Properties],
    metrics: dict[str, dict[str, float]],
) -> dict[str, Any]:
    """Return the state of each instance, the writer first."""
    writers = {
        each["DBInstanceIdentifier"]: each["IsClusterWriter"]
        for each in cluster["DBClusterMembers"]
    }
    rows = [
        {
            "instance": each["DBInstanceIdentifier"],
            "role": "writer" if writers.get(each["DBInstanceIdentifier"]) else "reader",
            "zone": each.get("AvailabilityZone"),
            "status": each["DBInstanceStatus"],
            **_measured(metrics.get(each["DBInstanceIdentifier"], {})),
        }
        for each in instances
    ]
    return {"instances": sorted(rows, key=lambda row: (row["role"] != "writer", row["instance"]))}


def automatic_upgrades_part(
    _: StackOutputs, cluster: Properties, instances: list[Properties]
) -> dict[str, Any]:
    """Return whether AWS upgrades the minor version by itself."""
    return {"automaticMinorUpgrades": _upgrades_itself(cluster, instances)}


def alarms_part(outputs: StackOutputs, alarms: list[Properties]) -> dict[str, Any]:
    """Return the alarms by state."""
    declared = [each for each in alarms if each["AlarmName"] in outputs.declared_state.alarm_names]
    return {
        "alarms": {
            "total": len(declared),
            "inAlarm": sorted(each["AlarmName"] for each in _in_state(declared, "ALARM")),
            "insufficientData": len(_in_state(declared, "INSUFFICIENT_DATA")),
        }
    }


def rotation_part(_: StackOutputs, secret: Properties) -> dict[str, Any]:
    """Return the state of the master secret's rotation."""
    stages = holders(secret)
    pending = stages.get("AWSPENDING")
    return {
        "rotation": {
            "enabled": bool(secret.get("RotationEnabled")),
            "last": moment(secret.get("LastRotatedDate")),
            "next": moment(secret.get("NextRotationDate")),
            "unfinished": pending is not None and pending != stages.get("AWSCURRENT"),
            "secretScheduledForDeletion": is_scheduled_for_deletion(secret),
        }
    }


def maintenance_part(_: StackOutputs, pending: list[Properties]) -> dict[str, Any]:
    """Return the pending maintenance actions."""
    return {
        "pendingMaintenance": [
            {
                "resource": row["ResourceIdentifier"].rpartition(":")[2],
                "action": each["Action"],
                "applies": moment(each.get("CurrentApplyDate")),
            }
            for row in pending
            for each in row["PendingMaintenanceActionDetails"]
        ]
    }


def upgrade_part(
    _: StackOutputs,
    cluster: Properties,
    instances: list[Properties],
    targets: list[Properties],
) -> dict[str, Any]:
    """Return the version that AWS would install by itself, the newest, and the advised one."""
    version = str(cluster["EngineVersion"])
    automatic = [each["EngineVersion"] for each in targets if each.get("AutoUpgrade")]
    minors = [each["EngineVersion"] for each in targets if not each.get("IsMajorVersionUpgrade")]
    enabled = _upgrades_itself(cluster, instances)
    advised = advised_minor(version, targets, automatic=enabled)
    return {
        "upgrade": {
            "automatic": max(automatic, key=order) if automatic and enabled else None,
            "newestMinor": max([*minors, version], key=order),
            "supportedUntil": supported_until(version),
            "advisedMinor": advised,
            "advisedSupportedUntil": supported_until(advised),
        }
    }


PARTS: dict[Part, tuple[str, ...]] = {
    cluster_part: ("cluster",),
    instances_part: ("cluster", "instances", "metrics"),
    automatic_upgrades_part: ("cluster", "instances"),
    alarms_part: ("alarms",),
    rotation_part: ("secret",),
    maintenance_part: ("pending_maintenance",),
    upgrade_part: ("cluster", "instances", "upgrade_targets"),
}
"""Parts of the summary, and the facts that each needs."""


def moment(value: datetime | None) -> str | None:
    """Return a time in UTC as text."""
    return f"{value.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}" if value else None


def _upgrades_itself(cluster: Properties, instances: list[Properties]) -> bool:
    """Return whether the cluster and every instance have the setting; AWS needs all of them.

    It is on by default (RDS API, CreateDBCluster and CreateDBInstance).
    """
    return all(each.get("AutoMinorVersionUpgrade", True) for each in (cluster, *instances))


def _measured(values: dict[str, float]) -> dict[str, Any]:
    capacity = values.get("ServerlessDatabaseCapacity")
    paused = capacity == PAUSED if capacity is not None else None
    return {
        "acu": capacity,
        "paused": paused,
        # A paused instance publishes none, and the last value may be from before the pause.
        "connections": 0.0 if paused else values.get("DatabaseConnections"),
    }


def _in_state(alarms: list[Properties], state: str) -> list[Properties]:
    return [each for each in alarms if each["StateValue"] == state]
