"""Tables of AWS resource types, one module per service."""

from collections.abc import Mapping

from emulator.provider.aws_resource import AwsResource
from emulator.provider.resources import (
    cloudwatch,
    cloudwatch_alarms,
    ec2,
    event_rules,
    iam,
    kms,
    lambda_functions,
    logs,
    rds_cluster,
    rds_events,
    rds_groups,
    rds_instance,
    secretsmanager,
    sns,
    sqs,
    vpc_endpoints,
)

KINDS: tuple[type[AwsResource], ...] = (
    cloudwatch.Dashboard,
    cloudwatch_alarms.CompositeAlarm,
    cloudwatch_alarms.MetricAlarm,
    ec2.SecurityGroup,
    ec2.SecurityGroupIngressRule,
    ec2.SecurityGroupEgressRule,
    event_rules.EventRule,
    event_rules.EventTarget,
    iam.Role,
    iam.Policy,
    iam.RolePolicyAttachment,
    kms.Key,
    kms.Alias,
    lambda_functions.Function,
    lambda_functions.Permission,
    logs.LogGroup,
    logs.LogMetricFilter,
    rds_cluster.Cluster,
    rds_events.EventSubscription,
    rds_groups.ClusterParameterGroup,
    rds_groups.SubnetGroup,
    rds_instance.ClusterInstance,
    secretsmanager.Secret,
    secretsmanager.SecretRotation,
    secretsmanager.SecretVersion,
    sns.Topic,
    sns.TopicPolicy,
    sns.TopicSubscription,
    sqs.Queue,
    vpc_endpoints.VpcEndpoint,
)

TYPES: Mapping[str, AwsResource] = {kind.token: kind() for kind in KINDS}
