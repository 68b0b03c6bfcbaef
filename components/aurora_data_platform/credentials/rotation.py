"""Rotation of secrets by a Lambda function of the platform."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.aurora_data_platform.args import AuroraDataPlatformArgs
from components.aurora_data_platform.functions import package
from components.aurora_data_platform.functions.function import create_function
from components.aurora_data_platform.functions.identity import (
    FunctionIdentity,
    create_function_identity,
)
from components.aurora_data_platform.functions.network import FunctionNetwork
from components.aurora_data_platform.iam_policies.functions import rotation_policy
from components.aurora_data_platform.naming import RotationNames
from components.database_functions.rotation.settings import ALTERNATING_USERS, SINGLE_USER


@dataclass(frozen=True)
class RotatedSecrets:
    """The secrets that one function rotates.

    Policies and patterns name all of them at once, because their sizes are limited: 6,144
    characters of a managed policy (IAM and AWS STS quotas), 20 KB of a function's policy (Lambda
    quotas), 2,048 characters of an event pattern (EventBridge quotas).

    Attributes:
        arn: ARN of the only secret, or the pattern that the ARNs of all match, and no other's.
        by_suffix: ARNs by the suffix that distinguishes the logical names of the rotations.
        ids: ARNs or names, for the request of their age.
    """

    arn: pulumi.Input[str]
    by_suffix: Mapping[str, pulumi.Input[str]]
    ids: Sequence[pulumi.Input[str]]


@dataclass(frozen=True)
class RotationResources:
    """Resources of a rotation, for its monitoring and for what depends on it.

    Attributes:
        prefix: Prefix of the logical names of its monitoring.
        names: Physical names.
        secrets: The secrets.
        function_arn: The function.
        function_name: Name of the function.
        log_group_name: Log group of the function.
        ready: Resources to wait for before the secrets' users can log in.
    """

    prefix: str
    names: RotationNames
    secrets: RotatedSecrets
    function_arn: pulumi.Output[str]
    function_name: pulumi.Output[str]
    log_group_name: pulumi.Output[str]
    ready: Sequence[pulumi.Resource]


def create_rotation_identity(
    prefix: str,
    args: AuroraDataPlatformArgs,
    *,
    parent: pulumi.Resource,
    names: RotationNames,
    secrets: RotatedSecrets,
    key_arn: pulumi.Input[str],
    superuser_secret_arn: pulumi.Input[str] | None = None,
) -> FunctionIdentity:
    """Create the role and the dead-letter queue of a rotation function.

    Args:
        prefix: Prefix of the logical names.
        args: The platform's arguments.
        parent: Parent of the resources.
        names: Physical names.
        secrets: The secrets that the function rotates.
        key_arn: KMS key of the secrets and the dead-letter queue.
        superuser_secret_arn: A secret that the function only reads. Default: none.
    """
    return create_function_identity(
        f"{prefix}-rotation",
        args.settings,
        parent=parent,
        names=names,
        purpose=f"Rotate {names.secret}",
        key_arn=key_arn,
        arns={"secrets": secrets.arn, "superuser": superuser_secret_arn or ""},
        permissions=lambda arns: rotation_policy(
            args.scope,
            secrets_arn=arns["secrets"],
            key_arn=arns["key"],
            log_group=names.log_group,
            dead_letters_arn=arns["dead_letters"],
            superuser_secret_arn=arns["superuser"] or None,
        ),
    )


def rotate_secrets(
    prefix: str,
    args: AuroraDataPlatformArgs,
    *,
    parent: pulumi.Resource,
    names: RotationNames,
    identity: FunctionIdentity,
    network: FunctionNetwork,
    key_arn: pulumi.Input[str],
    secrets: RotatedSecrets,
    after: Sequence[pulumi.Resource],
    superuser_secret_arn: pulumi.Input[str] | None = None,
) -> RotationResources:
    """Create the rotation function, and rotate the secrets now and every `rotationDays`.

    Args:
        prefix: Prefix of the logical names.
        args: The platform's arguments.
        parent: Parent of the resources.
        names: Physical names.
        identity: Role and dead-letter queue of the function.
        network: Network of the function.
        key_arn: KMS key of the function's log and environment.
        secrets: The secrets.
        after: What the first rotation needs besides the function: secrets with values, and an
            instance.
        superuser_secret_arn: Secret of the user that sets the passwords of two alternating users.
            Default: a secret's single user changes its own password.
    """
    settings = args.settings
    environment: dict[str, pulumi.Input[str]] = {"ROTATION_STRATEGY": SINGLE_USER}
    if superuser_secret_arn is not None:
        environment = {
            "ROTATION_STRATEGY": ALTERNATING_USERS,
            "SUPERUSER_SECRET_ARN": superuser_secret_arn,
        }
    function = create_function(
        f"{prefix}-rotation",
        settings,
        parent=parent,
        names=names,
        purpose=f"Rotates {names.secret}",
        handler=package.ROTATION_HANDLER,
        timeout_seconds=package.ROTATION_TIMEOUT_SECONDS,
        environment=environment,
        identity=identity,
        network=network,
        key_arn=key_arn,
    )
    days = settings.rotation_days
    permission = aws.lambda_.Permission(
        f"{prefix}-rotation-permission",
        action="lambda:InvokeFunction",
        function=function.name,
        principal="secretsmanager.amazonaws.com",
        source_account=network.account_id,
        # Lambda compares it as a pattern (Lambda API, AddPermission, SourceArn).
        source_arn=secrets.arn,
        statement_id="SecretsManagerRotates",
        opts=pulumi.ResourceOptions(parent=parent),
    )
    rotations: list[pulumi.Resource] = []
    for suffix, secret_arn in secrets.by_suffix.items():
        rotation = aws.secretsmanager.SecretRotation(
            f"{prefix}{suffix}-rotation",
            secret_id=secret_arn,
            rotation_lambda_arn=function.arn,
            rotation_rules=aws.secretsmanager.SecretRotationRotationRulesArgs(
                schedule_expression=f"rate({days} days)" if days > 1 else "rate(1 day)",
                duration=f"{settings.rotation_window_hours}h",
            ),
            # Supersedes the password in the state. The provider sends it with every change of the
            # rules, so that such a change rotates too.
            rotate_immediately=True,
            opts=pulumi.ResourceOptions(
                parent=parent, depends_on=[*after, *network.dependencies, permission]
            ),
        )
        rotations.append(rotation)
    return RotationResources(
        f"{prefix}-rotation",
        names,
        secrets,
        function.arn,
        function.name,
        function.log_group_name,
        ready=[*after, *rotations],
    )
