"""RDS: associations of IAM roles with clusters."""
# ruff: noqa: ARG002 - the signatures are ResourceType's

from collections.abc import Mapping
from typing import ClassVar

from emulator.provider.aws_connection import AwsConnection
from emulator.provider.aws_resource import REGION, AwsResource
from emulator.provider.operations import Operations
from emulator.provider.protocol.properties import Properties
from emulator.provider.protocol.resource_type import Created, Property

SEPARATOR = ","
ACTIVE = "ACTIVE"
WAIT_SECONDS = 600.0


class ClusterRoleAssociation(AwsResource):
    """An association; its id is the cluster's and the role's, so a role has one per cluster."""

    token = "aws:rds/clusterRoleAssociation:ClusterRoleAssociation"  # noqa: S105 - a type's name
    service = "rds"
    operations = Operations(identifier="", create="add_role_to_db_cluster")
    not_found_codes = frozenset({"DBClusterNotFoundFault", "DBClusterRoleNotFound"})
    inputs: ClassVar[Mapping[str, Property]] = {
        "dbClusterIdentifier": Property("DBClusterIdentifier", replaces=True, required=True),
        "featureName": Property("FeatureName", replaces=True),
        "roleArn": Property("RoleArn", replaces=True, required=True),
        **REGION,
    }
    outputs: ClassVar[Mapping[str, str]] = {}

    def create(self, session: AwsConnection, inputs: Properties) -> Created:
        """Associate the role, and wait until the association is active."""
        session.call("rds", "add_role_to_db_cluster", **self.creation(session, inputs))
        resource_id = f"{inputs['dbClusterIdentifier']}{SEPARATOR}{inputs['roleArn']}"
        self.wait(
            session,
            resource_id,
            lambda found: found is not None and found["Status"] == ACTIVE,
            WAIT_SECONDS,
        )
        return Created(resource_id)

    def describe(self, session: AwsConnection, resource_id: str) -> Properties | None:
        """Find the role among those of the cluster."""
        cluster, _, arn = resource_id.partition(SEPARATOR)
        answer = session.call("rds", "describe_db_clusters", DBClusterIdentifier=cluster)
        for found in answer["DBClusters"][0].get("AssociatedRoles", ()):
            if found["RoleArn"] == arn:
                return {"DBClusterIdentifier": cluster, **found}
        return None

    def delete(self, session: AwsConnection, resource_id: str, state: Properties) -> None:
        """Remove the role from the cluster."""
        request = self.request(state, frozenset(self.inputs))
        self.ignore_not_found(lambda: session.call("rds", "remove_role_from_db_cluster", **request))
