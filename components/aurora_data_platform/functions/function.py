"""A Lambda function in the VPC, and its log group."""

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.aurora_data_platform.functions import package
from components.aurora_data_platform.functions.identity import FunctionIdentity
from components.aurora_data_platform.functions.network import FunctionNetwork
from components.aurora_data_platform.naming import FunctionNames
from components.aurora_data_platform.settings.model import PlatformSettings
from components.aurora_data_platform.tags import resource_tags

RUNTIME = "python3.14"
"""Newest Python of Lambda (AWS Lambda developer guide, Lambda runtimes)."""
ARCHITECTURE = "arm64"


@dataclass(frozen=True)
class Function:
    """A function.

    Attributes:
        arn: Its ARN.
        name: Its name.
        code_sha256: Digest of its deployment package, base64.
        log_group_name: Its log group.
    """

    arn: pulumi.Output[str]
    name: pulumi.Output[str]
    code_sha256: pulumi.Output[str]
    log_group_name: pulumi.Output[str]


def create_function(
    prefix: str,
    settings: PlatformSettings,
    *,
    parent: pulumi.Resource,
    names: FunctionNames,
    purpose: str,
    handler: str,
    timeout_seconds: int,
    environment: Mapping[str, pulumi.Input[str]],
    identity: FunctionIdentity,
    network: FunctionNetwork,
    key_arn: pulumi.Input[str],
    files: Mapping[str, str] | None = None,
) -> Function:
    """Create a function and its log group.

    Args:
        prefix: Prefix of the logical names.
        settings: The platform's settings.
        parent: Parent of the resources.
        names: Physical names.
        purpose: Description of the function.
        handler: `package.module.function` in the deployment package.
        timeout_seconds: Maximum duration of an invocation.
        environment: Environment variables.
        identity: Role and dead-letter queue of the function.
        network: Network of the function.
        key_arn: KMS key of the log and the environment.
        files: Text of further files in the deployment package, by path. Default: none.
    """
    log_group = aws.cloudwatch.LogGroup(
        f"{prefix}-log",
        name=names.log_group,
        retention_in_days=settings.log_retention_days,
        kms_key_id=key_arn,
        tags=resource_tags(settings, names.log_group),
        opts=pulumi.ResourceOptions(parent=parent),
    )
    sources = {path: pulumi.FileAsset(str(source)) for path, source in package.files().items()}
    texts = {path: pulumi.StringAsset(text) for path, text in (files or {}).items()}
    variables = dict(environment)
    if network.secrets_manager_url is not None:
        # Read by boto3.
        variables["AWS_ENDPOINT_URL_SECRETS_MANAGER"] = network.secrets_manager_url
    function = aws.lambda_.Function(
        f"{prefix}-function",
        name=names.function,
        description=purpose,
        package_type="Zip",
        code=pulumi.AssetArchive({**sources, **texts}),
        handler=handler,
        runtime=RUNTIME,
        architectures=[ARCHITECTURE],
        memory_size=package.MEMORY_MEGABYTES,
        timeout=timeout_seconds,
        role=identity.role_arn,
        kms_key_arn=key_arn,
        environment=aws.lambda_.FunctionEnvironmentArgs(variables=variables),
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
    return Function(function.arn, function.name, function.code_sha256, log_group.name)
