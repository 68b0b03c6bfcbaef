"""Master credentials: the secret of the master user and its rotation."""

import pulumi

from components.aurora_data_platform.args import AuroraDataPlatformArgs
from components.aurora_data_platform.cluster import AuroraCluster
from components.aurora_data_platform.credentials.rotation import (
    RotatedSecrets,
    RotationResources,
    create_rotation_identity,
    rotate_secrets,
)
from components.aurora_data_platform.credentials.secret import (
    MASTER_USER,
    DatabaseUser,
    create_user_secret,
)
from components.aurora_data_platform.functions.network import (
    FunctionNetwork,
    create_function_network,
)
from components.aurora_data_platform.network import DatabaseNetwork


class MasterCredentials(pulumi.ComponentResource):
    """Stores the master user's password in Secrets Manager and rotates it.

    Creates:
        - the secret with its first version;
        - the permission to read it, for an ECS task execution role;
        - the network path of the Lambda functions, which the setup uses as well;
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
    function_network: FunctionNetwork
    """Network path of the functions."""

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
        settings, names = args.settings, args.settings.names
        user = DatabaseUser(
            MASTER_USER,
            settings.master_username,
            names.master_secret,
            names.master_secret_read_policy,
            settings.database_name,
        )
        secret = create_user_secret(
            name,
            args,
            parent=self,
            user=user,
            key_arn=key_arn,
            # A restored cluster has the master user of its source, whatever the settings say.
            username=aurora.cluster.master_username,
            password=aurora.master_password,
            endpoint=aurora.endpoint,
            reader_role_names={"attachment": args.ecs_task_execution_role_name},
        )
        self.secret_arn = secret.arn
        secrets = RotatedSecrets(secret.arn, by_suffix={"": secret.arn}, ids=[secret.arn])
        identity = create_rotation_identity(
            name,
            args,
            parent=self,
            names=names.master_rotation,
            secrets=secrets,
            key_arn=key_arn,
        )
        self.function_network = create_function_network(
            name,
            args,
            database_security_group_id=network.security_group_id,
            parent=self,
            # The functions share their network interfaces, and this one is deleted last.
            after=[identity.attachment],
        )
        self.rotation = rotate_secrets(
            name,
            args,
            parent=self,
            names=names.master_rotation,
            identity=identity,
            network=self.function_network,
            key_arn=key_arn,
            secrets=secrets,
            after=[secret.version, *aurora.instances],
        )
        self.register_outputs({"secretArn": self.secret_arn})
