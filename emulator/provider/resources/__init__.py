"""Tables of AWS resource types, one module per service."""

from collections.abc import Mapping

from emulator.provider.aws_resource import AwsResource
from emulator.provider.resources import (
    cloudwatch,
    ec2,
    iam,
    kms,
    logs,
    rds_cluster,
    rds_groups,
    rds_instance,
    secretsmanager,
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
    logs.LogGroup,
    rds_cluster.Cluster,
    rds_groups.ClusterParameterGroup,
    rds_groups.SubnetGroup,
    rds_instance.ClusterInstance,
    secretsmanager.Secret,
    secretsmanager.SecretVersion,
)

TYPES: Mapping[str, AwsResource] = {kind.token: kind() for kind in KINDS}
