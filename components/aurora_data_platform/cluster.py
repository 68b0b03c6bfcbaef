"""The Aurora cluster with its parameter group, log groups, monitoring role and instances."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws
import pulumi_random as random

from components.aurora_data_platform.args import AuroraDataPlatformArgs
from components.aurora_data_platform.aurora import engine_versions
from components.aurora_data_platform.credentials.secret import (
    DatabaseEndpoint,
    initial_password,
)
from components.aurora_data_platform.custom_endpoints import create_custom_endpoints
from components.aurora_data_platform.iam_policies.monitoring import (
    monitoring_policy,
    monitoring_trust_policy,
)
from components.aurora_data_platform.instances import create_instances
from components.aurora_data_platform.network import DatabaseNetwork
from components.aurora_data_platform.settings.restoration import RestoreSource
from components.aurora_data_platform.tags import resource_tags

SNAPSHOT_SUFFIX_BYTES = 4
CREATE_ONLY = ("snapshotIdentifier", "restoreToPointInTime", "engineLifecycleSupport")
"""Inputs that matter only when the cluster is created. A change of the first two would replace it;
no update sends the last one (terraform-provider-aws, resourceClusterUpdate)."""


@dataclass(frozen=True)
class _MonitoringRole:
    arn: pulumi.Output[str]
    attachment: aws.iam.RolePolicyAttachment


class AuroraCluster(pulumi.ComponentResource):
    """Runs Aurora PostgreSQL with Serverless v2 instances.

    Creates:
        - the master user's first password;
        - the cluster parameter group, whose name contains the major version so that the next
          major's can exist next to it; instances have no parameter group of their own;
        - one log group per exported log, before the cluster, because Aurora would create it without
          retention and encryption;
        - a random suffix for the final snapshot, so that it never collides with an earlier one;
        - the role of Enhanced Monitoring, unless it is off;
        - the cluster and its instances;
        - its custom endpoints, and the association of IAM roles with it.

    Replacing the cluster loses the database. These replace it: cluster identifier (environment,
    platform name, region), database name, master user, key, subnet group name. A source of its data
    is read only when the cluster is created.

    Args:
        name: The platform's logical name, prefix of the children's.
        args: The platform's arguments.
        key_arn: KMS key of storage, Performance Insights and logs.
        network: Subnet group and security group.
        opts: Resource options.
    """

    cluster: aws.rds.Cluster
    """The cluster."""
    instances: list[aws.rds.ClusterInstance]
    """Its instances, the first one first."""
    master_password: pulumi.Output[str]
    """First password of the master user, secret. The first rotation supersedes it."""
    endpoint: DatabaseEndpoint
    """The endpoint at which users log in."""
    log_group_names: dict[str, pulumi.Output[str]]
    """Log groups by exported log."""
    custom_endpoints: pulumi.Output[Mapping[str, str]]
    """Addresses of the custom endpoints by name."""

    def __init__(
        self,
        name: str,
        args: AuroraDataPlatformArgs,
        *,
        key_arn: pulumi.Input[str],
        network: DatabaseNetwork,
        opts: pulumi.ResourceOptions,
    ) -> None:
        super().__init__("aurora-data-platform:index:AuroraCluster", f"{name}-database", None, opts)
        self._platform = name
        self._args = args
        self._settings = settings = args.settings
        self._key_arn = key_arn
        self.master_password = initial_password(name, settings, parent=self)
        log_groups = self._create_log_groups()
        self.log_group_names = {log_type: group.name for log_type, group in log_groups.items()}
        self.cluster = self._create_cluster(
            network=network,
            parameter_group=self._create_parameter_group(),
            log_groups=list(log_groups.values()),
        )
        self.endpoint = DatabaseEndpoint(
            self.cluster.endpoint, self.cluster.port, self.cluster.cluster_identifier
        )
        monitoring = self._create_monitoring_role()
        self.instances = create_instances(
            name,
            settings,
            parent=self,
            cluster=self.cluster,
            key_arn=key_arn,
            availability_zones=args.availability_zones,
            monitoring_role_arn=monitoring.arn if monitoring else None,
            monitoring_attachment=monitoring.attachment if monitoring else None,
        )
        self.custom_endpoints = create_custom_endpoints(
            name, settings, parent=self, cluster=self.cluster, instances=self.instances
        )
        self._associate_roles()
        self.register_outputs(
            {
                "clusterIdentifier": self.cluster.cluster_identifier,
                "endpoint": self.cluster.endpoint,
                "readerEndpoint": self.cluster.reader_endpoint,
            }
        )

    def _create_parameter_group(self) -> aws.rds.ClusterParameterGroup:
        settings = self._settings
        logical_name = f"{self._platform}-parameter-group"
        return aws.rds.ClusterParameterGroup(
            # Each major version has its own resource, so that an upgrade that AWS rejects can be
            # taken back: the old group is still there.
            f"{logical_name}-{settings.major_version}",
            name=settings.names.parameter_group,
            family=engine_versions.family(settings.engine_version),
            description=f"Parameters of {settings.names.cluster}",
            parameters=[
                aws.rds.ClusterParameterGroupParameterArgs(
                    name=parameter.name,
                    value=parameter.value,
                    apply_method=parameter.apply_method,
                )
                for parameter in settings.parameter_group_entries
            ],
            tags=resource_tags(settings, settings.names.parameter_group),
            # A group in use cannot be deleted: its replacement must be created first.
            opts=pulumi.ResourceOptions(
                parent=self,
                delete_before_replace=False,
                aliases=[pulumi.Alias(name=logical_name)],
            ),
        )

    def _create_log_groups(self) -> dict[str, aws.cloudwatch.LogGroup]:
        settings = self._settings
        return {
            str(log_type): aws.cloudwatch.LogGroup(
                f"{self._platform}-log-{log_type}",
                name=settings.names.log_group(log_type),
                retention_in_days=settings.log_retention_days,
                kms_key_id=self._key_arn,
                tags=resource_tags(settings, settings.names.log_group(log_type)),
                opts=pulumi.ResourceOptions(
                    parent=self, protect=settings.protect_resources, delete_before_replace=False
                ),
            )
            for log_type in settings.log_exports
        }

    def _final_snapshot_identifier(self) -> pulumi.Output[str]:
        suffix = random.RandomId(
            f"{self._platform}-final-snapshot-suffix",
            byte_length=SNAPSHOT_SUFFIX_BYTES,
            opts=pulumi.ResourceOptions(parent=self),
        )
        return suffix.hex.apply(self._settings.names.final_snapshot)

    def _create_cluster(
        self,
        *,
        network: DatabaseNetwork,
        parameter_group: aws.rds.ClusterParameterGroup,
        log_groups: list[aws.cloudwatch.LogGroup],
    ) -> aws.rds.Cluster:
        s = self._settings
        pauses, insights = s.aurora_min_capacity == 0, s.performance_insights_enabled
        # AWS upgrades minor versions automatically; the requested one would then be a downgrade.
        upgrades = [] if s.allow_engine_upgrade else ["engineVersion"]
        return aws.rds.Cluster(
            f"{self._platform}-cluster",
            cluster_identifier=s.names.cluster,
            engine=aws.rds.EngineType.AURORA_POSTGRESQL,
            engine_mode="provisioned",
            engine_version=self._args.engine_version or s.engine_version,
            engine_lifecycle_support=str(s.engine_lifecycle_support),
            snapshot_identifier=s.restore_from.snapshot or None,
            restore_to_point_in_time=_point_in_time(s.restore_from),
            allow_major_version_upgrade=s.allow_engine_upgrade,
            serverlessv2_scaling_configuration=aws.rds.ClusterServerlessv2ScalingConfigurationArgs(
                min_capacity=s.aurora_min_capacity,
                max_capacity=s.aurora_max_capacity,
                seconds_until_auto_pause=s.seconds_until_auto_pause if pauses else None,
            ),
            database_name=s.database_name,
            master_username=s.master_username,
            master_password=self.master_password,
            iam_database_authentication_enabled=True,
            port=s.port,
            network_type=str(s.network_type),
            db_subnet_group_name=network.subnet_group_name,
            vpc_security_group_ids=[network.security_group_id],
            db_cluster_parameter_group_name=parameter_group.name,
            storage_encrypted=True,
            kms_key_id=self._key_arn,
            # Always sent: the provider treats an unset storage type as no change.
            storage_type=str(s.storage_type),
            backup_retention_period=s.backup_retention_days,
            preferred_backup_window=s.backup_window,
            preferred_maintenance_window=s.maintenance_window,
            # AWS upgrades a cluster only if the cluster and every instance have the setting.
            auto_minor_version_upgrade=s.auto_minor_version_upgrade,
            copy_tags_to_snapshot=True,
            deletion_protection=s.enable_deletion_protection,
            skip_final_snapshot=s.skip_final_snapshot,
            final_snapshot_identifier=self._final_snapshot_identifier(),
            delete_automated_backups=s.delete_automated_backups,
            # AWS changes mode, retention and key together; a removed one would switch insights off.
            database_insights_mode=str(s.database_insights_mode),
            performance_insights_enabled=insights,
            performance_insights_kms_key_id=self._key_arn if insights else None,
            performance_insights_retention_period=s.performance_insights_retention_days
            if insights
            else None,
            enabled_cloudwatch_logs_exports=[str(log_type) for log_type in s.log_exports],
            # An upgrade would otherwise wait for the maintenance window, and with it the deletion
            # of the old parameter group.
            apply_immediately=s.apply_immediately or s.allow_engine_upgrade,
            tags=resource_tags(s, s.names.cluster),
            opts=pulumi.ResourceOptions(
                parent=self,
                protect=s.protect_resources,
                # A replacement must collide with the existing cluster, not delete it first.
                delete_before_replace=False,
                ignore_changes=["masterPassword", *CREATE_ONLY, *upgrades],
                depends_on=log_groups,
            ),
        )

    def _associate_roles(self) -> None:
        for feature, role_arn in self._settings.iam_roles.items():
            aws.rds.ClusterRoleAssociation(
                f"{self._platform}-role-{feature}",
                db_cluster_identifier=self.cluster.cluster_identifier,
                feature_name=feature,
                role_arn=role_arn,
                # AWS accepts one role per feature.
                opts=pulumi.ResourceOptions(parent=self, delete_before_replace=True),
            )

    def _create_monitoring_role(self) -> _MonitoringRole | None:
        settings, names = self._settings, self._settings.names
        if settings.monitoring_interval_seconds == 0:
            return None
        role = aws.iam.Role(
            f"{self._platform}-monitoring-role",
            name=names.monitoring_role,
            description=f"Enhanced Monitoring of {names.cluster}",
            assume_role_policy=json.dumps(
                monitoring_trust_policy(self._args.scope, instance_prefix=f"{names.cluster}-")
            ),
            tags=resource_tags(settings, names.monitoring_role),
            opts=pulumi.ResourceOptions(parent=self),
        )
        policy = aws.iam.Policy(
            f"{self._platform}-monitoring-policy",
            name=names.monitoring_policy,
            description="Write Enhanced Monitoring metrics",
            policy=json.dumps(monitoring_policy(self._args.scope)),
            tags=resource_tags(settings, names.monitoring_policy),
            opts=pulumi.ResourceOptions(parent=self),
        )
        attachment = aws.iam.RolePolicyAttachment(
            f"{self._platform}-monitoring-attachment",
            role=role.name,
            policy_arn=policy.arn,
            opts=pulumi.ResourceOptions(parent=self),
        )
        return _MonitoringRole(role.arn, attachment)


def _point_in_time(source: RestoreSource) -> aws.rds.ClusterRestoreToPointInTimeArgs | None:
    if not source.cluster:
        return None
    moment = source.moment
    return aws.rds.ClusterRestoreToPointInTimeArgs(
        source_cluster_identifier=None if source.resource_id else source.cluster,
        source_cluster_resource_id=source.resource_id or None,
        restore_type=str(source.method),
        restore_to_time=f"{moment:%Y-%m-%dT%H:%M:%SZ}" if moment else None,
        use_latest_restorable_time=None if moment else True,
    )
