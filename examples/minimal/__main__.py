"""The smallest program: a network, and the default of every setting that has one."""

import pulumi
import pulumi_aws as aws

from components.aurora_data_platform import (
    AuroraDataPlatform,
    AuroraDataPlatformArgs,
    PlatformSettings,
)

config = pulumi.Config()
platform = AuroraDataPlatform(
    "aurora",
    AuroraDataPlatformArgs(
        settings=PlatformSettings(
            region=pulumi.Config("aws").require("region"),
            environment="demo",
            cost_center="examples",
            # On by default; off here, so that `pulumi destroy` removes the example.
            enable_deletion_protection=False,
            protect_resources=False,
        ),
        partition=aws.get_partition().partition,
        account_id=aws.get_caller_identity().account_id,
        vpc_id=config.require("vpcId"),
        subnet_ids=config.require_object("subnetIds"),
    ),
)
pulumi.export("clusterEndpoint", platform.cluster_endpoint)
pulumi.export("masterSecretArn", platform.master_secret_arn)
