"""The summary of `status`, from facts."""

import copy
from datetime import UTC, datetime
from io import StringIO
from typing import Any

import pytest
from rich.console import Console

from operations.aws.clients import AwsClients
from operations.context import Context
from operations.outputs import StackOutputs, parse_outputs
from operations.reports.status.screen import screen
from operations.reports.status.summary import (
    alarms_part,
    automatic_upgrades_part,
    cluster_part,
    instances_part,
    maintenance_part,
    rotation_part,
    upgrade_part,
)
from tests.operations.examples import CLUSTER, OUTPUTS

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)


def outputs(**declared: Any) -> StackOutputs:
    changed = copy.deepcopy(OUTPUTS)
    changed["declaredState"].update(declared)
    return parse_outputs(changed, "the test")


def member(name: str, *, writes: bool) -> dict[str, Any]:
    return {"DBInstanceIdentifier": name, "IsClusterWriter": writes}


CLUSTER_FACT: dict[str, Any] = {
    "Status": "available",
    "EngineVersion": "17.4",
    "ServerlessV2ScalingConfiguration": {"MinCapacity": 0.0, "MaxCapacity": 4.0},
    "EarliestRestorableTime": datetime(2026, 11, 20, tzinfo=UTC),
    "LatestRestorableTime": datetime(2026, 11, 27, 11, 58, tzinfo=UTC),
    "PreferredMaintenanceWindow": "sun:04:00-sun:05:00",
    "DeletionProtection": False,
    "DBClusterMembers": [member("a", writes=False), member("b", writes=True)],
}
INSTANCES = [
    {
        "DBInstanceIdentifier": "a",
        "AvailabilityZone": "us-east-2a",
        "DBInstanceStatus": "available",
    },
    {
        "DBInstanceIdentifier": "b",
        "AvailabilityZone": "us-east-2b",
        "DBInstanceStatus": "rebooting",
    },
]


def test_the_writer_is_first_and_a_paused_instance_is_recognized() -> None:
    # The last connections were before the pause.
    metrics = {"a": {"ServerlessDatabaseCapacity": 0.0, "DatabaseConnections": 3.0}, "b": {}}
    assert instances_part(outputs(), CLUSTER_FACT, INSTANCES, metrics)["instances"] == [
        {
            "instance": "b",
            "role": "writer",
            "zone": "us-east-2b",
            "status": "rebooting",
            "acu": None,
            "paused": None,
            "connections": None,
        },
        {
            "instance": "a",
            "role": "reader",
            "zone": "us-east-2a",
            "status": "available",
            "acu": 0.0,
            "paused": True,
            "connections": 0.0,
        },
    ]


@pytest.mark.parametrize(
    ("stages", "unfinished"),
    [
        ({"1": ["AWSCURRENT"]}, False),
        ({"1": ["AWSCURRENT", "AWSPENDING"]}, False),
        ({"1": ["AWSCURRENT"], "2": ["AWSPENDING"]}, True),
    ],
)
def test_a_rotation_is_unfinished_while_another_version_is_pending(
    stages: dict[str, list[str]], unfinished: bool
) -> None:
    rotation = rotation_part(outputs(), {"VersionIdsToStages": stages})["rotation"]
    assert rotation == {
        "enabled": False,
        "last": None,
        "next": None,
        "unfinished": unfinished,
        "secretScheduledForDeletion": False,
    }


def test_only_declared_alarms_count() -> None:
    alarms = [
        {"AlarmName": f"{CLUSTER}-critical", "StateValue": "ALARM"},
        {"AlarmName": f"{CLUSTER}-by-hand", "StateValue": "ALARM"},
    ]
    assert alarms_part(outputs(), alarms)["alarms"] == {
        "total": 1,
        "inAlarm": [f"{CLUSTER}-critical"],
        "insufficientData": 0,
    }


def test_pending_maintenance_names_resource_action_and_time() -> None:
    pending = [
        {
            "ResourceIdentifier": f"arn:aws:rds:us-east-2:1:cluster:{CLUSTER}",
            "PendingMaintenanceActionDetails": [
                {"Action": "system-update", "CurrentApplyDate": NOW}
            ],
        }
    ]
    assert maintenance_part(outputs(), pending)["pendingMaintenance"] == [
        {"resource": CLUSTER, "action": "system-update", "applies": "2026-11-27T12:00:00Z"}
    ]


