"""RDS: subnet groups and cluster parameter groups."""
# ruff: noqa: ARG002 - the signatures are ResourceType's

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, ClassVar

from emulator.provider import tagging
from emulator.provider.aws_connection import AwsConnection
from emulator.provider.aws_resource import REGION, TAGS, AwsResource
from emulator.provider.operations import Operations
from emulator.provider.protocol.comparisons import same_members
from emulator.provider.protocol.properties import Properties
from emulator.provider.protocol.resource_type import Naming, Property

DESCRIPTION = "Managed by Pulumi"
"""The official provider's default description."""

PARAMETERS_PER_CALL = 20
"""Maximum of ModifyDBClusterParameterGroup and ResetDBClusterParameterGroup."""


class SubnetGroup(AwsResource):
    """A DB subnet group."""

    token = "aws:rds/subnetGroup:SubnetGroup"  # noqa: S105 - a type's name
    service = "rds"
    operations = Operations(
        identifier="DBSubnetGroupName",
        create="create_db_subnet_group",
        created="DBSubnetGroup.DBSubnetGroupName",
        describe="describe_db_subnet_groups",
        described="DBSubnetGroups[]",
        update="modify_db_subnet_group",
        delete="delete_db_subnet_group",
    )
    tagging = tagging.RDS
    not_found_codes = frozenset({"DBSubnetGroupNotFoundFault"})
    naming = Naming("name", "namePrefix")
    inputs: ClassVar[Mapping[str, Property]] = {
        "name": Property("DBSubnetGroupName", replaces=True),
        "namePrefix": Property(replaces=True, write_only=True),
        "description": Property("DBSubnetGroupDescription", default=DESCRIPTION),
        "subnetIds": Property(
            "SubnetIds", "Subnets[].SubnetIdentifier", required=True, same=same_members
        ),
        **REGION,
        **TAGS,
    }
    outputs: ClassVar[Mapping[str, str]] = {
        "arn": "DBSubnetGroupArn",
        "supportedNetworkTypes": "SupportedNetworkTypes",
        "vpcId": "VpcId",
    }

    def change(
        self,
        session: AwsConnection,
        resource_id: str,
        inputs: Properties,
        changed: frozenset[str],
    ) -> None:
        """Send both settings, because AWS requires the subnets."""
        if changed & {"description", "subnetIds"}:
            request = self.request(inputs, frozenset({"description", "subnetIds"}))
            session.call("rds", "modify_db_subnet_group", DBSubnetGroupName=resource_id, **request)


def same_parameters(old: Any, new: Any) -> bool:
    """Compare parameters as the official provider hashes them: in any order, names in any case."""
    return same_members(_hashed(old or []), _hashed(new or []))


class ClusterParameterGroup(AwsResource):
    """A cluster parameter group."""

    token = "aws:rds/clusterParameterGroup:ClusterParameterGroup"  # noqa: S105 - a type's name
    service = "rds"
    operations = Operations(
        identifier="DBClusterParameterGroupName",
        create="create_db_cluster_parameter_group",
        created="DBClusterParameterGroup.DBClusterParameterGroupName",
        describe="describe_db_cluster_parameter_groups",
        described="DBClusterParameterGroups[]",
        delete="delete_db_cluster_parameter_group",
    )
    tagging = tagging.RDS
    not_found_codes = frozenset({"DBParameterGroupNotFound", "DBParameterGroupNotFoundFault"})
    naming = Naming("name", "namePrefix")
    inputs: ClassVar[Mapping[str, Property]] = {
        "name": Property("DBClusterParameterGroupName", replaces=True),
        "namePrefix": Property(replaces=True, write_only=True),
        "family": Property("DBParameterGroupFamily", replaces=True, required=True),
        "description": Property("Description", replaces=True, default=DESCRIPTION),
        "parameters": Property(answer="", empty=[], same=same_parameters),
        **REGION,
        **TAGS,
    }
    outputs: ClassVar[Mapping[str, str]] = {"arn": "DBClusterParameterGroupArn"}

    def finish(self, session: AwsConnection, resource_id: str, inputs: Properties) -> None:
        """Set the parameters, which CreateDBClusterParameterGroup does not accept."""
        self._set(session, resource_id, inputs.get("parameters") or [])

    def change(
        self,
        session: AwsConnection,
        resource_id: str,
        inputs: Properties,
        changed: frozenset[str],
    ) -> None:
        """Set new and changed parameters; reset removed ones."""
        if "parameters" not in changed:
            return
        known = self.read(session, resource_id, inputs) or {}
        old = _by_name(known.get("parameters") or [])
        new = _by_name(_with_apply_method(inputs["parameters"]))
        self._set(session, resource_id, [new[name] for name in new if old.get(name) != new[name]])
        for some in _chunks([old[name] for name in old if name not in new]):
            session.call(
                "rds",
                "reset_db_cluster_parameter_group",
                DBClusterParameterGroupName=resource_id,
                Parameters=[
                    {"ParameterName": one["name"], "ApplyMethod": one["applyMethod"]}
                    for one in some
                ],
            )

    def details(
        self, session: AwsConnection, description: Properties, state: Properties
    ) -> Properties:
        """Return the parameters that a user set."""
        return {"parameters": self._parameters(session, state["id"], "user")}

    def read(
        self, session: AwsConnection, resource_id: str, known: Properties
    ) -> Properties | None:
        """Add the parameters of the program that still have the family's values.

        hashicorp/terraform-provider-aws, internal/service/rds/cluster_parameter_group.go: besides
        parameters of source `user`, those of source `system` that the configuration names.
        """
        state = super().read(session, resource_id, known)
        if state is not None:
            given: list[Properties] = known.get("parameters") or []
            named = {parameter["name"] for parameter in given}
            state["parameters"] += [
                each
                for each in self._parameters(session, resource_id, "system")
                if each["name"] in named
            ]
        return state

    def _parameters(
        self, session: AwsConnection, resource_id: str, source: str
    ) -> list[Properties]:
        found = session.pages(
            "rds",
            "describe_db_cluster_parameters",
            "Parameters",
            DBClusterParameterGroupName=resource_id,
            Source=source,
        )
        return [
            {
                "name": one["ParameterName"],
                "value": one["ParameterValue"],
                "applyMethod": one.get("ApplyMethod", "immediate"),
            }
            for one in found
            if one.get("ParameterValue") is not None
        ]

    def _set(self, session: AwsConnection, resource_id: str, parameters: list[Properties]) -> None:
        for some in _chunks(_with_apply_method(parameters)):
            session.call(
                "rds",
                "modify_db_cluster_parameter_group",
                DBClusterParameterGroupName=resource_id,
                Parameters=[
                    {
                        "ParameterName": one["name"],
                        "ParameterValue": one["value"],
                        "ApplyMethod": one["applyMethod"],
                    }
                    for one in some
                ],
            )


def _with_apply_method(parameters: Iterable[Properties]) -> list[Properties]:
    return [{"applyMethod": "immediate", **parameter} for parameter in parameters]


def _hashed(parameters: Iterable[Properties]) -> list[Properties]:
    return [
        {**each, "name": each["name"].lower(), "applyMethod": each["applyMethod"].lower()}
        for each in _with_apply_method(parameters)
    ]


def _by_name(parameters: Iterable[Properties]) -> dict[str, Properties]:
    return {parameter["name"]: parameter for parameter in parameters}


def _chunks(parameters: list[Properties]) -> Iterator[list[Properties]]:
    for start in range(0, len(parameters), PARAMETERS_PER_CALL):
        yield parameters[start : start + PARAMETERS_PER_CALL]
