"""Custom endpoints of the cluster."""

from collections.abc import Mapping, Sequence

import pulumi
import pulumi_aws as aws

from components.aurora_data_platform.settings.model import PlatformSettings
from components.aurora_data_platform.tags import resource_tags


def create_custom_endpoints(
    name: str,
    settings: PlatformSettings,
    *,
    parent: pulumi.Resource,
    cluster: aws.rds.Cluster,
    instances: Sequence[aws.rds.ClusterInstance],
) -> pulumi.Output[Mapping[str, str]]:
    """Create the custom endpoints; return their addresses by name.

    Members are named by the instance's number, which a failover does not change.

    Args:
        name: The platform's logical name, prefix of the endpoints'.
        settings: The platform's settings.
        parent: Parent of the resources.
        cluster: The cluster.
        instances: Its instances, the first one first.
    """
    addresses: dict[str, pulumi.Output[str]] = {}
    for key, endpoint in settings.custom_endpoints.items():
        identifier = settings.names.custom_endpoint(key)
        addresses[key] = aws.rds.ClusterEndpoint(
            f"{name}-endpoint-{key}",
            cluster_endpoint_identifier=identifier,
            cluster_identifier=cluster.cluster_identifier,
            custom_endpoint_type=str(endpoint.type),
            static_members=_identifiers(instances, endpoint.static_members),
            excluded_members=_identifiers(instances, endpoint.excluded_members),
            tags=resource_tags(settings, identifier),
            # Without an instance there is nothing to connect to.
            opts=pulumi.ResourceOptions(parent=parent, depends_on=instances[:1]),
        ).endpoint
    # Without arguments, `all` returns a list.
    return pulumi.Output.all(**addresses).apply(dict)


def _identifiers(
    instances: Sequence[aws.rds.ClusterInstance], numbers: Sequence[int]
) -> list[pulumi.Output[str]] | None:
    return [instances[number - 1].identifier for number in numbers] or None
