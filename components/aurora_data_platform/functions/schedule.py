"""Scheduled invocations of a function."""

from collections.abc import Sequence

import pulumi
import pulumi_aws as aws

from components.aurora_data_platform.settings.model import PlatformSettings
from components.aurora_data_platform.tags import resource_tags


def invoke_on_schedule(
    prefix: str,
    settings: PlatformSettings,
    *,
    parent: pulumi.Resource,
    name: str,
    description: str,
    schedule: str,
    function_arn: pulumi.Input[str],
    function_name: pulumi.Input[str],
    event: pulumi.Input[str],
    statement_id: str,
    after: Sequence[pulumi.Resource] = (),
) -> None:
    """Invoke a function on an EventBridge schedule.

    Args:
        prefix: Logical name of the rule, prefix of the permission's and the target's.
        settings: The platform's settings.
        parent: Parent of the resources.
        name: Physical name of the rule.
        description: Description of the rule.
        schedule: Schedule expression.
        function_arn: The function.
        function_name: Name of the function.
        event: JSON that the function receives, at most 8,192 characters (EventBridge API, Target).
        statement_id: ID of the statement in the function's policy.
        after: Resources to wait for, because a new rule fires at once. Default: none.
    """
    rule = aws.cloudwatch.EventRule(
        prefix,
        name=name,
        description=description,
        schedule_expression=schedule,
        tags=resource_tags(settings, name),
        opts=pulumi.ResourceOptions(parent=parent),
    )
    permission = aws.lambda_.Permission(
        f"{prefix}-permission",
        action="lambda:InvokeFunction",
        function=function_name,
        principal="events.amazonaws.com",
        # The ARN names the account; EventBridge is not documented to send it separately.
        source_arn=rule.arn,
        statement_id=statement_id,
        opts=pulumi.ResourceOptions(parent=parent),
    )
    aws.cloudwatch.EventTarget(
        f"{prefix}-target",
        rule=rule.name,
        target_id="function",
        arn=function_arn,
        input=event,
        opts=pulumi.ResourceOptions(parent=parent, depends_on=[permission, *after]),
    )
