"""Credentials: the master user's password and the secret that holds it."""

import json

import pulumi
import pulumi_aws as aws
import pulumi_random as random

from components.aurora_data_platform import iam_documents
from components.aurora_data_platform.rotation import Rotation
from components.aurora_data_platform.rotation_network import Surroundings
from components.aurora_data_platform.settings import PlatformSettings
from components.aurora_data_platform.tags import resource_tags

PASSWORD_LENGTH = 32
"""RDS takes 8 to 41 characters for Aurora PostgreSQL (API, MasterUserPassword)."""
PASSWORD_SPECIALS = "!#$&*()-_=+[]{}<>?~^|.,;"  # noqa: S105 - an alphabet, not a password
"""Printable characters that RDS takes and that need no escape in a URL's or a shell's quotes."""
INITIAL_VERSION_STAGE = "PULUMI_INITIAL"
"""Label that keeps the first version alive after rotations have taken the others away.

Secrets Manager removes versions without a label. Were this one removed, the next refresh would drop
it from the state, and the next deployment would put the first password back.
"""


class Credentials(pulumi.ComponentResource):
    """Generates the master password and keeps it where clients read it.

    Creates:
        - the password, secret from the start;
        - the secret, encrypted with the platform's key;
        - its first version, in the form that RDS, rotation functions and the console understand;
        - for an ECS task execution role, the permission to read it;
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
        protected = pulumi.ResourceOptions(parent=self, protect=settings.protect_resources)
        self.password = random.RandomPassword(
            f"{name}-password",
            length=PASSWORD_LENGTH,
            min_lower=1,
            min_upper=1,
            min_numeric=1,
            min_special=1,
            override_special=PASSWORD_SPECIALS,
            opts=protected,
        ).result
        self.secret_arn = aws.secretsmanager.Secret(
            f"{name}-secret",
            name=settings.names.secret,
            description=f"Master user of {settings.names.cluster}",
            kms_key_id=key_arn,
            recovery_window_in_days=settings.secret_recovery_window_days,
            tags=resource_tags(settings, settings.names.secret),
            opts=protected,
        ).arn
        if execution_role_name is not None:
            self._let_read(execution_role_name)

    def publish(
        self,
        *,
        host: pulumi.Input[str],
        port: pulumi.Input[int],
        cluster_id: pulumi.Input[str],
        instances: list[pulumi.Resource],
        around: Surroundings,
    ) -> None:
        """Write the first version of the secret, once the cluster is known, and rotate it.

        Args:
            host: Writer endpoint of the cluster.
            port: Port of the database.
            cluster_id: DB cluster identifier.
            instances: Instances of the cluster; without one nobody answers the first rotation.
            around: Where the rotation runs.
        """
        rotation = Rotation(
            self._platform,
            self._settings,
            parent=self,
            around=around,
            key_arn=self._key_arn,
            secret_arn=self.secret_arn,
        )
        version = self._write(host, port, cluster_id)
        rotation.start(after=[version, *instances])
        self.register_outputs({"secretArn": self.secret_arn})

    def _write(
        self, host: pulumi.Input[str], port: pulumi.Input[int], cluster_id: pulumi.Input[str]
    ) -> aws.secretsmanager.SecretVersion:
        settings = self._settings
        content = pulumi.Output.all(host, port, cluster_id, self.password).apply(
            lambda known: json.dumps(
                {
                    "engine": "postgres",
                    "host": known[0],
                    "port": int(known[1]),
                    "username": settings.master_username,
                    "password": known[3],
                    "dbname": settings.database_name,
                    "dbClusterIdentifier": known[2],
                }
            )
        )
        return aws.secretsmanager.SecretVersion(
            f"{self._platform}-secret-version",
            secret_id=self.secret_arn,
            secret_string=content,
            version_stages=["AWSCURRENT", INITIAL_VERSION_STAGE],
            opts=pulumi.ResourceOptions(
                parent=self,
                protect=settings.protect_resources,
                ignore_changes=["secretString", "versionStages"],
            ),
        )

    def _let_read(self, role_name: pulumi.Input[str]) -> None:
        where = self._settings.location
        policy_name = self._settings.names.secret_read_policy
        policy = aws.iam.Policy(
            f"{self._platform}-secret-read-policy",
            name=policy_name,
            description=f"Read {self._settings.names.secret}",
            policy=pulumi.Output.all(self.secret_arn, self._key_arn).apply(
                lambda arns: json.dumps(
                    iam_documents.secret_read_policy(where, secret_arn=arns[0], key_arn=arns[1])
                )
            ),
            tags=resource_tags(self._settings, policy_name),
            opts=pulumi.ResourceOptions(parent=self),
        )
        aws.iam.RolePolicyAttachment(
            f"{self._platform}-secret-read-attachment",
            role=role_name,
            policy_arn=policy.arn,
            opts=pulumi.ResourceOptions(parent=self),
        )
