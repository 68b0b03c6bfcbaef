"""A database user's first password, and the secret that holds it for the rotation to take over."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws
import pulumi_random as random

from components.aurora_data_platform.iam_policies import iam_documents
from components.aurora_data_platform.settings.model import PlatformSettings
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


@dataclass(frozen=True)
class Place:
    """Where a user logs in.

    Attributes:
        host: Writer endpoint of the cluster.
        port: Port of the database.
        cluster_id: DB cluster identifier.
    """

    host: pulumi.Input[str]
    port: pulumi.Input[int]
    cluster_id: pulumi.Input[str]


class DatabaseSecret:
    """A user's secret.

    Creates, as children of `parent`:
        - the first password, secret from the start;
        - the secret, encrypted with the platform's key;
        - with `write`, its first version, in the form that RDS, rotation functions and the console
          understand. Once written, Pulumi neither compares nor rewrites it;
        - with `let_read`, the permission for roles to read it.

    Args:
        prefix: Start of the children's logical names.
        settings: The platform's settings.
        parent: The component that the resources belong to.
        name: The secret's name.
        whose: `Master` or `Application`: whose login it is.
        username: The user.
        key_arn: Key of the secret.

    Attributes:
        password: The first password, secret. Rotation makes it worthless.
        arn: ARN of the secret.
    """

    password: pulumi.Output[str]
    arn: pulumi.Output[str]

    def __init__(
        self,
        prefix: str,
        settings: PlatformSettings,
        *,
        parent: pulumi.Resource,
        name: str,
        whose: str,
        username: str,
        key_arn: pulumi.Input[str],
    ) -> None:
        self._prefix, self._settings, self._parent = prefix, settings, parent
        self._name, self._whose, self._username, self._key_arn = name, whose, username, key_arn
        protected = pulumi.ResourceOptions(parent=parent, protect=settings.protect_resources)
        self.password = random.RandomPassword(
            f"{prefix}-password",
            length=PASSWORD_LENGTH,
            min_lower=1,
            min_upper=1,
            min_numeric=1,
            min_special=1,
            override_special=PASSWORD_SPECIALS,
            opts=protected,
        ).result
        self.arn = aws.secretsmanager.Secret(
            f"{prefix}-secret",
            name=name,
            description=f"{whose} user of {settings.names.cluster}",
            kms_key_id=key_arn,
            recovery_window_in_days=settings.secret_recovery_window_days,
            tags=resource_tags(settings, name),
            opts=protected,
        ).arn

    def write(self, place: Place) -> aws.secretsmanager.SecretVersion:
        """Write the first version, once the cluster is known."""
        content = pulumi.Output.all(place.host, place.port, place.cluster_id, self.password).apply(
            lambda known: json.dumps(
                {
                    "engine": "postgres",
                    "host": known[0],
                    "port": int(known[1]),
                    "username": self._username,
                    "password": known[3],
                    "dbname": self._settings.database_name,
                    "dbClusterIdentifier": known[2],
                }
            )
        )
        return aws.secretsmanager.SecretVersion(
            f"{self._prefix}-secret-version",
            secret_id=self.arn,
            secret_string=content,
            version_stages=["AWSCURRENT", INITIAL_VERSION_STAGE],
            opts=pulumi.ResourceOptions(
                parent=self._parent,
                protect=self._settings.protect_resources,
                ignore_changes=["secretString", "versionStages"],
            ),
        )

    def let_read(self, policy_name: str, roles: Mapping[str, pulumi.Input[str]]) -> None:
        """Let roles read the secret.

        Args:
            policy_name: Name of the policy.
            roles: Names of roles by the end of their attachment's logical name.
        """
        where = self._settings.location
        policy = aws.iam.Policy(
            f"{self._prefix}-secret-read-policy",
            name=policy_name,
            description=f"Read {self._name}",
            policy=pulumi.Output.all(self.arn, self._key_arn).apply(
                lambda arns: json.dumps(
                    iam_documents.secret_read_policy(
                        where, whose=self._whose, secret_arn=arns[0], key_arn=arns[1]
                    )
                )
            ),
            tags=resource_tags(self._settings, policy_name),
            opts=pulumi.ResourceOptions(parent=self._parent),
        )
        for end, role_name in roles.items():
            aws.iam.RolePolicyAttachment(
                f"{self._prefix}-secret-read-{end}",
                role=role_name,
                policy_arn=policy.arn,
                opts=pulumi.ResourceOptions(parent=self._parent),
            )
