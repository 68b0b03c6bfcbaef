"""RDS: instances of an Aurora cluster.

Properties that replace an instance are those that terraform-provider-aws marks ForceNew in
internal/service/rds/cluster_instance.go.
"""
# ruff: noqa: ARG002 - the signatures are ResourceType's

from collections.abc import Mapping
from typing import ClassVar

from emulator.provider import tagging
from emulator.provider.aws_connection import AwsConnection
from emulator.provider.aws_resource import REGION, TAGS, AwsResource, generated_name
from emulator.provider.operations import Operations
from emulator.provider.protocol.comparisons import same_text_any_case, same_version
from emulator.provider.protocol.properties import Properties
from emulator.provider.protocol.resource_type import Property

LIMIT_SECONDS = 90 * 60.0
"""The official provider's timeout for creating, changing and deleting an instance."""

INSIGHTS = frozenset(
    {
        "performanceInsightsEnabled",
        "performanceInsightsKmsKeyId",
        "performanceInsightsRetentionPeriod",
    }
)
"""Settings that AWS validates together, so a change sends all of them."""


class ClusterInstance(AwsResource):
    """An instance of a cluster."""

    token = "aws:rds/clusterInstance:ClusterInstance"  # noqa: S105 - a type's name
    service = "rds"
    operations = Operations(
        identifier="DBInstanceIdentifier",
        create="create_db_instance",
        created="DBInstance.DBInstanceIdentifier",
        describe="describe_db_instances",
        described="DBInstances[]",
        update="modify_db_instance",
        delete="delete_db_instance",
    )
    tagging = tagging.RDS_DATABASES
    not_found_codes = frozenset({"DBInstanceNotFound", "DBInstanceNotFoundFault"})
    inputs: ClassVar[Mapping[str, Property]] = {
        "applyImmediately": Property(write_only=True, computed=True),
        "autoMinorVersionUpgrade": Property("AutoMinorVersionUpgrade", default=True),
        "availabilityZone": Property("AvailabilityZone", replaces=True, computed=True),
        "caCertIdentifier": Property("CACertificateIdentifier", computed=True),
        "clusterIdentifier": Property("DBClusterIdentifier", replaces=True, required=True),
        "copyTagsToSnapshot": Property("CopyTagsToSnapshot", default=False),
        "customIamInstanceProfile": Property("CustomIamInstanceProfile", replaces=True),
        "dbParameterGroupName": Property(
            "DBParameterGroupName",
            "DBParameterGroups[].DBParameterGroupName",
            computed=True,
            from_aws=lambda names: names[0] if names else None,
        ),
        "dbSubnetGroupName": Property(
            "DBSubnetGroupName",
            "DBSubnetGroup.DBSubnetGroupName",
            replaces=True,
            computed=True,
        ),
        "engine": Property("Engine", replaces=True, required=True),
        "engineVersion": Property("EngineVersion", computed=True, same=same_version),
        "forceDestroy": Property(write_only=True, default=False),
        "identifier": Property("DBInstanceIdentifier", replaces=True, computed=True),
        "identifierPrefix": Property(replaces=True, computed=True, write_only=True),
        "instanceClass": Property("DBInstanceClass", required=True),
        "monitoringInterval": Property("MonitoringInterval", default=0),
        "monitoringRoleArn": Property("MonitoringRoleArn", computed=True),
        "performanceInsightsEnabled": Property(
            "EnablePerformanceInsights", "PerformanceInsightsEnabled", computed=True
        ),
        "performanceInsightsKmsKeyId": Property("PerformanceInsightsKMSKeyId", computed=True),
        "performanceInsightsRetentionPeriod": Property(
            "PerformanceInsightsRetentionPeriod", computed=True
        ),
        "preferredBackupWindow": Property("PreferredBackupWindow", computed=True),
        "preferredMaintenanceWindow": Property(
            "PreferredMaintenanceWindow", computed=True, same=same_text_any_case
        ),
        "promotionTier": Property("PromotionTier", default=0),
        "publiclyAccessible": Property("PubliclyAccessible", computed=True),
        **REGION,
        **TAGS,
    }
    outputs: ClassVar[Mapping[str, str]] = {
        "arn": "DBInstanceArn",
        "dbiResourceId": "DbiResourceId",
        "endpoint": "Endpoint.Address",
        "engineVersionActual": "EngineVersion",
        "kmsKeyId": "KmsKeyId",
        "networkType": "NetworkType",
        "port": "Endpoint.Port",
        "storageEncrypted": "StorageEncrypted",
        "writer": "",
    }

    def creation(self, session: AwsConnection, inputs: Properties) -> Properties:
        """Add an identifier if the program gives none."""
        request = super().creation(session, inputs)
        request.setdefault("DBInstanceIdentifier", generated_name(inputs.get("identifierPrefix")))
        return request

    def finish(self, session: AwsConnection, resource_id: str, inputs: Properties) -> None:
        """Wait until the instance is available."""
        self.wait(session, resource_id, is_available, LIMIT_SECONDS)

    def change(
        self,
        session: AwsConnection,
        resource_id: str,
        inputs: Properties,
        changed: frozenset[str],
    ) -> None:
        """Change settings; the engine's version is changed at the cluster only."""
        names = changed - {"engineVersion"}
        if names & INSIGHTS:
            names |= INSIGHTS
        request = self.request(inputs, names)
        if request:
            session.call(
                "rds",
                "modify_db_instance",
                DBInstanceIdentifier=resource_id,
                ApplyImmediately=bool(inputs.get("applyImmediately")),
                **request,
            )
            self.wait(session, resource_id, is_available, LIMIT_SECONDS)

    def delete(self, session: AwsConnection, resource_id: str, state: Properties) -> None:
        """Delete; an instance of a cluster has no snapshot of its own."""
        self.ignore_not_found(
            lambda: session.call(
                "rds",
                "delete_db_instance",
                DBInstanceIdentifier=resource_id,
                SkipFinalSnapshot=True,
            )
        )
        self.wait(session, resource_id, lambda found: found is None, LIMIT_SECONDS)

    def details(
        self, session: AwsConnection, description: Properties, state: Properties
    ) -> Properties:
        """Return whether the instance is its cluster's writer."""
        answer = session.call(
            "rds", "describe_db_clusters", DBClusterIdentifier=description["DBClusterIdentifier"]
        )
        members = answer["DBClusters"][0]["DBClusterMembers"]
        writers = [one["DBInstanceIdentifier"] for one in members if one["IsClusterWriter"]]
        return {"writer": state["id"] in writers}


def is_available(description: Properties | None) -> bool:
    """Return whether an instance is available."""
    return description is not None and description.get("DBInstanceStatus") == "available"
