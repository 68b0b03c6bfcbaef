"""RDS: Aurora clusters.

Properties that replace a cluster are those that terraform-provider-aws marks ForceNew in
internal/service/rds/cluster.go. Global clusters, S3 imports and Serverless v1 are not supported;
Check rejects them.
"""
# ruff: noqa: ARG002 - the signatures are ResourceType's

from collections.abc import Mapping
from typing import Any, ClassVar

from emulator.provider import tagging
from emulator.provider.aws_connection import AwsConnection, AwsError
from emulator.provider.aws_resource import REGION, TAGS, AwsResource, generated_name
from emulator.provider.operations import Operations, capitalized, uncapitalized
from emulator.provider.protocol.comparisons import (
    never_differs,
    same_given_keys,
    same_members,
    same_text_any_case,
    same_version,
)
from emulator.provider.protocol.errors import RejectedError
from emulator.provider.protocol.properties import Properties
from emulator.provider.protocol.resource_type import Property
from emulator.provider.resources.rds import restoration

LIMIT_SECONDS = 120 * 60.0
"""The official provider's timeout for creating, changing and deleting a cluster."""

INSIGHTS = frozenset(
    {
        "databaseInsightsMode",
        "performanceInsightsEnabled",
        "performanceInsightsKmsKeyId",
        "performanceInsightsRetentionPeriod",
    }
)
"""Settings that AWS validates together, so a change sends all of them."""

NOT_BY_MODIFY = frozenset(
    {"enabledCloudwatchLogsExports", "enableHttpEndpoint", "engineLifecycleSupport"}
)
"""Inputs that ModifyDBCluster has under another name, or that the provider does not send to it."""


def scaling_to_aws(block: Any) -> Any:
    """Return the scaling without an auto-pause timeout if the minimum is not 0."""
    pauses = block.get("minCapacity") == 0
    kept = {key: value for key, value in block.items() if pauses or key != "secondsUntilAutoPause"}
    return capitalized(kept)


