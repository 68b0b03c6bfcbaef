"""Database access: logging in with IAM instead of a password."""

import json

import pulumi
import pulumi_aws as aws

from components.aurora_data_platform.iam_policies import iam_documents
from components.aurora_data_platform.settings.model import PlatformSettings
from components.aurora_data_platform.tags import resource_tags


class DatabaseAccess(pulumi.ComponentResource):
    """Lets the application log in as one database user with a token of its role.

    Creates:
        - the policy that allows `rds-db:connect` as exactly that user of exactly this cluster;
        - its attachment to the ECS task role, if one is given.

    The database user itself is made in the database, once (`CREATE USER`, `GRANT rds_iam`).

    Args:
        name: The platform's logical name, start of this part's and its children's.
        settings: The platform's settings.
        cluster_resource_id: `cluster-...`, not the identifier.
        task_role_name: ECS task role, or None.

    Attributes:
        policy_arn: ARN of the policy.
    """

    policy_arn: pulumi.Output[str]

    def __init__(
        self,
        name: str,
        settings: PlatformSettings,
        *,
        cluster_resource_id: pulumi.Input[str],
        task_role_name: pulumi.Input[str] | None,
        opts: pulumi.ResourceOptions,
    ) -> None:
        super().__init__("aurora-data-platform:index:DatabaseAccess", f"{name}-access", None, opts)
        policy_name = settings.names.connect_policy
        self.policy_arn = aws.iam.Policy(
            f"{name}-connect-policy",
            name=policy_name,
            description=f"Connect to {settings.names.cluster} as {settings.database_user}",
            policy=pulumi.Output.from_input(cluster_resource_id).apply(
                lambda resource_id: json.dumps(
                    iam_documents.connect_policy(
                        settings.location,
                        cluster_resource_id=resource_id,
                        database_user=settings.database_user,
                    )
                )
            ),
            tags=resource_tags(settings, policy_name),
            opts=pulumi.ResourceOptions(parent=self),
        ).arn
        if task_role_name is not None:
            aws.iam.RolePolicyAttachment(
                f"{name}-connect-attachment",
                role=task_role_name,
                policy_arn=self.policy_arn,
                opts=pulumi.ResourceOptions(parent=self),
            )
        self.register_outputs({"policyArn": self.policy_arn})
