"""Rotation: a function of our own that changes a database user's password every so many days."""

import json
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.aurora_data_platform.credentials import lambda_package
from components.aurora_data_platform.credentials.rotation_network import RotationNetwork
from components.aurora_data_platform.iam_policies import rotation
from components.aurora_data_platform.naming import RotationNames
from components.aurora_data_platform.settings.model import PlatformSettings
from components.aurora_data_platform.tags import resource_tags
from components.database_functions.rotation.settings import ALTERNATING_USERS, SINGLE_USER

RUNTIME = "python3.14"
"""Newest Python of Lambda (AWS Lambda developer guide, Lambda runtimes)."""
ARCHITECTURE = "arm64"
CONCURRENCY = 2
"""Secrets Manager does one step of a rotation at a time; beside it the age is asked for."""
DEAD_LETTER_SECONDS = 14 * 86_400
"""As long as SQS keeps a message."""


@dataclass(frozen=True)
class WatchedRotation:
    """What there is to watch of a rotation.

    Attributes:
        prefix: Start of the logical names of what watches it.
        names: Physical names.
        secret_arn: The secret.
        function_arn: The function.
        function_name: Its name.
        log_group_name: Its log group.
    """

    prefix: str
    names: RotationNames
    secret_arn: pulumi.Output[str]
    function_arn: pulumi.Output[str]
    function_name: pulumi.Output[str]
    log_group_name: pulumi.Output[str]


