"""IAM role and dead-letter queue of a function."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.aurora_data_platform.iam_policies.statements import PolicyDocument, trust_policy
from components.aurora_data_platform.naming import FunctionNames
from components.aurora_data_platform.settings.model import PlatformSettings
from components.aurora_data_platform.tags import resource_tags

DEAD_LETTER_RETENTION_SECONDS = 14 * 86_400
"""Maximum of SQS (API, MessageRetentionPeriod)."""


@dataclass(frozen=True)
class FunctionIdentity:
    """The role and the dead-letter queue of a function.

    Attributes:
        role_arn: Its role.
        attachment: The role's permissions.
        dead_letters_arn: Queue of failed asynchronous invocations.
    """

    role_arn: pulumi.Output[str]
    attachment: aws.iam.RolePolicyAttachment
    dead_letters_arn: pulumi.Output[str]


def create_function_identity(
    prefix: str,
    settings: PlatformSettings,
    *,
    parent: pulumi.Resource,
    names: FunctionNames,
    purpose: str,
    key_arn: pulumi.Input[str],
    arns: Mapping[str, pulumi.Input[object]],
    permissions: Callable[[Mapping[str, str]], PolicyDocument],
) -> FunctionIdentity:
    """Create the role, its policy and the dead-letter queue.

    Args:
        prefix: Prefix of the logical names.
        settings: The platform's settings.
        parent: Parent of the resources.
        names: Physical names.
        purpose: Description of the role and the policy.
        key_arn: KMS key of the queue.
        arns: What the permissions refer to.
        permissions: Returns the policy document for `arns`, `key` and `dead_letters`.
    """
    opts = pulumi.ResourceOptions(parent=parent)
    queue = aws.sqs.Queue(
        f"{prefix}-dead-letters",
        name=names.dead_letters,
        kms_master_key_id=key_arn,
        message_retention_seconds=DEAD_LETTER_RETENTION_SECONDS,
        tags=resource_tags(settings, names.dead_letters),
        opts=opts,
    )
    role = aws.iam.Role(
        f"{prefix}-role",
        name=names.role,
        description=purpose,
        assume_role_policy=json.dumps(trust_policy("lambda.amazonaws.com")),
        tags=resource_tags(settings, names.role),
        opts=opts,
    )
    policy = aws.iam.Policy(
        f"{prefix}-policy",
        name=names.policy,
        description=purpose,
        policy=pulumi.Output.all(**arns, key=key_arn, dead_letters=queue.arn).apply(
            lambda known: json.dumps(permissions(known))
        ),
        tags=resource_tags(settings, names.policy),
        opts=opts,
    )
    attachment = aws.iam.RolePolicyAttachment(
        f"{prefix}-attachment", role=role.name, policy_arn=policy.arn, opts=opts
    )
    return FunctionIdentity(role.arn, attachment, queue.arn)
