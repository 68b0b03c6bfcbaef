"""Secrets of database users: first password, secret, first version and read access."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws
import pulumi_random as random

from components.aurora_data_platform.arns import AwsScope
from components.aurora_data_platform.iam_policies.database import secret_read_policy
from components.aurora_data_platform.settings.model import PlatformSettings
from components.aurora_data_platform.tags import resource_tags

PASSWORD_LENGTH = 32
"""RDS accepts 8 to 41 characters for Aurora PostgreSQL (RDS API, MasterUserPassword)."""
PASSWORD_SPECIALS = "!#$&*()-_=+[]{}<>?~^|.,;"  # noqa: S105 - an alphabet, not a password
"""Printable characters that RDS accepts and that need no escaping in URLs and shell quotes."""
INITIAL_VERSION_STAGE = "PULUMI_INITIAL"
"""Staging label that keeps the first version from being deleted.

Secrets Manager deletes versions without a label. If it deleted this one, a refresh would remove it
from the state, and the next deployment would restore the first password.
"""


@dataclass(frozen=True)
class DatabaseEndpoint:
    """Where a user logs in.

    Attributes:
        host: Writer endpoint of the cluster.
        port: Port of the database.
        cluster_id: DB cluster identifier.
    """

    host: pulumi.Input[str]
    port: pulumi.Input[int]
    cluster_id: pulumi.Input[str]


@dataclass(frozen=True)
class DatabaseUser:
    """A database user whose password is in a secret.

    Attributes:
        kind: `Master` or `Application`, part of descriptions and statement IDs.
        username: Name in PostgreSQL.
        secret_name: Name of the secret.
        read_policy_name: Name of the IAM policy that allows reading the secret.
    """

    kind: str
    username: str
    secret_name: str
    read_policy_name: str


def initial_password(
    prefix: str, settings: PlatformSettings, *, parent: pulumi.Resource
) -> pulumi.Output[str]:
    """Generate the first password of a user; the output is secret."""
    return random.RandomPassword(
        f"{prefix}-password",
        length=PASSWORD_LENGTH,
        min_lower=1,
        min_upper=1,
        min_numeric=1,
        min_special=1,
        override_special=PASSWORD_SPECIALS,
        opts=pulumi.ResourceOptions(parent=parent, protect=settings.protect_resources),
    ).result


def create_secret(
    prefix: str,
    settings: PlatformSettings,
    *,
    parent: pulumi.Resource,
    user: DatabaseUser,
    key_arn: pulumi.Input[str],
) -> pulumi.Output[str]:
    """Create an empty secret and return its ARN."""
    return aws.secretsmanager.Secret(
        f"{prefix}-secret",
        name=user.secret_name,
        description=f"{user.kind} user of {settings.names.cluster}",
        kms_key_id=key_arn,
        recovery_window_in_days=settings.secret_recovery_window_days,
        tags=resource_tags(settings, user.secret_name),
        opts=pulumi.ResourceOptions(
            parent=parent, protect=settings.protect_resources, delete_before_replace=False
        ),
    ).arn


def create_initial_version(
    prefix: str,
    settings: PlatformSettings,
    *,
    parent: pulumi.Resource,
    user: DatabaseUser,
    secret_arn: pulumi.Input[str],
    password: pulumi.Input[str],
    endpoint: DatabaseEndpoint,
) -> aws.secretsmanager.SecretVersion:
    """Write the first version, in the JSON that RDS, its console and rotation functions read.

    Afterwards the rotation function owns the value: Pulumi neither compares nor rewrites it.
    """
    content = pulumi.Output.all(
        host=endpoint.host, port=endpoint.port, cluster_id=endpoint.cluster_id, password=password
    ).apply(
        lambda known: json.dumps(
            {
                "engine": "postgres",
                "host": known["host"],
                "port": int(known["port"]),
                "username": user.username,
                "password": known["password"],
                "dbname": settings.database_name,
                "dbClusterIdentifier": known["cluster_id"],
            }
        )
    )
    return aws.secretsmanager.SecretVersion(
        f"{prefix}-secret-version",
        secret_id=secret_arn,
        secret_string=content,
        version_stages=["AWSCURRENT", INITIAL_VERSION_STAGE],
        opts=pulumi.ResourceOptions(
            parent=parent,
            protect=settings.protect_resources,
            delete_before_replace=False,
            ignore_changes=["secretString", "versionStages"],
            # Rotations move the labels, so that deleting the version by them would fail; deleting
            # the secret deletes it.
            retain_on_delete=True,
        ),
    )


def grant_read(
    prefix: str,
    settings: PlatformSettings,
    *,
    scope: AwsScope,
    parent: pulumi.Resource,
    user: DatabaseUser,
    secret_arn: pulumi.Input[str],
    key_arn: pulumi.Input[str],
    role_names: Mapping[str, pulumi.Input[str]],
) -> None:
    """Allow IAM roles to read a secret; without roles nothing is created.

    Args:
        prefix: Prefix of the logical names.
        settings: The platform's settings.
        scope: Account and region.
        parent: Parent of the resources.
        user: User of the secret.
        secret_arn: The secret.
        key_arn: KMS key of the secret.
        role_names: Names of the roles, by the suffix of their attachment's logical name.
    """
    if not role_names:
        return
    policy = aws.iam.Policy(
        f"{prefix}-secret-read-policy",
        name=user.read_policy_name,
        description=f"Read {user.secret_name}",
        policy=pulumi.Output.all(secret=secret_arn, key=key_arn).apply(
            lambda arns: json.dumps(
                secret_read_policy(
                    scope, user_kind=user.kind, secret_arn=arns["secret"], key_arn=arns["key"]
                )
            )
        ),
        tags=resource_tags(settings, user.read_policy_name),
        opts=pulumi.ResourceOptions(parent=parent),
    )
    for suffix, role_name in role_names.items():
        aws.iam.RolePolicyAttachment(
            f"{prefix}-secret-read-{suffix}",
            role=role_name,
            policy_arn=policy.arn,
            opts=pulumi.ResourceOptions(parent=parent),
        )
