"""ECS: clusters, task definitions and services.

A service has no tasks: its containers do not run, so it is never waited for.
"""
# ruff: noqa: ARG002 - the signatures are ResourceType's

import json
from collections.abc import Mapping
from typing import Any, ClassVar

from emulator.provider import tagging
from emulator.provider.aws_connection import AwsConnection
from emulator.provider.aws_resource import REGION, TAGS, AwsResource
from emulator.provider.operations import Operations
from emulator.provider.protocol.comparisons import same_members
from emulator.provider.protocol.properties import Properties, is_list, is_object
from emulator.provider.protocol.resource_type import Naming, Property


class Cluster(AwsResource):
    """A cluster; its id is its ARN."""

    token = "aws:ecs/cluster:Cluster"  # noqa: S105 - a type's name
    service = "ecs"
    operations = Operations(
        identifier="cluster",
        create="create_cluster",
        created="cluster.clusterArn",
        delete="delete_cluster",
    )
    tagging = tagging.ECS
    not_found_codes = frozenset({"ClusterNotFoundException"})
    naming = Naming("name")
    inputs: ClassVar[Mapping[str, Property]] = {
        "name": Property("clusterName", replaces=True),
        **REGION,
        **TAGS,
    }
    outputs: ClassVar[Mapping[str, str]] = {"arn": "clusterArn"}

    def describe(self, session: AwsConnection, resource_id: str) -> Properties | None:
        """Return the cluster, unless it is inactive, that is, deleted."""
        found = session.call(
            "ecs", "describe_clusters", clusters=[resource_id], include=["TAGS", "SETTINGS"]
        )["clusters"]
        return next((one for one in found if one["status"] != "INACTIVE"), None)


def same_containers(old: Any, new: Any) -> bool:
    """Compare container definitions, in which AWS adds empty lists and defaults."""
    return _containers(old) == _containers(new)


class TaskDefinition(AwsResource):
    """A revision of a task definition; its id is its family."""

    token = "aws:ecs/taskDefinition:TaskDefinition"  # noqa: S105 - a type's name
    service = "ecs"
    operations = Operations(
        identifier="taskDefinition",
        create="register_task_definition",
        created="taskDefinition.family",
    )
    tagging = tagging.ECS
    inputs: ClassVar[Mapping[str, Property]] = {
        "containerDefinitions": Property(
            "containerDefinitions",
            "taskDefinition.containerDefinitions",
            required=True,
            replaces=True,
            same=same_containers,
            to_aws=json.loads,
            from_aws=json.dumps,
        ),
        "cpu": Property("cpu", "taskDefinition.cpu", replaces=True),
        "executionRoleArn": Property(
            "executionRoleArn", "taskDefinition.executionRoleArn", replaces=True
        ),
        "family": Property("family", "taskDefinition.family", required=True, replaces=True),
        "memory": Property("memory", "taskDefinition.memory", replaces=True),
        "networkMode": Property(
            "networkMode", "taskDefinition.networkMode", replaces=True, computed=True
        ),
        "requiresCompatibilities": Property(
            "requiresCompatibilities",
            "taskDefinition.requiresCompatibilities",
            replaces=True,
            same=same_members,
        ),
        "skipDestroy": Property(write_only=True, default=False),
        "taskRoleArn": Property("taskRoleArn", "taskDefinition.taskRoleArn", replaces=True),
        **REGION,
        **TAGS,
    }
    outputs: ClassVar[Mapping[str, str]] = {
        "arn": "taskDefinition.taskDefinitionArn",
        "arnWithoutRevision": "",
        "revision": "taskDefinition.revision",
    }

    def read(
        self, session: AwsConnection, resource_id: str, known: Properties
    ) -> Properties | None:
        """Describe the revision of the state, or the family's latest one."""
        found = super().read(session, known.get("arn") or resource_id, known)
        return found and {**found, "id": found["family"]}

    def describe(self, session: AwsConnection, resource_id: str) -> Properties | None:
        """Return the task definition, unless it is deregistered."""
        found = session.call(
            "ecs", "describe_task_definition", taskDefinition=resource_id, include=["TAGS"]
        )
        return None if found["taskDefinition"]["status"] == "INACTIVE" else found

    def details(
        self, session: AwsConnection, description: Properties, state: Properties
    ) -> Properties:
        """Derive the ARN without the revision."""
        return {"arnWithoutRevision": str(state["arn"]).rpartition(":")[0]}

    def delete(self, session: AwsConnection, resource_id: str, state: Properties) -> None:
        """Deregister the revision; tasks that run go on."""
        if not state.get("skipDestroy"):
            session.call("ecs", "deregister_task_definition", taskDefinition=state["arn"])


