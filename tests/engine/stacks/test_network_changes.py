"""Changes of subnets and Availability Zones."""

from collections.abc import Callable
from typing import Any

from pulumi.automation import Stack

from tests.engine.plans import Plan


def test_a_new_zone_gets_the_second_instance_and_nothing_is_replaced(
    scratch: Callable[..., Stack], client: Callable[[str], Any]
) -> None:
    found = client("ec2").describe_subnets(
        Filters=[
            {"Name": "tag:Tier", "Values": ["private"]},
            {"Name": "tag:Environment", "Values": ["dev"]},
        ]
    )["Subnets"]
    by_zone = {row["AvailabilityZone"]: row["SubnetId"] for row in found}
    zones = sorted(by_zone)
    later = [by_zone[zone] for zone in zones[1:]]
    scratch("zones", subnetIds=later).up()
    plan = Plan()
    scratch("zones", subnetIds=sorted(by_zone.values()), instanceCount=2).up(on_event=plan.record)
    instances = {
        row["DBInstanceIdentifier"][-1]: row["AvailabilityZone"]
        for row in client("rds").describe_db_instances()["DBInstances"]
        if row["DBClusterIdentifier"] == "dev-zones-cluster-ue2"
    }
    assert instances == {"1": zones[1], "2": zones[0]}
    assert {step.operation for step in plan.steps.values()} <= {"create", "update"}
    changed = {name for name, step in plan.steps.items() if step.operation == "update"}
    assert {"zones-subnet-group", "zones-rotation-function", "zones-secrets-endpoint"} <= changed
