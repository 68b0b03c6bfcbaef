"""A platform with an existing KMS key, and a client whose security group this program creates."""

import pulumi
import pulumi_aws as aws

from components.aurora_data_platform import (
    AuroraDataPlatform,
    AuroraDataPlatformArgs,
    PlatformSettings,
)

config = pulumi.Config()
client = aws.ec2.SecurityGroup(
    "client", description="Database clients", vpc_id=config.require("vpcId")
)
platform = AuroraDataPlatform(
    "aurora",
    AuroraDataPlatformArgs(
        settings=PlatformSettings(
            region=pulumi.Config("aws").require("region"),
            environment="demo",
            cost_center="examples",
            enable_deletion_protection=False,
            protect_resources=False,
        ),
        partition=aws.get_partition().partition,
        account_id=aws.get_caller_identity().account_id,
        vpc_id=config.require("vpcId"),
        subnet_ids=config.require_object("subnetIds"),
        client_security_group_ids={"client": client.id},
        kms_key_arn=aws.kms.get_key(key_id=config.require("kmsKeyId")).arn,
    ),
)
pulumi.export("clusterEndpoint", platform.cluster_endpoint)
pulumi.export("kmsKeyArn", platform.kms_key_arn)
