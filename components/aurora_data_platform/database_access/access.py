"""Database access: the setup of databases and users, IAM logins and users' secrets."""

from collections.abc import Mapping
from typing import TypedDict

import pulumi

from components.aurora_data_platform.args import AuroraDataPlatformArgs
from components.aurora_data_platform.cluster import AuroraCluster
from components.aurora_data_platform.credentials.master import MasterCredentials
from components.aurora_data_platform.credentials.rotation import RotationResources
from components.aurora_data_platform.database_access.iam_users import create_connect_policy
from components.aurora_data_platform.database_access.password_users import (
    create_secret,
    rotate_users,
)
from components.aurora_data_platform.database_access.setup import SetupResources, set_up_databases
from components.aurora_data_platform.settings.access import Authentication
from components.aurora_data_platform.settings.model import PlatformSettings


class UserOutputs(TypedDict):
    """Output for one user: how to log in as it."""

    authentication: str
    """`iam` or `password`."""
    access: str
    """`owner`, `readwrite` or `readonly`."""
    databases: list[str]
    """Databases to which the user has access, the one of its connection string first."""
    connectionString: str | None
    """Connection string without a password; `iam` only."""
    connectPolicyArn: str | None
    """ARN of the policy that allows logging in as this user; `iam` only."""
    secretArn: str | None
    """ARN of the user's secret; `password` only."""


class DatabaseAccess(pulumi.ComponentResource):
    """Creates the declared databases and users, and allows ECS roles to log in as them.

    Creates:
        - the setup function, its invocation by the deployment, and its daily check;
        - for each user with `authentication: iam`, a policy that allows `rds-db:connect` as exactly
          that user of exactly this cluster, attached to its task roles;
        - for each user with `authentication: password`, a secret that its roles may read, and one
          rotation function for all of them.

    Args:
        name: The platform's logical name, prefix of the children's.
        args: The platform's arguments.
        key_arn: KMS key of the secrets.
        aurora: The cluster.
        master: Master credentials, which the functions use.
        opts: Resource options.
    """

    setup: SetupResources
    """Resources of the setup."""
    rotation: RotationResources | None
    """Resources of the rotation of users' passwords; None without such users."""
    users: pulumi.Output[Mapping[str, UserOutputs]]
    """How to log in, by user."""

    def __init__(
        self,
        name: str,
        args: AuroraDataPlatformArgs,
        *,
        key_arn: pulumi.Input[str],
        aurora: AuroraCluster,
        master: MasterCredentials,
        opts: pulumi.ResourceOptions,
    ) -> None:
        super().__init__("aurora-data-platform:index:DatabaseAccess", f"{name}-access", None, opts)
        settings = args.settings
        self.setup = set_up_databases(
            name,
            args,
            parent=self,
            master_secret_arn=master.secret_arn,
            key_arn=key_arn,
            network=master.function_network,
            cluster_resource_id=aurora.cluster.cluster_resource_id,
            after=master.rotation.ready,
        )
        policies = {
            user: create_connect_policy(
                name, args, user, aurora.cluster, parent=self, setup=self.setup.invocation
            )
            for user, each in settings.users.items()
            if each.authentication is Authentication.IAM
        }
        secrets = {
            user: create_secret(name, args, user, key_arn=key_arn, aurora=aurora, parent=self)
            for user in settings.password_users
        }
        self.rotation = (
            rotate_users(
                name,
                args,
                secrets,
                parent=self,
                key_arn=key_arn,
                master=master,
                setup=self.setup.invocation,
            )
            if secrets
            else None
        )
        cluster = aurora.cluster
        self.users = pulumi.Output.all(
            host=cluster.endpoint,
            port=cluster.port,
            policies=policies,
            secrets={user: secret.arn for user, secret in secrets.items()},
        ).apply(
            lambda known: {
                user: _outputs(
                    settings,
                    user,
                    f"{known['host']}:{known['port']}",
                    policy_arn=known["policies"].get(user),
                    secret_arn=known["secrets"].get(user),
                )
                for user in settings.users
            }
        )
        self.register_outputs({"users": self.users})


def _outputs(
    settings: PlatformSettings,
    name: str,
    address: str,
    *,
    policy_arn: str | None,
    secret_arn: str | None,
) -> UserOutputs:
    user = settings.users[name]
    connection = (
        f"postgresql://{name}@{address}/{settings.databases_of(user)[0]}"
        "?sslmode=verify-full&sslrootcert=global-bundle.pem"
    )
    return {
        "authentication": str(user.authentication),
        "access": str(user.access),
        "databases": settings.databases_of(user),
        "connectionString": connection if policy_arn else None,
        "connectPolicyArn": policy_arn,
        "secretArn": secret_arn,
    }
