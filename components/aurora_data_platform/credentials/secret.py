"""Secrets of database users: first password, secret, first version and read access."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws
import pulumi_random as random

from components.aurora_data_platform.args import AuroraDataPlatformArgs
from components.aurora_data_platform.iam_policies.database import secret_read_policy
from components.aurora_data_platform.settings.model import PlatformSettings
from components.aurora_data_platform.tags import resource_tags

PASSWORD_LENGTH = 32
"""RDS accepts 8 to 41 characters for Aurora PostgreSQL (RDS API, MasterUserPassword)."""
PASSWORD_SPECIALS = "!#$&*()-_=+[]{}<>?~^|.,;"  # noqa: S105 - an alphabet, not a password
"""Printable characters that RDS accepts and that need no escaping in URLs and shell quotes."""
MASTER_USER, DATABASE_USER = "Master", "Database"
"""Kinds of users."""
INITIAL_VERSION_STAGE = "PULUMI_INITIAL"
"""Staging label that keeps the first version from being deleted.

Secrets Manager deletes versions without a label. If it deleted this one, a refresh would remove it
from the state, and the next deployment would restore the first password.
"""


@dataclass(frozen=True)
class DatabaseEndpoint:
    """The endpoint at which a user logs in.

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
        kind: `Master` or `Database`, part of descriptions and statement IDs.
        username: Name in PostgreSQL.
        secret_name: Name of the secret.
        read_policy_name: Name of the IAM policy that allows reading the secret.
        database: Database of its logins.
    """

    kind: str
    username: str
    secret_name: str
    read_policy_name: str
    database: str

    @property
    def description(self) -> str:
        """Description of the secret, without the cluster."""
        return "Master user" if self.kind == MASTER_USER else f"Database user {self.username}"


@dataclass(frozen=True)
class UserSecret:
    """The secret of a database user.

    Attributes:
        arn: The secret.
        version: Its first version.
    """

    arn: pulumi.Output[str]
    version: aws.secretsmanager.SecretVersion


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


def create_user_secret(
    prefix: str,
    args: AuroraDataPlatformArgs,
    *,
    parent: pulumi.Resource,
    user: DatabaseUser,
    key_arn: pulumi.Input[str],
    password: pulumi.Input[str],
    endpoint: DatabaseEndpoint,
    reader_role_names: Mapping[str, pulumi.Input[str] | None],
    username: pulumi.Input[str] | None = None,
) -> UserSecret:
    """Create the secret of a user with its first version, and let IAM roles read it.

    Args:
        prefix: Prefix of the logical names.
        args: The platform's arguments.
        parent: Parent of the resources.
        user: The user.
        key_arn: KMS key of the secret.
        password: First password of the user.
        endpoint: Where the user logs in.
        reader_role_names: Names of roles, by the suffix of their attachment's logical name; None
            for no role.
        username: Name in PostgreSQL. Default: the user's declared one.
    """
    settings = args.settings
    secret_arn = aws.secretsmanager.Secret(
        f"{prefix}-secret",
        name=user.secret_name,
        description=f"{user.description} of {settings.names.cluster}",
        kms_key_id=key_arn,
        recovery_window_in_days=settings.secret_recovery_window_days,
        tags=resource_tags(settings, user.secret_name),
        opts=pulumi.ResourceOptions(
            parent=parent, protect=settings.protect_resources, delete_before_replace=False
        ),
    ).arn
    # The JSON that RDS, its console and rotation functions read. The rotation function owns the
    # value from then on: Pulumi neither compares nor rewrites it.
    content = pulumi.Output.all(
        host=endpoint.host,
        port=endpoint.port,
        cluster_id=endpoint.cluster_id,
        username=username or user.username,
        password=password,
    ).apply(
        lambda known: json.dumps(
            {
                "engine": "postgres",
                "host": known["host"],
                "port": int(known["port"]),
                "username": known["username"],
                "password": known["password"],
                "dbname": user.database,
                "dbClusterIdentifier": known["cluster_id"],
            }
        )
    )
    version = aws.secretsmanager.SecretVersion(
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
    _grant_read(prefix, args, parent, user, secret_arn, key_arn, distinct_roles(reader_role_names))
    return UserSecret(secret_arn, version)


def distinct_roles(
    roles: Mapping[str, pulumi.Input[str] | None],
) -> dict[str, pulumi.Input[str]]:
    """Return each role once: two attachments of one policy to one role are one in IAM.

    Removing one of them would detach the policy from the role that still needs it.
    """
    distinct: dict[str, pulumi.Input[str]] = {}
    for suffix, role in roles.items():
        if role is not None and not any(_same(role, other) for other in distinct.values()):
            distinct[suffix] = role
    return distinct


def _same(role: pulumi.Input[str], other: pulumi.Input[str]) -> bool:
    return role is other or (isinstance(role, str) and isinstance(other, str) and role == other)


def _grant_read(
    prefix: str,
    args: AuroraDataPlatformArgs,
    parent: pulumi.Resource,
    user: DatabaseUser,
    secret_arn: pulumi.Input[str],
    key_arn: pulumi.Input[str],
    role_names: Mapping[str, pulumi.Input[str]],
) -> None:
    """Allow IAM roles to read a secret; without roles nothing is created."""
    if not role_names:
        return
    policy = aws.iam.Policy(
        f"{prefix}-secret-read-policy",
        name=user.read_policy_name,
        description=f"Read {user.secret_name}",
        policy=pulumi.Output.all(secret=secret_arn, key=key_arn).apply(
            lambda arns: json.dumps(
                secret_read_policy(
                    args.scope, user_kind=user.kind, secret_arn=arns["secret"], key_arn=arns["key"]
                )
            )
        ),
        tags=resource_tags(args.settings, user.read_policy_name),
        opts=pulumi.ResourceOptions(parent=parent),
    )
    for suffix, role_name in role_names.items():
        aws.iam.RolePolicyAttachment(
            f"{prefix}-secret-read-{suffix}",
            role=role_name,
            policy_arn=policy.arn,
            opts=pulumi.ResourceOptions(parent=parent),
        )
