"""Users that log in with a password from a rotated secret."""

from collections.abc import Mapping

import pulumi

from components.aurora_data_platform.args import AuroraDataPlatformArgs
from components.aurora_data_platform.cluster import AuroraCluster
from components.aurora_data_platform.credentials.master import MasterCredentials
from components.aurora_data_platform.credentials.rotation import (
    RotatedSecrets,
    RotationResources,
    create_rotation_identity,
    rotate_secrets,
)
from components.aurora_data_platform.credentials.secret import (
    DATABASE_USER,
    DatabaseUser,
    UserSecret,
    create_user_secret,
    initial_password,
)


def create_secret(
    name: str,
    args: AuroraDataPlatformArgs,
    user: str,
    *,
    key_arn: pulumi.Input[str],
    aurora: AuroraCluster,
    parent: pulumi.Resource,
) -> UserSecret:
    """Create the secret of a user, and let its roles read it.

    The password in its first version never works: the first rotation sets another.

    Args:
        name: The platform's logical name, prefix of the resources'.
        args: The platform's arguments.
        user: The user.
        key_arn: KMS key of the secret.
        aurora: The cluster.
        parent: Parent of the resources.
    """
    settings = args.settings
    declared, prefix = settings.users[user], f"{name}-{user}"
    roles = (*declared.task_roles, *declared.execution_roles)
    return create_user_secret(
        prefix,
        args,
        parent=parent,
        user=DatabaseUser(
            DATABASE_USER,
            user,
            settings.names.user_secret(user),
            settings.names.user_secret_read_policy(user),
            settings.databases_of(declared)[0],
        ),
        key_arn=key_arn,
        password=initial_password(prefix, settings, parent=parent),
        endpoint=aurora.endpoint,
        reader_role_names={role: role for role in roles},
    )


def rotate_users(
    name: str,
    args: AuroraDataPlatformArgs,
    secrets: Mapping[str, UserSecret],
    *,
    parent: pulumi.Resource,
    key_arn: pulumi.Input[str],
    master: MasterCredentials,
    setup: pulumi.Resource,
) -> RotationResources:
    """Rotate the secrets of all users with one function; each user alternates with its clone.

    Args:
        name: The platform's logical name, prefix of the resources'.
        args: The platform's arguments.
        secrets: The secrets by user.
        parent: Parent of the resources.
        key_arn: KMS key of the secrets.
        master: Master credentials, with which the function sets passwords.
        setup: The setup that creates the users.
    """
    prefix, names = f"{name}-users", args.settings.names.users_rotation
    rotated = RotatedSecrets(
        args.scope.arn("secretsmanager", f"secret:{names.secret}"),
        by_suffix={f"-{user}": secret.arn for user, secret in secrets.items()},
        ids=[args.settings.names.user_secret(user) for user in secrets],
    )
    identity = create_rotation_identity(
        prefix,
        args,
        parent=parent,
        names=names,
        secrets=rotated,
        key_arn=key_arn,
        superuser_secret_arn=master.secret_arn,
    )
    return rotate_secrets(
        prefix,
        args,
        parent=parent,
        names=names,
        identity=identity,
        network=master.function_network,
        key_arn=key_arn,
        secrets=rotated,
        after=[*(secret.version for secret in secrets.values()), setup, *master.rotation.ready],
        superuser_secret_arn=master.secret_arn,
    )
