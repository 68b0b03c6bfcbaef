"""AWS resource types, one module or package per service."""

from collections.abc import Mapping

from emulator.provider.aws_resource import AwsResource
from emulator.provider.resources import (
    awslambda,
    ecs,
    events,
    iam,
    invocations,
    kms,
    logs,
    secretsmanager,
    sns,
    sqs,
)
from emulator.provider.resources.backup import plans, restore_testing, vaults
from emulator.provider.resources.cloudwatch import alarms, dashboards
from emulator.provider.resources.ec2 import security_group_rules, security_groups, vpc_endpoints
from emulator.provider.resources.rds import (
    cluster,
    cluster_endpoint,
    event_subscription,
    groups,
    instance,
    role_association,
)

KINDS: tuple[type[AwsResource], ...] = (
    alarms.CompositeAlarm,
    alarms.MetricAlarm,
    awslambda.Function,
    awslambda.Permission,
    plans.Plan,
    restore_testing.RestoreTestingPlan,
    restore_testing.RestoreTestingSelection,
    plans.Selection,
    vaults.Vault,
    vaults.VaultLockConfiguration,
    cluster.Cluster,
    cluster_endpoint.ClusterEndpoint,
    dashboards.Dashboard,
    ecs.Cluster,
    ecs.Service,
    ecs.TaskDefinition,
    event_subscription.EventSubscription,
    events.EventRule,
    events.EventTarget,
    groups.ClusterParameterGroup,
    groups.SubnetGroup,
    iam.Policy,
    iam.Role,
    iam.RolePolicyAttachment,
    instance.ClusterInstance,
    invocations.Invocation,
    kms.Alias,
    kms.Key,
    logs.LogGroup,
    logs.LogMetricFilter,
    role_association.ClusterRoleAssociation,
    secretsmanager.Secret,
    secretsmanager.SecretRotation,
    secretsmanager.SecretVersion,
    security_groups.SecurityGroup,
    security_group_rules.SecurityGroupEgressRule,
    security_group_rules.SecurityGroupIngressRule,
    sns.Topic,
    sns.TopicPolicy,
    sns.TopicSubscription,
    sqs.Queue,
    vpc_endpoints.VpcEndpoint,
)

TYPES: Mapping[str, AwsResource] = {kind.token: kind() for kind in KINDS}
