"""Application credentials: a secret with alternating users and its rotation."""

import pulumi

from components.aurora_data_platform.args import AuroraDataPlatformArgs
from components.aurora_data_platform.cluster import AuroraCluster
from components.aurora_data_platform.credentials.master import MasterCredentials
from components.aurora_data_platform.credentials.rotation import RotationResources, rotate_secret
from components.aurora_data_platform.credentials.rotation_identity import create_rotation_identity
from components.aurora_data_platform.credentials.secret import (
    DatabaseUser,
    create_user_secret,
    initial_password,
)


class ApplicationCredentials(pulumi.ComponentResource):
    """Stores the password of an application user in Secrets Manager and rotates it.

    Creates:
        - the secret with its first version;
        - the permission to read it, for ECS roles;
        - a second rotation function, which uses the master secret to create the user and its clone
          and to change the password of one of them: once at creation, then every `rotationDays`.

    The master user itself cannot alternate: RDS knows one master user only.

    Args:
        name: The platform's logical name, prefix of the children's.
        args: The platform's arguments.
        key_arn: KMS key of the secret.
        aurora: The cluster.
        master: Master credentials, which the rotation uses.
        opts: Resource options.
    """

    secret_arn: pulumi.Output[str]
    """ARN of the secret."""
    rotation: RotationResources
    """Resources of the rotation."""

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
        super().__init__(
            "aurora-data-platform:index:ApplicationCredentials",
            f"{name}-application-credentials",
            None,
            opts,
        )
        settings, scope, names = args.settings, args.scope, args.settings.names
        prefix = f"{name}-application"
        user = DatabaseUser(
            "Application",
            settings.application_user,
            names.application_secret,
            names.application_secret_read_policy,
        )
        secret = create_user_secret(
            prefix,
            args,
            parent=self,
            user=user,
            key_arn=key_arn,
            password=initial_password(prefix, settings, parent=self),
            endpoint=aurora.endpoint,
            reader_role_names={
                "execution-attachment": args.ecs_task_execution_role_name,
                "task-attachment": args.ecs_task_role_name,
            },
        )
        self.secret_arn = secret.arn
        identity = create_rotation_identity(
            prefix,
            settings,
            scope=scope,
            parent=self,
            names=names.application_rotation,
            secret_arn=self.secret_arn,
            key_arn=key_arn,
            superuser_secret_arn=master.secret_arn,
        )
        self.rotation = rotate_secret(
            prefix,
            settings,
            parent=self,
            names=names.application_rotation,
            identity=identity,
            network=master.rotation_network,
            key_arn=key_arn,
            secret_arn=self.secret_arn,
            superuser_secret_arn=master.secret_arn,
            after=[secret.version, *master.rotation.ready],
        )
        self.register_outputs({"secretArn": self.secret_arn})
