"""Master credentials: the secret of the master user and its rotation."""

import pulumi

from components.aurora_data_platform.args import AuroraDataPlatformArgs
from components.aurora_data_platform.cluster import AuroraCluster
from components.aurora_data_platform.credentials.rotation import RotationResources, rotate_secret
from components.aurora_data_platform.credentials.rotation_identity import create_rotation_identity
from components.aurora_data_platform.credentials.rotation_network import (
    RotationNetwork,
    create_rotation_network,
)
from components.aurora_data_platform.credentials.secret import DatabaseUser, create_user_secret
from components.aurora_data_platform.network import DatabaseNetwork


class MasterCredentials(pulumi.ComponentResource):
    """Stores the master user's password in Secrets Manager and rotates it.

    Creates:
        - the secret with its first version;
        - the permission to read it, for an ECS task execution role;
        - the network path of the rotation function;
        - the rotation function and the rotation: once at creation, then every `rotationDays`.

    Args:
        name: The platform's logical name, prefix of the children's.
        args: The platform's arguments.
        key_arn: KMS key of the secret.
        aurora: The cluster and the master user's first password.
        network: Network of the database.
        opts: Resource options.
    """

    secret_arn: pulumi.Output[str]
    """ARN of the secret."""
    rotation: RotationResources
    """Resources of the rotation."""
    rotation_network: RotationNetwork
    """Network path of rotation functions."""

    def __init__(
        self,
        name: str,
        args: AuroraDataPlatformArgs,
        *,
        key_arn: pulumi.Input[str],
        aurora: AuroraCluster,
        network: DatabaseNetwork,
        opts: pulumi.ResourceOptions,
    ) -> None:
        super().__init__(
            "aurora-data-platform:index:MasterCredentials", f"{name}-credentials", None, opts
        )
        settings, scope, names = args.settings, args.scope, args.settings.names
        user = DatabaseUser(
            "Master", settings.master_username, names.master_secret, names.master_secret_read_policy
        )
        secret = create_user_secret(
            name,
            args,
            parent=self,
            user=user,
            key_arn=key_arn,
            password=aurora.master_password,
            endpoint=aurora.endpoint,
            reader_role_names={"attachment": args.ecs_task_execution_role_name},
        )
        self.secret_arn = secret.arn
        identity = create_rotation_identity(
            name,
            settings,
            scope=scope,
            parent=self,
            names=names.master_rotation,
            secret_arn=self.secret_arn,
            key_arn=key_arn,
        )
        self.rotation_network = create_rotation_network(
            name,
            args,
            database_security_group_id=network.security_group_id,
            parent=self,
            after=[identity.attachment],
        )
        self.rotation = rotate_secret(
            name,
            settings,
            parent=self,
            names=names.master_rotation,
            identity=identity,
            network=self.rotation_network,
            key_arn=key_arn,
            secret_arn=self.secret_arn,
            after=[secret.version, *aurora.instances],
        )
        self.register_outputs({"secretArn": self.secret_arn})
