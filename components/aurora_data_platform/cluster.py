"""The Aurora cluster with its instances, parameters, logs and monitoring role."""

import json
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws
import pulumi_random as random

from components.aurora_data_platform.aurora import engine_versions
from components.aurora_data_platform.iam_policies import iam_documents
from components.aurora_data_platform.settings.model import PlatformSettings
from components.aurora_data_platform.tags import resource_tags

SERVERLESS_INSTANCE_CLASS = "db.serverless"
SNAPSHOT_SUFFIX_BYTES = 4


@dataclass(frozen=True)
class _Monitoring:
    """The role of Enhanced Monitoring.

    Instances wait for the attachment, because RDS checks the role's permissions at once.
    """

    role_arn: pulumi.Output[str]
    attachment: aws.iam.RolePolicyAttachment


class AuroraCluster(pulumi.ComponentResource):
    """Runs Aurora PostgreSQL in Serverless v2.

    Creates:
        - the cluster parameter group, whose name carries the major version, so that the next
          major's can exist beside it; instances have no group of their own;
        - a log group per exported log, before the cluster, since Aurora would create it without
          expiry and key;
        - a random suffix, so that the final snapshot never meets an earlier one's name;
        - the role of Enhanced Monitoring, unless it is off;
        - the cluster;
        - its instances: the first in promotion tier 0, the others in tier 1, which scale with it
          and take over from it.

    Replacing the cluster is losing the database. What replaces it: cluster identifier (environment,
    platform name, region), database name, master user, key, subnet group name.

    Args:
        name: The platform's logical name, start of this part's and its children's.
        settings: The platform's settings.
        key_arn: Key of storage, insights and logs. Changing it replaces the cluster.
        subnet_group_name: DB subnet group. Changing it replaces the cluster.
        security_group_id: The cluster's only security group.
        master_password: First password of the master user; later changes are ignored, because
            rotation owns it.

    Attributes:
        cluster: The cluster.
        instances: Its instances, the first one first.
        log_group_names: Log groups by exported log.
    """

    cluster: aws.rds.Cluster
    instances: list[aws.rds.ClusterInstance]
    log_group_names: dict[str, pulumi.Output[str]]

    def __init__(
        self,
        name: str,
        settings: PlatformSettings,
        *,
        key_arn: pulumi.Input[str],
        subnet_group_name: pulumi.Input[str],
        security_group_id: pulumi.Input[str],
        master_password: pulumi.Input[str],
        opts: pulumi.ResourceOptions,
    ) -> None:
        super().__init__("aurora-data-platform:index:AuroraCluster", f"{name}-database", None, opts)
        self._platform = name
        self._settings = settings
        self._key_arn = key_arn
        parameter_group = self._create_parameter_group()
        log_groups = self._create_log_groups()
        self.cluster = self._create_cluster(
            parameter_group_name=parameter_group.name,
            subnet_group_name=subnet_group_name,
            security_group_id=security_group_id,
            master_password=master_password,
            final_snapshot=self._final_snapshot_identifier(),
            log_groups=list(log_groups.values()),
        )
        self.log_group_names = {log_type: group.name for log_type, group in log_groups.items()}
        self.instances = self._create_instances(subnet_group_name, self._create_monitoring_role())
        self.register_outputs(
            {
                "clusterIdentifier": self.cluster.cluster_identifier,
                "endpoint": self.cluster.endpoint,
                "readerEndpoint": self.cluster.reader_endpoint,
            }
        )

    def _create_parameter_group(self) -> aws.rds.ClusterParameterGroup:
        settings = self._settings
        return aws.rds.ClusterParameterGroup(
            f"{self._platform}-parameter-group",
            name=settings.names.parameter_group,
            family=engine_versions.family(settings.engine_version),
            description=f"Parameters of {settings.names.cluster}",
            parameters=[
                aws.rds.ClusterParameterGroupParameterArgs(
                    name=parameter.name,
                    value=parameter.value,
                    apply_method=parameter.apply_method,
                )
                for parameter in settings.applied_parameters
            ],
            tags=resource_tags(settings, settings.names.parameter_group),
            opts=pulumi.ResourceOptions(parent=self),
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
                opts=pulumi.ResourceOptions(parent=self, protect=settings.protect_resources),
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
        parameter_group_name: pulumi.Input[str],
        subnet_group_name: pulumi.Input[str],
        security_group_id: pulumi.Input[str],
        master_password: pulumi.Input[str],
        final_snapshot: pulumi.Input[str],
        log_groups: list[aws.cloudwatch.LogGroup],
    ) -> aws.rds.Cluster:
        s = self._settings
        pauses = s.aurora_min_capacity == 0
        # AWS upgrades minor versions by itself; asking for the first again would be a downgrade.
        ignored = ["masterPassword"] + ([] if s.allow_engine_upgrade else ["engineVersion"])
        return aws.rds.Cluster(
            f"{self._platform}-cluster",
            cluster_identifier=s.names.cluster,
            engine=aws.rds.EngineType.AURORA_POSTGRESQL,
            engine_mode="provisioned",
            engine_version=s.engine_version,
            engine_lifecycle_support="open-source-rds-extended-support"
            + ("" if s.extended_support else "-disabled"),
            allow_major_version_upgrade=s.allow_engine_upgrade,
            serverlessv2_scaling_configuration=aws.rds.ClusterServerlessv2ScalingConfigurationArgs(
                min_capacity=s.aurora_min_capacity,
                max_capacity=s.aurora_max_capacity,
                seconds_until_auto_pause=s.seconds_until_auto_pause if pauses else None,
            ),
            database_name=s.database_name,
            master_username=s.master_username,
            master_password=master_password,
            iam_database_authentication_enabled=True,
            port=s.port,
            db_subnet_group_name=subnet_group_name,
            vpc_security_group_ids=[security_group_id],
            db_cluster_parameter_group_name=parameter_group_name,
            storage_encrypted=True,
            kms_key_id=self._key_arn,
            # The provider writes Aurora Standard as an empty storage type.
            storage_type=None if s.storage_type == "aurora" else str(s.storage_type),
            backup_retention_period=s.backup_retention_days,
            preferred_backup_window=s.backup_window,
            preferred_maintenance_window=s.maintenance_window,
            copy_tags_to_snapshot=True,
            deletion_protection=s.enable_deletion_protection,
            skip_final_snapshot=s.skip_final_snapshot,
            final_snapshot_identifier=final_snapshot,
            delete_automated_backups=s.delete_automated_backups,
            enabled_cloudwatch_logs_exports=[str(log_type) for log_type in s.log_exports],
            apply_immediately=s.apply_immediately,
            tags=resource_tags(s, s.names.cluster),
            opts=pulumi.ResourceOptions(
                parent=self,
                protect=s.protect_resources,
                ignore_changes=ignored,
                depends_on=log_groups,
            ),
        )

    def _create_monitoring_role(self) -> _Monitoring | None:
        settings = self._settings
        names = settings.names
        if settings.monitoring_interval_seconds == 0:
            return None
        role = aws.iam.Role(
            f"{self._platform}-monitoring-role",
            name=names.monitoring_role,
            description=f"Enhanced Monitoring of {names.cluster}",
            assume_role_policy=json.dumps(
                iam_documents.monitoring_trust_policy(
                    settings.location, instance_prefix=f"{names.cluster}-"
                )
            ),
            tags=resource_tags(settings, names.monitoring_role),
            opts=pulumi.ResourceOptions(parent=self),
        )
        policy = aws.iam.Policy(
            f"{self._platform}-monitoring-policy",
            name=names.monitoring_policy,
            description="Write Enhanced Monitoring metrics",
            policy=json.dumps(iam_documents.monitoring_policy(settings.location)),
            tags=resource_tags(settings, names.monitoring_policy),
            opts=pulumi.ResourceOptions(parent=self),
        )
        attachment = aws.iam.RolePolicyAttachment(
            f"{self._platform}-monitoring-attachment",
            role=role.name,
            policy_arn=policy.arn,
            opts=pulumi.ResourceOptions(parent=self),
        )
        return _Monitoring(role.arn, attachment)

    def _create_instances(
        self,
        subnet_group_name: pulumi.Input[str],
        monitoring: _Monitoring | None,
    ) -> list[aws.rds.ClusterInstance]:
        s = self._settings
        zones = sorted(set(s.availability_zones))
        before: list[pulumi.Resource] = [monitoring.attachment] if monitoring else []
        instances: list[aws.rds.ClusterInstance] = []
        for number in range(1, s.instance_count + 1):
            instance = aws.rds.ClusterInstance(
                f"{self._platform}-instance-{number}",
                identifier=s.names.instance(number),
                cluster_identifier=self.cluster.cluster_identifier,
                engine=aws.rds.EngineType.AURORA_POSTGRESQL,
                instance_class=SERVERLESS_INSTANCE_CLASS,
                availability_zone=zones[(number - 1) % len(zones)] if zones else None,
                promotion_tier=min(number - 1, 1),
                db_subnet_group_name=subnet_group_name,
                publicly_accessible=False,
                auto_minor_version_upgrade=s.auto_minor_version_upgrade,
                ca_cert_identifier=str(s.ca_certificate_identifier),
                performance_insights_enabled=s.performance_insights_enabled,
                performance_insights_kms_key_id=self._key_arn
                if s.performance_insights_enabled
                else None,
                performance_insights_retention_period=s.performance_insights_retention_days
                if s.performance_insights_enabled
                else None,
                monitoring_interval=s.monitoring_interval_seconds,
                monitoring_role_arn=monitoring.role_arn if monitoring else None,
                preferred_maintenance_window=s.maintenance_window,
                apply_immediately=s.apply_immediately,
                tags=resource_tags(s, s.names.instance(number)),
                opts=pulumi.ResourceOptions(
                    parent=self,
                    # AWS's deletion protection covers the cluster only, and without instances it
                    # answers nobody.
                    protect=s.protect_resources,
                    # Zones are dealt out once: another subnet must not replace an instance.
                    ignore_changes=["availabilityZone"],
                    # The first instance to exist becomes the writer.
                    depends_on=[*before],
                ),
            )
            instances.append(instance)
            if number == 1:
                before.append(instance)
        return instances
