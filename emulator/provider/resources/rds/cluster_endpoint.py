"""RDS: custom endpoints of clusters."""

from collections.abc import Mapping
from typing import ClassVar

from emulator.provider import tagging
from emulator.provider.aws_connection import AwsConnection
from emulator.provider.aws_resource import REGION, TAGS, AwsResource
from emulator.provider.operations import Operations
from emulator.provider.protocol.comparisons import same_members
from emulator.provider.protocol.properties import Properties
from emulator.provider.protocol.resource_type import Naming, Property

_CHANGEABLE = frozenset({"customEndpointType", "excludedMembers", "staticMembers"})


class ClusterEndpoint(AwsResource):
    """A custom endpoint; its id is its name."""

    token = "aws:rds/clusterEndpoint:ClusterEndpoint"  # noqa: S105 - a type's name
    service = "rds"
    operations = Operations(
        identifier="DBClusterEndpointIdentifier",
        create="create_db_cluster_endpoint",
        created="DBClusterEndpointIdentifier",
        describe="describe_db_cluster_endpoints",
        described="DBClusterEndpoints[]",
        update="modify_db_cluster_endpoint",
        delete="delete_db_cluster_endpoint",
    )
    tagging = tagging.RDS
    not_found_codes = frozenset({"DBClusterEndpointNotFoundFault"})
    naming = Naming("clusterEndpointIdentifier")
    inputs: ClassVar[Mapping[str, Property]] = {
        "clusterEndpointIdentifier": Property(
            "DBClusterEndpointIdentifier", replaces=True, required=True
        ),
        "clusterIdentifier": Property("DBClusterIdentifier", replaces=True, required=True),
        "customEndpointType": Property("EndpointType", "CustomEndpointType", required=True),
        "excludedMembers": Property("ExcludedMembers", empty=[], same=same_members),
        "staticMembers": Property("StaticMembers", empty=[], same=same_members),
        **REGION,
        **TAGS,
    }
    outputs: ClassVar[Mapping[str, str]] = {"arn": "DBClusterEndpointArn", "endpoint": "Endpoint"}

    def change(
        self,
        session: AwsConnection,
        resource_id: str,
        inputs: Properties,
        changed: frozenset[str],
    ) -> None:
        """Send the type and both lists with every change."""
        if changed & _CHANGEABLE:
            lists: Properties = {"ExcludedMembers": [], "StaticMembers": []}
            request = lists | self.request(inputs, _CHANGEABLE)
            session.call(
                "rds",
                "modify_db_cluster_endpoint",
                DBClusterEndpointIdentifier=resource_id,
                **request,
            )
