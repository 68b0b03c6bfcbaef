"""IAM login of the application's database user."""

import json

import pulumi
import pulumi_aws as aws

from components.aurora_data_platform.args import AuroraDataPlatformArgs
from components.aurora_data_platform.iam_policies.database import connect_policy
from components.aurora_data_platform.tags import resource_tags


class DatabaseAccess(pulumi.ComponentResource):
    """Allows an ECS task role to log in as one database user with an IAM token.

    Creates:
        - the policy that allows `rds-db:connect` for exactly that user of exactly this cluster;
        - its attachment to the ECS task role, if there is one.

    The database user must be created in the database once (`CREATE USER`, `GRANT rds_iam`).

    Args:
        name: The platform's logical name, prefix of the children's.
        args: The platform's arguments.
        cluster_resource_id: Resource ID of the cluster (`cluster-...`), not its identifier.
        opts: Resource options.
    """

    policy_arn: pulumi.Output[str]
    """ARN of the policy."""

    def __init__(
        self,
        name: str,
        args: AuroraDataPlatformArgs,
        *,
        cluster_resource_id: pulumi.Output[str],
        opts: pulumi.ResourceOptions,
    ) -> None:
        super().__init__("aurora-data-platform:index:DatabaseAccess", f"{name}-access", None, opts)
        settings = args.settings
        policy_name = settings.names.connect_policy
        self.policy_arn = aws.iam.Policy(
            f"{name}-connect-policy",
            name=policy_name,
            # IAM descriptions are immutable, so this one does not name the user.
            description=f"Log in to {settings.names.cluster} with IAM",
            policy=cluster_resource_id.apply(
                lambda resource_id: json.dumps(
                    connect_policy(
                        args.scope,
                        cluster_resource_id=resource_id,
                        database_user=settings.database_user,
                    )
                )
            ),
            tags=resource_tags(settings, policy_name),
            opts=pulumi.ResourceOptions(parent=self),
        ).arn
        if args.ecs_task_role_name is not None:
            aws.iam.RolePolicyAttachment(
                f"{name}-connect-attachment",
                role=args.ecs_task_role_name,
                policy_arn=self.policy_arn,
                opts=pulumi.ResourceOptions(parent=self),
            )
        self._settings = settings
        self.register_outputs({"policyArn": self.policy_arn})

    def connection_string(self, cluster: aws.rds.Cluster) -> pulumi.Output[str]:
        """Return the connection string of the database user; it contains no password."""
        return pulumi.Output.format(
            "postgresql://{0}@{1}:{2}/{3}?sslmode=verify-full&sslrootcert=global-bundle.pem",
            self._settings.database_user,
            cluster.endpoint,
            cluster.port,
            self._settings.database_name,
        )