class Rotation:
    """Rotates one secret.

    Creates, as children of `parent`:
        - the function, with its log group, role and dead letters;
        - the permission for Secrets Manager to invoke it for this secret;
        - with `start`, the rotation itself.

    Args:
        prefix: Start of the children's logical names.
        settings: The platform's settings.
        parent: The component that the resources belong to.
        network: Where the function runs.
        names: Physical names.
        key_arn: Key of secret, log, environment and dead letters.
        secret_arn: The secret.
        superuser_secret_arn: Secret of who sets the passwords of two users that take turns.
            Default: the one user sets its own.

    Attributes:
        network: Where the function runs.
        started: Everything that another rotation by way of this secret's user has to wait for.
        watched: What there is to watch of it.
    """

    network: RotationNetwork
    watched: WatchedRotation
    started: list[pulumi.Resource]

    def __init__(
        self,
        prefix: str,
        settings: PlatformSettings,
        *,
        parent: pulumi.Resource,
        network: RotationNetwork,
        names: RotationNames,
        key_arn: pulumi.Input[str],
        secret_arn: pulumi.Input[str],
        superuser_secret_arn: pulumi.Input[str] | None = None,
    ) -> None:
        self._prefix = prefix
        self._settings = settings
        self._parent = parent
        self._inside = pulumi.ResourceOptions(parent=parent)
        self._names = names
        self._key_arn = key_arn
        self._secret_arn = secret_arn
        self._superuser_secret_arn = superuser_secret_arn
        self.network = network
        self.started = []
        log_group = self._create_log_group()
        self._function = self._create_function(log_group)
        self._permission = self._allow_invocation()
        self.watched = WatchedRotation(
            f"{prefix}-rotation",
            names,
            pulumi.Output.from_input(secret_arn),
            self._function.arn,
            self._function.name,
            log_group.name,
        )

    def start(self, after: list[pulumi.Resource]) -> None:
        """Rotate now, and then every `rotation_days`.

        Args:
            after: What the first rotation needs besides the function: a secret with content, and an
                instance that answers.
        """
        settings = self._settings
        rotation = aws.secretsmanager.SecretRotation(
            f"{self._prefix}-rotation",
            secret_id=self._secret_arn,
            rotation_lambda_arn=self._function.arn,
            rotation_rules=aws.secretsmanager.SecretRotationRotationRulesArgs(
                schedule_expression=f"rate({settings.rotation_days} days)"
                if settings.rotation_days > 1
                else "rate(1 day)",
                duration=f"{settings.rotation_window_hours}h",
            ),
            # The password that the state knows is worthless from the start.
            rotate_immediately=True,
            opts=pulumi.ResourceOptions(
                parent=self._parent, depends_on=[*after, *self.network.ways, self._permission]
            ),
        )
        self.started = [*after, rotation]

    def _create_log_group(self) -> aws.cloudwatch.LogGroup:
        settings, name = self._settings, self._names.log_group
        return aws.cloudwatch.LogGroup(
            f"{self._prefix}-rotation-log",
            name=name,
            retention_in_days=settings.log_retention_days,
            kms_key_id=self._key_arn,
            tags=resource_tags(settings, name),
            opts=self._inside,
        )

    def _create_function(self, log_group: aws.cloudwatch.LogGroup) -> aws.lambda_.Function:
        settings, names = self._settings, self._names
        dead_letters = aws.sqs.Queue(
            f"{self._prefix}-rotation-dead-letters",
            name=names.dead_letters,
            kms_master_key_id=self._key_arn,
            message_retention_seconds=DEAD_LETTER_SECONDS,
            tags=resource_tags(settings, names.dead_letters),
            opts=self._inside,
        )
        role, attachment = self._create_role(dead_letters)
        return aws.lambda_.Function(
            f"{self._prefix}-rotation-function",
            name=names.function,
            description=f"Rotates {names.secret}",
            package_type="Zip",
            code=pulumi.AssetArchive(
                {
                    path: pulumi.FileAsset(str(source))
                    for path, source in lambda_package.files().items()
                }
            ),
            handler=lambda_package.HANDLER,
            runtime=RUNTIME,
            architectures=[ARCHITECTURE],
            memory_size=lambda_package.MEMORY_MEGABYTES,
            timeout=lambda_package.TIMEOUT_SECONDS,
            role=role.arn,
            kms_key_arn=self._key_arn,
            environment=aws.lambda_.FunctionEnvironmentArgs(variables=self._environment()),
            vpc_config=aws.lambda_.FunctionVpcConfigArgs(
                subnet_ids=self.network.subnet_ids,
                security_group_ids=[self.network.security_group_id],
            ),
            reserved_concurrent_executions=CONCURRENCY,
            dead_letter_config=aws.lambda_.FunctionDeadLetterConfigArgs(
                target_arn=dead_letters.arn
            ),
            tracing_config=aws.lambda_.FunctionTracingConfigArgs(mode="Active"),
            logging_config=aws.lambda_.FunctionLoggingConfigArgs(
                log_format="JSON", log_group=log_group.name
            ),
            tags=resource_tags(settings, names.function),
            opts=pulumi.ResourceOptions(parent=self._parent, depends_on=[attachment]),
        )

    def _create_role(
        self, dead_letters: aws.sqs.Queue
    ) -> tuple[aws.iam.Role, aws.iam.RolePolicyAttachment]:
        settings, names = self._settings, self._names
        role = aws.iam.Role(
            f"{self._prefix}-rotation-role",
            name=names.role,
            description=f"Rotation of {names.secret}",
            assume_role_policy=json.dumps(rotation.trust_policy()),
            tags=resource_tags(settings, names.role),
            opts=self._inside,
        )
        policy = aws.iam.Policy(
            f"{self._prefix}-rotation-policy",
            name=names.policy,
            description=f"Rotate {names.secret}",
            policy=pulumi.Output.all(
                self._secret_arn, self._key_arn, dead_letters.arn, self._superuser_secret_arn
            ).apply(
                lambda arns: json.dumps(
                    rotation.function_policy(
                        settings.location,
                        secret_arn=arns[0],
                        key_arn=arns[1],
                        log_group=names.log_group,
                        dead_letters_arn=arns[2],
                        superuser_secret_arn=arns[3],
                    )
                )
            ),
            tags=resource_tags(settings, names.policy),
            opts=self._inside,
        )
        attachment = aws.iam.RolePolicyAttachment(
            f"{self._prefix}-rotation-attachment",
            role=role.name,
            policy_arn=policy.arn,
            opts=self._inside,
        )
        return role, attachment

    def _allow_invocation(self) -> aws.lambda_.Permission:
        return aws.lambda_.Permission(
            f"{self._prefix}-rotation-permission",
            action="lambda:InvokeFunction",
            function=self._function.name,
            principal="secretsmanager.amazonaws.com",
            source_account=self._settings.account_id,
            source_arn=self._secret_arn,
            statement_id="SecretsManagerRotates",
            opts=self._inside,
        )

    def _environment(self) -> dict[str, pulumi.Input[str]]:
        variables: dict[str, pulumi.Input[str]] = {"ROTATION_STRATEGY": SINGLE_USER}
        if self._superuser_secret_arn is not None:
            variables = {
                "ROTATION_STRATEGY": ALTERNATING_USERS,
                "SUPERUSER_SECRET_ARN": self._superuser_secret_arn,
            }
        if self.network.secrets_manager_url is not None:
            # boto3 reads it.
            variables["AWS_ENDPOINT_URL_SECRETS_MANAGER"] = self.network.secrets_manager_url
        return variables
