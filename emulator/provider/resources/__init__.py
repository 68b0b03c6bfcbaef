"""Tables of AWS resource types, one module per service."""

from collections.abc import Mapping

from emulator.provider.aws_resource import AwsResource
from emulator.provider.resources import (
    cloudwatch,
    ec2,
    iam,
    kms,
    lambda_functions,
    logs,
    rds_cluster,
    rds_groups,
    rds_instance,
    secretsmanager,
    sqs,
    vpc_endpoints,
)

KINDS: tuple[type[AwsResource], ...] = (
    cloudwatch.Dashboard,
    ec2.SecurityGroup,
    ec2.SecurityGroupIngressRule,
    ec2.SecurityGroupEgressRule,
    iam.Role,
    iam.Policy,
    iam.RolePolicyAttachment,
    kms.Key,
    kms.Alias,
    lambda_functions.Function,
    lambda_functions.Permission,
    logs.LogGroup,
    rds_cluster.Cluster,
    rds_groups.ClusterParameterGroup,
    rds_groups.SubnetGroup,
    rds_instance.ClusterInstance,
    secretsmanager.Secret,
    secretsmanager.SecretRotation,
    secretsmanager.SecretVersion,
    sqs.Queue,
    vpc_endpoints.VpcEndpoint,
)

TYPES: Mapping[str, AwsResource] = {kind.token: kind() for kind in KINDS}
