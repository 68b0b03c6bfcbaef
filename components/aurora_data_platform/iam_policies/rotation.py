"""What the rotation function may do, and who may invoke it."""

from components.aurora_data_platform.iam_policies.iam_documents import (
    Document,
    Location,
    allow,
    document,
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


def trust_policy() -> Document:
    """Lambda assumes the role."""
    return document(
        allow(None, ["sts:AssumeRole"], None, Principal={"Service": "lambda.amazonaws.com"})
    )


def function_policy(
    where: Location,
    *,
    secret_arn: str,
    key_arn: str,
    log_group: str,
    dead_letters_arn: str,
    superuser_secret_arn: str | None,
) -> Document:
    """Everything that the function does.

    Args:
        where: Account and region of the function.
        secret_arn: The one secret that it rotates.
        key_arn: Key of the secret and of the dead letters.
        log_group: Name of its log group, which exists before it.
        dead_letters_arn: Queue of the invocations that it did not take.
        superuser_secret_arn: The other secret that it reads, if any.
    """
    superuser = (
        [allow("ReadSuperuserSecret", ["secretsmanager:GetSecretValue"], superuser_secret_arn)]
        if superuser_secret_arn
        else []
    )
    return document(
        allow("RotateSecret", _ROTATION_ACTIONS, secret_arn),
        *superuser,
        allow(
            "UseKey",
            ["kms:Decrypt", "kms:GenerateDataKey"],
            key_arn,
            Condition={
                "StringEquals": {
                    "kms:ViaService": [
                        where.service_endpoint(service) for service in ("secretsmanager", "sqs")
                    ]
                }
            },
        ),
        # Lambda names the streams, hence the `*`.
        allow(
            "WriteLog",
            ["logs:CreateLogStream", "logs:PutLogEvents"],
            where.arn("logs", f"log-group:{log_group}:*"),
        ),
        allow("KeepDeadLetters", ["sqs:SendMessage"], dead_letters_arn),
        # Lambda makes and removes the function's network interfaces with the function's role; EC2
        # offers no resource to restrict them to before they exist.
        allow("AttachToNetwork", _NETWORK_INTERFACE_ACTIONS, "*"),
        # X-Ray has no resources for these.
        allow("Trace", ["xray:PutTelemetryRecords", "xray:PutTraceSegments"], "*"),
    )


def endpoint_policy(where: Location) -> Document:
    """Who may use the endpoint: this account's principals, with what IAM allows each of them."""
    return document(
        allow(
            "OwnAccountOnly",
            ["secretsmanager:*"],
            "*",
            Principal="*",
            Condition={"StringEquals": {"aws:PrincipalAccount": where.account_id}},
        )
    )
