"""Users that log in with an IAM token."""

import json

import pulumi
import pulumi_aws as aws

from components.aurora_data_platform.args import AuroraDataPlatformArgs
from components.aurora_data_platform.iam_policies.database import connect_policy
from components.aurora_data_platform.tags import resource_tags


def create_connect_policy(
    name: str,
    args: AuroraDataPlatformArgs,
    user: str,
    cluster: aws.rds.Cluster,
    *,
    parent: pulumi.Resource,
    setup: pulumi.Resource,
) -> pulumi.Output[str]:
    """Allow the task roles of a user to log in as that user, and return the policy's ARN.

    AWS refuses to delete a policy that is attached to a role, and this one is deleted before
    everything that the setup needs. While it is attached to an application's role, `pulumi destroy`
    therefore stops before it deletes an instance or the cluster.

    Args:
        name: The platform's logical name, prefix of the resources'.
        args: The platform's arguments.
        user: The user.
        cluster: The cluster; the policy names its resource ID, not its identifier.
        parent: Parent of the resources.
        setup: Creates the user in the database.
    """
    settings = args.settings
    policy_name = settings.names.connect_policy(user)
    policy = aws.iam.Policy(
        f"{name}-{user}-connect-policy",
        name=policy_name,
        description=f"Log in to {settings.names.cluster} as {user} with IAM",
        policy=cluster.cluster_resource_id.apply(
            lambda resource_id: json.dumps(
                connect_policy(args.scope, cluster_resource_id=resource_id, database_user=user)
            )
        ),
        tags=resource_tags(settings, policy_name),
        opts=pulumi.ResourceOptions(parent=parent, depends_on=[setup]),
    )
    for role in settings.users[user].task_roles:
        aws.iam.RolePolicyAttachment(
            f"{name}-{user}-connect-{role}",
            role=role,
            policy_arn=policy.arn,
            opts=pulumi.ResourceOptions(parent=parent),
        )
    return policy.arn
