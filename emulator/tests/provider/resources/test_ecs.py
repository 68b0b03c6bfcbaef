"""Resources of ECS, as with the official provider."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from emulator.testing.requests import subnets_of
from emulator.tests.provider.engine import Engine, differences, refreshed

pytestmark = pytest.mark.emulator

CLUSTER = "aws:ecs/cluster:Cluster"
SERVICE = "aws:ecs/service:Service"
TASK_DEFINITION = "aws:ecs/taskDefinition:TaskDefinition"


def task_definition(name: str, **changes: Any) -> dict[str, Any]:
    container = {
        "name": "app",
        "image": "app:1",
        "essential": True,
        "environment": [{"name": "B", "value": "2"}, {"name": "A", "value": "1"}],
        **changes,
    }
    return {
        "family": name,
        "networkMode": "awsvpc",
        "requiresCompatibilities": ["FARGATE"],
        "cpu": "256",
        "memory": "512",
        "containerDefinitions": json.dumps([container]),
        "tags": {"Environment": "test"},
    }


def test_a_task_definition_is_read_as_declared_whatever_the_order_of_its_environment(
    engine: Engine, name: str
) -> None:
    created = engine.create(TASK_DEFINITION, **task_definition(name))
    assert (created.resource_id, created.state["revision"]) == (name, 1)
    assert created.state["arn"] == f"{created.state['arnWithoutRevision']}:1"
    found = refreshed(engine, created)
    assert differences(engine, found, **task_definition(name)) == []
    reordered = [{"name": "A", "value": "1"}, {"name": "B", "value": "2"}]
    assert differences(engine, found, **task_definition(name, environment=reordered)) == []
    changed = engine.diff(found, **task_definition(name, image="app:2"))
    assert list(changed.replaces) == ["containerDefinitions"]


def test_deleting_a_task_definition_deregisters_its_own_revision_only(
    engine: Engine, name: str
) -> None:
    first = engine.create(TASK_DEFINITION, **task_definition(name))
    second = engine.create(TASK_DEFINITION, **task_definition(name, image="app:2"))
    engine.delete(first)
    assert engine.read(first) is None
    assert refreshed(engine, second).state["revision"] == 2


def test_a_service_is_updated_in_place_and_drained_before_it_is_deleted(
    engine: Engine, client: Callable[[str], Any], name: str
) -> None:
    subnets = [each["SubnetId"] for each in subnets_of(client("ec2"), "first")]
    group = client("ec2").create_security_group(
        GroupName=name, Description="tasks", VpcId=subnets_of(client("ec2"), "first")[0]["VpcId"]
    )["GroupId"]
    cluster = engine.create(CLUSTER, name=name)
    first = engine.create(TASK_DEFINITION, **task_definition(name))
    second = engine.create(TASK_DEFINITION, **task_definition(name, image="app:2"))
    inputs: dict[str, Any] = {
        "name": name,
        "cluster": cluster.state["arn"],
        "launchType": "FARGATE",
        "desiredCount": 2,
        "taskDefinition": first.state["arn"],
        "networkConfiguration": {"subnets": subnets, "securityGroups": [group]},
        "waitForSteadyState": True,
    }
    service = refreshed(engine, engine.create(SERVICE, **inputs))
    reordered = {"subnets": subnets[::-1], "securityGroups": [group]}
    assert differences(engine, service, **{**inputs, "networkConfiguration": reordered}) == []
    changes = {**inputs, "taskDefinition": second.state["arn"]}
    assert list(engine.diff(service, **changes).replaces) == []
    assert engine.update(service, **changes).state["taskDefinition"] == second.state["arn"]
    engine.delete(service)
    assert engine.read(service) is None
    engine.delete(cluster)
    assert engine.read(cluster) is None
