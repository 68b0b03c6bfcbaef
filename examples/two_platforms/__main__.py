"""Two platforms in one program: the platform name separates their names in AWS."""

import pulumi
import pulumi_aws as aws

from components.aurora_data_platform import (
    AuroraDataPlatform,
    AuroraDataPlatformArgs,
    PlatformSettings,
)

config = pulumi.Config()


def platform(name: str, *, max_capacity: float, instances: int) -> AuroraDataPlatform:
    """Create a platform whose logical and physical names contain `name`."""
    settings = PlatformSettings(
        region=pulumi.Config("aws").require("region"),
        environment="demo",
        platform_name=name,
        cost_center="examples",
        aurora_max_capacity=max_capacity,
        instance_count=instances,
        enable_deletion_protection=False,
        protect_resources=False,
    )
    args = AuroraDataPlatformArgs(
        settings=settings,
        partition=aws.get_partition().partition,
        account_id=aws.get_caller_identity().account_id,
        vpc_id=config.require("vpcId"),
        subnet_ids=config.require_object("subnetIds"),
    )
    return AuroraDataPlatform(name, args)


pulumi.export("ordersEndpoint", platform("orders", max_capacity=32, instances=2).cluster_endpoint)
pulumi.export("reportsEndpoint", platform("reports", max_capacity=8, instances=1).cluster_endpoint)
