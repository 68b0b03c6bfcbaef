"""Policies of applications: IAM login and reading secrets."""

from components.aurora_data_platform.arns import AwsScope
from components.aurora_data_platform.iam_policies.statements import (
    PolicyDocument,
    policy,
    statement,
)


def connect_policy(
    scope: AwsScope, *, cluster_resource_id: str, database_user: str
) -> PolicyDocument:
    """Return `rds-db:connect` for exactly one database user of one cluster.

    Args:
        scope: Account and region of the cluster.
        cluster_resource_id: `cluster-...` as AWS returns it; IAM matches it case-sensitively.
        database_user: PostgreSQL role that logs in with an IAM token.
    """
    return policy(
        statement(
            "ConnectAsDatabaseUser",
            ["rds-db:connect"],
            scope.arn("rds-db", f"dbuser:{cluster_resource_id}/{database_user}"),
        )
    )


def secret_read_policy(
    scope: AwsScope, *, user_kind: str, secret_arn: str, key_arn: str
) -> PolicyDocument:
    """Return read access to a secret, with decryption through Secrets Manager only.

    Args:
        scope: Account and region of the secret.
        user_kind: `Master` or `Database`, part of the statement IDs.
        secret_arn: The secret.
        key_arn: KMS key of the secret.
    """
    return policy(
        statement(f"Read{user_kind}Secret", ["secretsmanager:GetSecretValue"], secret_arn),
        statement(
            f"Decrypt{user_kind}Secret",
            ["kms:Decrypt"],
            key_arn,
            Condition={
                "StringEquals": {"kms:ViaService": scope.service_endpoint("secretsmanager")}
            },
        ),
    )
