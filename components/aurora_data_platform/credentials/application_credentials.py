"""Application credentials: a user and its clone that take turns, so that no client is ever late."""

from collections.abc import Mapping

import pulumi

from components.aurora_data_platform.credentials.database_secret import DatabaseSecret, Place
from components.aurora_data_platform.credentials.rotation import Rotation, WatchedRotation
from components.aurora_data_platform.settings.model import PlatformSettings


class ApplicationCredentials(pulumi.ComponentResource):
    """Keeps the secret of an application that logs in with a password.

    Creates:
        - what `DatabaseSecret` creates: the secret and, for ECS roles, the permission to read it;
        - what `Rotation` creates: a second function that, with the master secret, makes the user
          and its clone, and gives one of them a new password now and every so many days.

    The master user itself cannot take turns: a clone of it would not be RDS's master user.

    Args:
        name: The platform's logical name, start of this part's and its children's.
        settings: The platform's settings.
        key_arn: Key of the secret.
        place: Where the application logs in.
        master_secret_arn: Secret of who makes the users.
        master_rotation: The master secret's rotation, whose network this one shares.
        readers: ECS roles by the end of their attachment's logical name: the task role reads the
            secret again when it has changed, the execution role hands it over at start.

    Attributes:
        secret_arn: ARN of the secret.
        rotation: What there is to watch of its rotation.
    """

    secret_arn: pulumi.Output[str]
    rotation: WatchedRotation

    def __init__(
        self,
        name: str,
        settings: PlatformSettings,
        *,
        key_arn: pulumi.Input[str],
        place: Place,
        master_secret_arn: pulumi.Input[str],
        master_rotation: Rotation,
        readers: Mapping[str, pulumi.Input[str] | None],
        opts: pulumi.ResourceOptions,
    ) -> None:
        super().__init__(
            "aurora-data-platform:index:ApplicationCredentials",
            f"{name}-application-credentials",
            None,
            opts,
        )
        names, prefix = settings.names, f"{name}-application"
        secret = DatabaseSecret(
            prefix,
            settings,
            parent=self,
            name=names.application_secret,
            whose="Application",
            username=settings.application_user,
            key_arn=key_arn,
        )
        self.secret_arn = secret.arn
        roles = {end: role for end, role in readers.items() if role is not None}
        if roles:
            secret.let_read(names.application_secret_read_policy, roles)
        rotation = Rotation(
            prefix,
            settings,
            parent=self,
            network=master_rotation.network,
            names=names.application_rotation,
            key_arn=key_arn,
            secret_arn=secret.arn,
            superuser_secret_arn=master_secret_arn,
        )
        rotation.start(after=[secret.write(place), *master_rotation.started])
        self.rotation = rotation.watched
        self.register_outputs({"secretArn": self.secret_arn})
