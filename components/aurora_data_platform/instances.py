"""DB instances of the cluster, spread over Availability Zones."""

from collections import Counter
from collections.abc import Sequence

import pulumi
import pulumi_aws as aws

from components.aurora_data_platform.settings.model import PlatformSettings
from components.aurora_data_platform.tags import resource_tags

SERVERLESS_INSTANCE_CLASS = "db.serverless"


def create_instances(
    name: str,
    settings: PlatformSettings,
    *,
    parent: pulumi.Resource,
    cluster: aws.rds.Cluster,
    key_arn: pulumi.Input[str],
    availability_zones: pulumi.Input[Sequence[str]],
    monitoring_role_arn: pulumi.Input[str] | None,
    monitoring_attachment: pulumi.Resource | None,
) -> list[aws.rds.ClusterInstance]:
    """Create the instances: the first in promotion tier 0, the others in tier 1.

    Instances in tier 0 and 1 scale with the writer, so that each can take over from it.

    Args:
        name: The platform's logical name, prefix of the instances'.
        settings: The platform's settings.
        parent: Parent of the resources.
        cluster: Their cluster.
        key_arn: KMS key of Performance Insights.
        availability_zones: Zones to use; empty to let AWS choose.
        monitoring_role_arn: Role of Enhanced Monitoring, None if it is off.
        monitoring_attachment: The role's permissions, which RDS checks when it creates an instance.
    """
    instances: list[aws.rds.ClusterInstance] = []
    for number in range(1, settings.instance_count + 1):
        # The first instance to exist becomes the writer. One after the other: AWS may reject an
        # instance while it creates another one (hashicorp/terraform-provider-aws issue 50115).
        dependencies = [each for each in (monitoring_attachment, *instances[-1:]) if each]
        insights = settings.performance_insights_enabled
        instance = aws.rds.ClusterInstance(
            f"{name}-instance-{number}",
            identifier=settings.names.instance(number),
            cluster_identifier=cluster.cluster_identifier,
            engine=aws.rds.EngineType.AURORA_POSTGRESQL,
            instance_class=SERVERLESS_INSTANCE_CLASS,
            availability_zone=_next_zone(availability_zones, instances),
            promotion_tier=min(number - 1, 1),
            db_subnet_group_name=cluster.db_subnet_group_name,
            publicly_accessible=False,
            auto_minor_version_upgrade=settings.auto_minor_version_upgrade,
            ca_cert_identifier=str(settings.ca_certificate_identifier),
            performance_insights_enabled=insights,
            performance_insights_kms_key_id=key_arn if insights else None,
            performance_insights_retention_period=settings.performance_insights_retention_days
            if insights
            else None,
            monitoring_interval=settings.monitoring_interval_seconds,
            monitoring_role_arn=monitoring_role_arn,
            preferred_maintenance_window=settings.maintenance_window,
            apply_immediately=settings.apply_immediately,
            tags=resource_tags(settings, settings.names.instance(number)),
            opts=pulumi.ResourceOptions(
                parent=parent,
                # AWS's deletion protection covers the cluster only, which cannot serve without
                # instances.
                protect=settings.protect_resources,
                delete_before_replace=False,
                # The zone is chosen once: another subnet must not replace an instance.
                ignore_changes=["availabilityZone"],
                depends_on=dependencies,
            ),
        )
        instances.append(instance)
    return instances


def least_used_zone(zones: Sequence[str], used: Sequence[str]) -> str:
    """Return the zone with the fewest instances; of several, the first by name."""
    counts = Counter(used)
    return min(sorted(set(zones)), key=lambda zone: counts[zone])


def _next_zone(
    zones: pulumi.Input[Sequence[str]], instances: Sequence[aws.rds.ClusterInstance]
) -> pulumi.Input[str] | None:
    """Return a zone for the next instance, given the actual zones of the existing ones."""
    if isinstance(zones, Sequence) and not zones:
        return None
    used = [each.availability_zone for each in instances]
    return pulumi.Output.all(zones=zones, used=used).apply(
        lambda known: least_used_zone(known["zones"], known["used"])
    )