@pytest.mark.parametrize(
    ("cluster", "instance", "automatic"),
    [(True, True, "17.10"), (True, False, None), (False, True, None)],
)
def test_the_next_automatic_upgrade_is_the_latest_that_aws_marks(
    cluster: bool, instance: bool, automatic: str | None
) -> None:
    """AWS upgrades only if the cluster and every instance have the setting."""
    targets = [
        {"EngineVersion": "17.9", "AutoUpgrade": True},
        {"EngineVersion": "17.10", "AutoUpgrade": True},
        {"EngineVersion": "17.11", "AutoUpgrade": False},
        {"EngineVersion": "18.3", "IsMajorVersionUpgrade": True},
    ]
    facts = (
        {"EngineVersion": "17.4", "AutoMinorVersionUpgrade": cluster},
        [{"AutoMinorVersionUpgrade": True}, {"AutoMinorVersionUpgrade": instance}],
    )
    assert upgrade_part(outputs(), *facts, targets)["upgrade"] == {
        "automatic": automatic,
        "newestMinor": "17.11",
        "supportedUntil": "2026-11-30",
        "advisedMinor": "17.10",
        "advisedSupportedUntil": "2027-12-31",
    }
    assert automatic_upgrades_part(outputs(), *facts) == {
        "automaticMinorUpgrades": automatic is not None
    }


@pytest.mark.parametrize(
    ("version", "target", "support", "upgrade"),
    [
        (
            *("17.4", "17.10", "standard support of 17.4 until 2026-11-30"),
            "none planned by AWS; 17.10 is advised, supported until 2027-12-31",
        ),
        (
            *("17.7", "17.10", "standard support of 17.7 until 2030-02-28"),
            "none planned by AWS; 17.10 is available",
        ),
        ("17.9999", None, "unknown", "running the newest minor version"),
    ],
)
def test_the_screen_advises_a_version_with_a_longer_support(
    version: str, target: str | None, support: str, upgrade: str
) -> None:
    parsed, cluster = outputs(), {**CLUSTER_FACT, "EngineVersion": version}
    targets = [{"EngineVersion": target}] if target else []
    summary: dict[str, Any] = {
        "unknown": [],
        **cluster_part(parsed, cluster),
        **automatic_upgrades_part(parsed, cluster, INSTANCES),
        **upgrade_part(parsed, cluster, INSTANCES, targets),
    }
    text = StringIO()
    Console(file=text, width=80).print(
        screen(Context("dev", parsed, AwsClients("us-east-2")), summary, NOW)
    )
    lines = [line.rstrip() for line in text.getvalue().splitlines()]
    assert lines[-2:] == [f"support      {support}", f"upgrade      {upgrade}"]


def test_the_screen_shows_what_needs_attention_and_fits_eighty_columns() -> None:
    parsed = outputs()
    metrics = {"a": {"ServerlessDatabaseCapacity": 0.0, "DatabaseConnections": 0.0}, "b": {}}
    summary = {
        "unknown": ["the credentials do not allow rds:DescribePendingMaintenanceActions"],
        **cluster_part(parsed, CLUSTER_FACT),
        **instances_part(parsed, CLUSTER_FACT, INSTANCES, metrics),
        **alarms_part(parsed, [{"AlarmName": f"{CLUSTER}-critical", "StateValue": "ALARM"}]),
        **rotation_part(parsed, {"RotationEnabled": False}),
    }
    text = StringIO()
    console = Console(file=text, width=80)
    console.print(screen(Context("dev", parsed, AwsClients("us-east-2")), summary, NOW))
    lines = [line.rstrip() for line in text.getvalue().splitlines()]
    assert lines == [
        f"{CLUSTER}  available  PostgreSQL 17.4  stack dev",
        "instance  role    zone        status        ACU  connections",
        "b         writer  us-east-2b  rebooting       ?            ?",
        "a         reader  us-east-2a  available  paused            0",
        "capacity     0 to 4 ACU per instance",
        "restorable   2026-11-20T00:00:00Z to 2026-11-27T11:58:00Z (120 s ago)",
        "rotation     disabled",
        f"alarms       {CLUSTER}-critical",
        "maintenance  unknown",
        "support      unknown",
        "upgrade      unknown",
        "unknown: the credentials do not allow rds:DescribePendingMaintenanceActions",
    ]