def same_network(old: Any, new: Any) -> bool:
    """Compare the network configurations of services, whose lists are sets."""
    return is_object(old) and is_object(new) and _vpc(old) == _vpc(new)


class Service(AwsResource):
    """A service; its id is its ARN."""

    token = "aws:ecs/service:Service"  # noqa: S105 - a type's name
    service = "ecs"
    operations = Operations(
        identifier="service",
        create="create_service",
        created="service.serviceArn",
        update="update_service",
    )
    tagging = tagging.ECS
    not_found_codes = frozenset({"ServiceNotFoundException", "ClusterNotFoundException"})
    naming = Naming("name")
    inputs: ClassVar[Mapping[str, Property]] = {
        "cluster": Property("cluster", "clusterArn", replaces=True, computed=True),
        "desiredCount": Property("desiredCount"),
        "launchType": Property("launchType", replaces=True, computed=True),
        "name": Property("serviceName", replaces=True),
        "networkConfiguration": Property(
            "networkConfiguration",
            to_aws=lambda block: {"awsvpcConfiguration": _vpc(block)},
            from_aws=lambda found: _vpc_block(found["awsvpcConfiguration"]),
            same=same_network,
        ),
        "taskDefinition": Property("taskDefinition"),
        "waitForSteadyState": Property(write_only=True, default=False),
        **REGION,
        **TAGS,
    }
    outputs: ClassVar[Mapping[str, str]] = {"arn": "serviceArn"}

    def change(
        self,
        session: AwsConnection,
        resource_id: str,
        inputs: Properties,
        changed: frozenset[str],
    ) -> None:
        """Update what differs."""
        request = self.request(inputs, changed - {"cluster"})
        if request:
            session.call(
                "ecs", "update_service", cluster=inputs["cluster"], service=resource_id, **request
            )

    def describe(self, session: AwsConnection, resource_id: str) -> Properties | None:
        """Return the service, unless it is being deleted; its ARN contains its cluster."""
        found = session.call(
            "ecs",
            "describe_services",
            cluster=resource_id.split("/")[1],
            services=[resource_id],
            include=["TAGS"],
        )["services"]
        return next((one for one in found if one["status"] == "ACTIVE"), None)

    def delete(self, session: AwsConnection, resource_id: str, state: Properties) -> None:
        """Stop all tasks, then delete the service."""
        named = {"cluster": state["cluster"], "service": resource_id}

        def drained() -> None:
            session.call("ecs", "update_service", desiredCount=0, **named)
            session.call("ecs", "delete_service", **named)

        self.ignore_not_found(drained)


def _vpc(block: Properties) -> Properties:
    return {
        "assignPublicIp": "ENABLED" if block.get("assignPublicIp") else "DISABLED",
        "securityGroups": sorted(block.get("securityGroups") or []),
        "subnets": sorted(block["subnets"]),
    }


def _vpc_block(found: Properties) -> Properties:
    return {**found, "assignPublicIp": found.get("assignPublicIp") == "ENABLED"}


_CONTAINER_DEFAULTS: Properties = {"cpu": 0, "essential": True}


def _containers(text: Any) -> Any:
    try:
        return [_container(each) for each in json.loads(text)]
    except (TypeError, ValueError):
        return text


def _container(definition: Properties) -> Properties:
    """Return what a definition sets; environment and secrets are sets in AWS."""
    return {
        key: sorted(value, key=json.dumps) if key in ("environment", "secrets") else value
        for key, value in definition.items()
        if not (is_list(value) and not value)
        and not (is_object(value) and not value)
        and value != _CONTAINER_DEFAULTS.get(key)
    }
