"""Policies of the functions and their network path."""

from components.aurora_data_platform.arns import AwsScope
from components.aurora_data_platform.iam_policies.statements import (
    PolicyDocument,
    Statement,
    policy,
    statement,
)

_ROTATION_ACTIONS = [
    "secretsmanager:DescribeSecret",
    "secretsmanager:GetSecretValue",
    "secretsmanager:PutSecretValue",
    "secretsmanager:UpdateSecretVersionStage",
]
_NETWORK_INTERFACE_ACTIONS = [
    "ec2:AssignPrivateIpAddresses",
    "ec2:CreateNetworkInterface",
    "ec2:DeleteNetworkInterface",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSubnets",
    "ec2:UnassignPrivateIpAddresses",
]


def rotation_policy(
    scope: AwsScope,
    *,
    secrets_arn: str,
    key_arn: str,
    log_group: str,
    dead_letters_arn: str,
    superuser_secret_arn: str | None,
) -> PolicyDocument:
    """Return the permissions of a rotation function.

    Args:
        scope: Account and region of the function.
        secrets_arn: ARN of the secret that it rotates, or the pattern of several.
        key_arn: KMS key of the secrets and the dead-letter queue.
        log_group: Name of its log group.
        dead_letters_arn: Its dead-letter queue.
        superuser_secret_arn: The secret it only reads, if any.
    """
    superuser = (
        [statement("ReadSuperuserSecret", ["secretsmanager:GetSecretValue"], superuser_secret_arn)]
        if superuser_secret_arn
        else []
    )
    return policy(
        statement("RotateSecret", _ROTATION_ACTIONS, secrets_arn),
        *superuser,
        *_function_statements(scope, key_arn, log_group, dead_letters_arn),
    )


def setup_policy(
    scope: AwsScope,
    *,
    master_secret_arn: str,
    key_arn: str,
    log_group: str,
    dead_letters_arn: str,
) -> PolicyDocument:
    """Return the permissions of the setup function.

    Args:
        scope: Account and region of the function.
        master_secret_arn: The secret it logs in with.
        key_arn: KMS key of the secret and the dead-letter queue.
        log_group: Name of its log group.
        dead_letters_arn: Its dead-letter queue.
    """
    return policy(
        statement("ReadMasterSecret", ["secretsmanager:GetSecretValue"], master_secret_arn),
        *_function_statements(scope, key_arn, log_group, dead_letters_arn),
    )


def _function_statements(
    scope: AwsScope, key_arn: str, log_group: str, dead_letters_arn: str
) -> list[Statement]:
    # Lambda decrypts the environment with a grant, or as the role if the role was created again.
    services = [scope.service_endpoint(service) for service in ("lambda", "secretsmanager", "sqs")]
    return [
        statement(
            "UseKey",
            ["kms:Decrypt", "kms:GenerateDataKey"],
            key_arn,
            Condition={"StringEquals": {"kms:ViaService": services}},
        ),
        # Lambda names the log streams.
        statement(
            "WriteLog",
            ["logs:CreateLogStream", "logs:PutLogEvents"],
            scope.arn("logs", f"log-group:{log_group}:*"),
        ),
        statement("SendDeadLetters", ["sqs:SendMessage"], dead_letters_arn),
        # Lambda creates and deletes network interfaces with the function's role; EC2 supports no
        # resource-level permission for interfaces that do not exist yet.
        statement("AttachToNetwork", _NETWORK_INTERFACE_ACTIONS, "*"),
        # X-Ray does not support resource-level permissions for these actions.
        statement("Trace", ["xray:PutTelemetryRecords", "xray:PutTraceSegments"], "*"),
    ]


def endpoint_policy(scope: AwsScope) -> PolicyDocument:
    """Return the endpoint policy: principals of this account, limited by their own policies."""
    return policy(
        statement(
            "OwnAccountOnly",
            ["secretsmanager:*"],
            "*",
            Principal="*",
            Condition={"StringEquals": {"aws:PrincipalAccount": scope.account_id}},
        )
    )
