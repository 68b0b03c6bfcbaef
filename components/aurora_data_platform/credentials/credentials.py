"""Credentials: the master user's password and the secret that holds it."""

import pulumi

from components.aurora_data_platform.credentials.database_secret import DatabaseSecret, Place
from components.aurora_data_platform.credentials.rotation import Rotation
from components.aurora_data_platform.credentials.rotation_network import (
    RotationNetwork,
    Surroundings,
)
from components.aurora_data_platform.settings.model import PlatformSettings


class Credentials(pulumi.ComponentResource):
    """Generates the master password and keeps it where clients read it.

    Creates:
        - what `DatabaseSecret` creates: the password, its secret and, for an ECS task execution
          role, the permission to read it;
        - what `Rotation` creates: a function that changes the password now and every so many days.

    The content belongs to the rotation: once written, Pulumi neither compares nor rewrites it. Use:
    construct, build the cluster with `password`, then `publish` once.

    Args:
        name: The platform's logical name, start of this part's and its children's.
        settings: The platform's settings.
        key_arn: Key of the secret.
        execution_role_name: ECS task execution role, or None.

    Attributes:
        password: The first password, secret. Rotation makes it worthless.
        secret_arn: ARN of the secret.
    """

    password: pulumi.Output[str]
    secret_arn: pulumi.Output[str]

    def __init__(
        self,
        name: str,
        settings: PlatformSettings,
        *,
        key_arn: pulumi.Input[str],
        execution_role_name: pulumi.Input[str] | None,
        opts: pulumi.ResourceOptions,
    ) -> None:
        super().__init__(
            "aurora-data-platform:index:Credentials", f"{name}-credentials", None, opts
        )
        self._platform = name
        self._settings = settings
        self._key_arn = key_arn
        self._secret = DatabaseSecret(
            name,
            settings,
            parent=self,
            name=settings.names.secret,
            whose="Master",
            username=settings.master_username,
            key_arn=key_arn,
        )
        self.password, self.secret_arn = self._secret.password, self._secret.arn
        if execution_role_name is not None:
            self._secret.let_read(
                settings.names.secret_read_policy, {"attachment": execution_role_name}
            )

    def publish(
        self, place: Place, *, instances: list[pulumi.Resource], around: Surroundings
    ) -> Rotation:
        """Write the first version of the secret, once the cluster is known, and rotate it.

        Args:
            place: Where the master user logs in.
            instances: Instances of the cluster; without one nobody answers the first rotation.
            around: Where the rotation runs.

        Returns:
            The rotation, for others that rotate by way of the master user.
        """
        rotation = Rotation(
            self._platform,
            self._settings,
            parent=self,
            network=RotationNetwork(self._platform, self._settings, parent=self, around=around),
            names=self._settings.names.master_rotation,
            key_arn=self._key_arn,
            secret_arn=self.secret_arn,
        )
        rotation.start(after=[self._secret.write(place), *instances])
        self.register_outputs({"secretArn": self.secret_arn})
        return rotation
