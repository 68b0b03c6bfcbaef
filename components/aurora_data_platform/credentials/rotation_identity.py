"""IAM role and dead-letter queue of a rotation function."""

import json
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.aurora_data_platform.arns import AwsScope
from components.aurora_data_platform.iam_policies.rotation import function_policy
from components.aurora_data_platform.iam_policies.statements import trust_policy
from components.aurora_data_platform.naming import RotationNames
from components.aurora_data_platform.settings.model import PlatformSettings
from components.aurora_data_platform.tags import resource_tags

DEAD_LETTER_RETENTION_SECONDS = 14 * 86_400
"""Maximum of SQS (API, MessageRetentionPeriod)."""


@dataclass(frozen=True)
class RotationIdentity:
    """What a rotation function runs as.

    Attributes:
        role_arn: Its role.
        attachment: The role's permissions.
        dead_letters_arn: Queue of failed asynchronous invocations.
    """

    role_arn: pulumi.Output[str]
    attachment: aws.iam.RolePolicyAttachment
    dead_letters_arn: pulumi.Output[str]


def create_rotation_identity(
    prefix: str,
    settings: PlatformSettings,
    *,
    scope: AwsScope,
    parent: pulumi.Resource,
    names: RotationNames,
    secret_arn: pulumi.Input[str],
    key_arn: pulumi.Input[str],
    superuser_secret_arn: pulumi.Input[str] | None = None,
) -> RotationIdentity:
    """Create the role, its policy and the dead-letter queue.

    Args:
        prefix: Prefix of the logical names.
        settings: The platform's settings.
        scope: Account and region.
        parent: Parent of the resources.
        names: Physical names.
        secret_arn: The secret that the function rotates.
        key_arn: KMS key of the secret and the queue.
        superuser_secret_arn: A secret that the function only reads. Default: none.
    """
    opts = pulumi.ResourceOptions(parent=parent)
    queue = aws.sqs.Queue(
        f"{prefix}-rotation-dead-letters",
        name=names.dead_letters,
        kms_master_key_id=key_arn,
        message_retention_seconds=DEAD_LETTER_RETENTION_SECONDS,
        tags=resource_tags(settings, names.dead_letters),
        opts=opts,
    )
    role = aws.iam.Role(
        f"{prefix}-rotation-role",
        name=names.role,
        description=f"Rotation of {names.secret}",
        assume_role_policy=json.dumps(trust_policy("lambda.amazonaws.com")),
        tags=resource_tags(settings, names.role),
        opts=opts,
    )
    policy = aws.iam.Policy(
        f"{prefix}-rotation-policy",
        name=names.policy,
        description=f"Rotate {names.secret}",
        policy=pulumi.Output.all(
            secret=secret_arn, key=key_arn, queue=queue.arn, superuser=superuser_secret_arn
        ).apply(
            lambda arns: json.dumps(
                function_policy(
                    scope,
                    secret_arn=arns["secret"],
                    key_arn=arns["key"],
                    log_group=names.log_group,
                    dead_letters_arn=arns["queue"],
                    superuser_secret_arn=arns["superuser"],
                )
            )
        ),
        tags=resource_tags(settings, names.policy),
        opts=opts,
    )
    attachment = aws.iam.RolePolicyAttachment(
        f"{prefix}-rotation-attachment", role=role.name, policy_arn=policy.arn, opts=opts
    )
    return RotationIdentity(role.arn, attachment, queue.arn)
