"""Rotation of a secret by a Lambda function of the platform."""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.aurora_data_platform.credentials import lambda_package
from components.aurora_data_platform.credentials.rotation_identity import RotationIdentity
from components.aurora_data_platform.credentials.rotation_network import RotationNetwork
from components.aurora_data_platform.naming import RotationNames
from components.aurora_data_platform.settings.model import PlatformSettings
from components.aurora_data_platform.tags import resource_tags
from components.database_functions.rotation.settings import ALTERNATING_USERS, SINGLE_USER

RUNTIME = "python3.14"
"""Newest Python of Lambda (AWS Lambda developer guide, Lambda runtimes)."""
ARCHITECTURE = "arm64"


@dataclass(frozen=True)
class RotationResources:
    """Resources of a rotation, for its monitoring and for rotations that depend on it.

    Attributes:
        prefix: Prefix of the logical names of its monitoring.
        names: Physical names.
        secret_arn: The secret.
        function_arn: The function.
        function_name: Name of the function.
        log_group_name: Log group of the function.
        ready: Resources to wait for before the secret's user can log in.
    """

    prefix: str
    names: RotationNames
    secret_arn: pulumi.Output[str]
    function_arn: pulumi.Output[str]
    function_name: pulumi.Output[str]
    log_group_name: pulumi.Output[str]
    ready: Sequence[pulumi.Resource]


def rotate_secret(
    prefix: str,
    settings: PlatformSettings,
    *,
    parent: pulumi.Resource,
    names: RotationNames,
    identity: RotationIdentity,
    network: RotationNetwork,
    key_arn: pulumi.Input[str],
    secret_arn: pulumi.Output[str],
    after: Sequence[pulumi.Resource],
    superuser_secret_arn: pulumi.Input[str] | None = None,
) -> RotationResources:
    """Create the rotation function, and rotate the secret now and every `rotationDays`.

    Args:
        prefix: Prefix of the logical names.
        settings: The platform's settings.
        parent: Parent of the resources.
        names: Physical names.
        identity: What the function runs as.
        network: Where the function runs.
        key_arn: KMS key of the function's log and environment.
        secret_arn: The secret.
        after: What the first rotation needs besides the function: a secret with a value, and an
            instance.
        superuser_secret_arn: Secret of the user that sets the passwords of two alternating users.
            Default: the secret's single user changes its own password.
    """
    opts = pulumi.ResourceOptions(parent=parent)
    log_group = aws.cloudwatch.LogGroup(
        f"{prefix}-rotation-log",
        name=names.log_group,
        retention_in_days=settings.log_retention_days,
        kms_key_id=key_arn,
        tags=resource_tags(settings, names.log_group),
        opts=opts,
    )
    function = aws.lambda_.Function(
        f"{prefix}-rotation-function",
        name=names.function,
        description=f"Rotates {names.secret}",
        package_type="Zip",
        code=pulumi.AssetArchive(
            {path: pulumi.FileAsset(str(source)) for path, source in lambda_package.files().items()}
        ),
        handler=lambda_package.HANDLER,
        runtime=RUNTIME,
        architectures=[ARCHITECTURE],
        memory_size=lambda_package.MEMORY_MEGABYTES,
        timeout=lambda_package.TIMEOUT_SECONDS,
        role=identity.role_arn,
        kms_key_arn=key_arn,
        environment=aws.lambda_.FunctionEnvironmentArgs(
            variables=_environment(network, superuser_secret_arn)
        ),
        vpc_config=aws.lambda_.FunctionVpcConfigArgs(
            subnet_ids=network.subnet_ids, security_group_ids=[network.security_group_id]
        ),
        reserved_concurrent_executions=settings.rotation_reserved_concurrency or None,
        dead_letter_config=aws.lambda_.FunctionDeadLetterConfigArgs(
            target_arn=identity.dead_letters_arn
        ),
        tracing_config=aws.lambda_.FunctionTracingConfigArgs(mode="Active"),
        logging_config=aws.lambda_.FunctionLoggingConfigArgs(
            log_format="JSON", log_group=log_group.name
        ),
        tags=resource_tags(settings, names.function),
        opts=pulumi.ResourceOptions(parent=parent, depends_on=[identity.attachment]),
    )
    permission = aws.lambda_.Permission(
        f"{prefix}-rotation-permission",
        action="lambda:InvokeFunction",
        function=function.name,
        principal="secretsmanager.amazonaws.com",
        source_account=network.account_id,
        source_arn=secret_arn,
        statement_id="SecretsManagerRotates",
        opts=opts,
    )
    days = settings.rotation_days
    rotation = aws.secretsmanager.SecretRotation(
        f"{prefix}-rotation",
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
    return RotationResources(
        f"{prefix}-rotation",
        names,
        secret_arn,
        function.arn,
        function.name,
        log_group.name,
        ready=[*after, rotation],
    )


def _environment(
    network: RotationNetwork, superuser_secret_arn: pulumi.Input[str] | None
) -> dict[str, pulumi.Input[str]]:
    variables: dict[str, pulumi.Input[str]] = {"ROTATION_STRATEGY": SINGLE_USER}
    if superuser_secret_arn is not None:
        variables = {
            "ROTATION_STRATEGY": ALTERNATING_USERS,
            "SUPERUSER_SECRET_ARN": superuser_secret_arn,
        }
    if network.secrets_manager_url is not None:
        # Read by boto3.
        variables["AWS_ENDPOINT_URL_SECRETS_MANAGER"] = network.secrets_manager_url
    return variables