class Cluster(AwsResource):
    """An Aurora cluster."""

    token = "aws:rds/cluster:Cluster"  # noqa: S105 - a type's name
    service = "rds"
    operations = Operations(
        identifier="DBClusterIdentifier",
        create="create_db_cluster",
        created="DBCluster.DBClusterIdentifier",
        describe="describe_db_clusters",
        described="DBClusters[]",
        update="modify_db_cluster",
        delete="delete_db_cluster",
    )
    tagging = tagging.RDS_DATABASES
    not_found_codes = frozenset({"DBClusterNotFoundFault"})
    secrets = frozenset({"masterPassword", "masterPasswordWo"})
    volatile: ClassVar[Mapping[str, tuple[str, ...]]] = {"engineVersion": ("engineVersionActual",)}
    inputs: ClassVar[Mapping[str, Property]] = {
        "allocatedStorage": Property("AllocatedStorage", computed=True),
        "allowMajorVersionUpgrade": Property(write_only=True),
        "applyImmediately": Property(write_only=True, computed=True),
        "autoMinorVersionUpgrade": Property("AutoMinorVersionUpgrade", computed=True),
        "availabilityZones": Property(
            "AvailabilityZones", replaces=True, computed=True, same=same_members
        ),
        "backupRetentionPeriod": Property("BackupRetentionPeriod", computed=True),
        "caCertificateIdentifier": Property(
            "CACertificateIdentifier", "CertificateDetails.CAIdentifier", computed=True
        ),
        "clusterIdentifier": Property("DBClusterIdentifier", replaces=True, computed=True),
        "clusterIdentifierPrefix": Property(replaces=True, computed=True, write_only=True),
        "clusterScalabilityType": Property("ClusterScalabilityType", replaces=True, computed=True),
        "copyTagsToSnapshot": Property("CopyTagsToSnapshot", default=False),
        "databaseInsightsMode": Property("DatabaseInsightsMode", computed=True),
        "databaseName": Property("DatabaseName", replaces=True, computed=True),
        "dbClusterParameterGroupName": Property(
            "DBClusterParameterGroupName", "DBClusterParameterGroup", computed=True
        ),
        "dbSubnetGroupName": Property(
            "DBSubnetGroupName", "DBSubnetGroup", replaces=True, computed=True
        ),
        "deleteAutomatedBackups": Property(write_only=True, default=True),
        "deletionProtection": Property("DeletionProtection", empty=False),
        "enableHttpEndpoint": Property("EnableHttpEndpoint", "HttpEndpointEnabled", default=False),
        "enabledCloudwatchLogsExports": Property(
            "EnableCloudwatchLogsExports",
            "EnabledCloudwatchLogsExports",
            empty=[],
            same=same_members,
        ),
        "engine": Property("Engine", replaces=True, required=True),
        "engineLifecycleSupport": Property("EngineLifecycleSupport", computed=True),
        "engineMode": Property("EngineMode", replaces=True, default="provisioned"),
        "engineVersion": Property("EngineVersion", computed=True, same=same_version),
        "finalSnapshotIdentifier": Property(write_only=True),
        "iamDatabaseAuthenticationEnabled": Property(
            "EnableIAMDatabaseAuthentication", "IAMDatabaseAuthenticationEnabled", empty=False
        ),
        "kmsKeyId": Property("KmsKeyId", replaces=True, computed=True),
        "manageMasterUserPassword": Property("ManageMasterUserPassword", write_only=True),
        "masterPassword": Property("MasterUserPassword", write_only=True),
        "masterPasswordWo": Property(write_only=True, same=never_differs),
        "masterPasswordWoVersion": Property(write_only=True),
        "masterUserSecretKmsKeyId": Property(
            "MasterUserSecretKmsKeyId", write_only=True, computed=True
        ),
        "masterUsername": Property("MasterUsername", replaces=True, computed=True),
        "monitoringInterval": Property("MonitoringInterval", computed=True),
        "monitoringRoleArn": Property("MonitoringRoleArn", computed=True),
        "networkType": Property("NetworkType", computed=True),
        "performanceInsightsEnabled": Property(
            "EnablePerformanceInsights", "PerformanceInsightsEnabled", empty=False
        ),
        "performanceInsightsKmsKeyId": Property("PerformanceInsightsKMSKeyId", computed=True),
        "performanceInsightsRetentionPeriod": Property(
            "PerformanceInsightsRetentionPeriod", computed=True
        ),
        "port": Property("Port", computed=True),
        "preferredBackupWindow": Property("PreferredBackupWindow", computed=True),
        "preferredMaintenanceWindow": Property(
            "PreferredMaintenanceWindow", computed=True, same=same_text_any_case
        ),
        "restoreToPointInTime": Property(replaces=True, write_only=True),
        "serverlessv2ScalingConfiguration": Property(
            "ServerlessV2ScalingConfiguration",
            computed=True,
            same=same_given_keys,
            to_aws=scaling_to_aws,
            from_aws=uncapitalized,
        ),
        "skipFinalSnapshot": Property(write_only=True, default=False),
        "snapshotIdentifier": Property(replaces=True, computed=True, write_only=True),
        "storageEncrypted": Property("StorageEncrypted", replaces=True, computed=True),
        "storageType": Property("StorageType", computed=True),
        "vpcSecurityGroupIds": Property(
            "VpcSecurityGroupIds",
            "VpcSecurityGroups[].VpcSecurityGroupId",
            computed=True,
            same=same_members,
        ),
        **REGION,
        **TAGS,
    }
    outputs: ClassVar[Mapping[str, str]] = {
        "arn": "DBClusterArn",
        "caCertificateValidTill": "CertificateDetails.ValidTill",
        "clusterMembers": "DBClusterMembers[].DBInstanceIdentifier",
        "clusterResourceId": "DbClusterResourceId",
        "endpoint": "Endpoint",
        "engineVersionActual": "EngineVersion",
        "hostedZoneId": "HostedZoneId",
        "iamRoles": "AssociatedRoles[].RoleArn",
        "masterUserSecrets": "",
        "readerEndpoint": "ReaderEndpoint",
        "upgradeRolloutOrder": "UpgradeRolloutOrder",
    }

    def create_operation(self, inputs: Properties) -> str:
        """Return the restore that the inputs name, or the creation of a new cluster."""
        return restoration.operation(inputs) or super().create_operation(inputs)

    def creation(self, session: AwsConnection, inputs: Properties) -> Properties:
        """Return the request that creates or restores the cluster."""
        request = self._creation(session, inputs)
        if restoration.operation(inputs):
            return restoration.restore_request(inputs, request)
        return request

    def _creation(self, session: AwsConnection, inputs: Properties) -> Properties:
        """Return the create request with the password from either property, and an identifier."""
        request = super().creation(session, inputs)
        request.setdefault(
            "DBClusterIdentifier", generated_name(inputs.get("clusterIdentifierPrefix"))
        )
        if inputs.get("masterPasswordWo"):
            request["MasterUserPassword"] = inputs["masterPasswordWo"]
        return request

    def finish(self, session: AwsConnection, resource_id: str, inputs: Properties) -> None:
        """Wait until the cluster is available, and set what its restore did not accept."""
        self.wait(session, resource_id, is_available, LIMIT_SECONDS)
        if restoration.operation(inputs):
            session.call(
                "rds",
                "modify_db_cluster",
                DBClusterIdentifier=resource_id,
                ApplyImmediately=True,
                **restoration.changes_afterwards(self._creation(session, inputs)),
            )
            self.wait(session, resource_id, is_available, LIMIT_SECONDS)

    def change(
        self,
        session: AwsConnection,
        resource_id: str,
        inputs: Properties,
        changed: frozenset[str],
    ) -> None:
        """Change settings, immediately if `applyImmediately` is set."""
        names = changed - NOT_BY_MODIFY
        if names & INSIGHTS:
            names |= INSIGHTS
        request = self.request(inputs, names)
        if "masterPasswordWoVersion" in changed:
            request["MasterUserPassword"] = inputs["masterPasswordWo"]
        if "engineVersion" in changed:
            request["AllowMajorVersionUpgrade"] = inputs.get("allowMajorVersionUpgrade")
        if "enabledCloudwatchLogsExports" in changed:
            request["CloudwatchLogsExportConfiguration"] = self._log_change(
                session, resource_id, inputs["enabledCloudwatchLogsExports"]
            )
        if request:
            session.call(
                "rds",
                "modify_db_cluster",
                DBClusterIdentifier=resource_id,
                ApplyImmediately=bool(inputs.get("applyImmediately")),
                **request,
            )
            self.wait(session, resource_id, is_available, LIMIT_SECONDS)
        if "enableHttpEndpoint" in changed:
            verb = "enable" if inputs["enableHttpEndpoint"] else "disable"
            arn = (self.describe(session, resource_id) or {}).get("DBClusterArn")
            session.call("rds", f"{verb}_http_endpoint", ResourceArn=arn)

    def delete(self, session: AwsConnection, resource_id: str, state: Properties) -> None:
        """Delete, with a final snapshot unless the state says otherwise.

        AWS rejects a protected cluster. If the state has no deletion protection and applies changes
        immediately, protection that was enabled outside of Pulumi is disabled first.
        """
        skip = bool(state.get("skipFinalSnapshot"))
        if not skip and not state.get("finalSnapshotIdentifier"):
            message = (
                f"RDS Cluster {resource_id}: finalSnapshotIdentifier is required when "
                "skipFinalSnapshot is false"
            )
            raise RejectedError(message)

        def call() -> None:
            session.call(
                "rds",
                "delete_db_cluster",
                DBClusterIdentifier=resource_id,
                SkipFinalSnapshot=skip,
                FinalDBSnapshotIdentifier=None if skip else state["finalSnapshotIdentifier"],
                DeleteAutomatedBackups=state.get("deleteAutomatedBackups", True),
            )

        try:
            self.ignore_not_found(call)
        except AwsError as error:
            unprotect = not state.get("deletionProtection") and state.get("applyImmediately")
            if "disable deletion pro" not in error.reason or not unprotect:
                raise
            session.call(
                "rds",
                "modify_db_cluster",
                DBClusterIdentifier=resource_id,
                DeletionProtection=False,
                ApplyImmediately=True,
            )
            self.wait(session, resource_id, is_available, LIMIT_SECONDS)
            call()
        self.wait(session, resource_id, lambda found: found is None, LIMIT_SECONDS)

    def details(
        self, session: AwsConnection, description: Properties, state: Properties
    ) -> Properties:
        """Return the secret that RDS manages, if any."""
        secret = description.get("MasterUserSecret")
        return {"masterUserSecrets": [uncapitalized(secret)] if secret else []}

    def _log_change(
        self, session: AwsConnection, resource_id: str, wanted: list[str]
    ) -> Properties:
        found = self.describe(session, resource_id) or {}
        exported: list[str] = found.get("EnabledCloudwatchLogsExports") or []
        return {
            "EnableLogTypes": sorted(set(wanted) - set(exported)),
            "DisableLogTypes": sorted(set(exported) - set(wanted)),
        }


def is_available(description: Properties | None) -> bool:
    """Return whether a cluster is available."""
    return description is not None and description.get("Status") == "available"
