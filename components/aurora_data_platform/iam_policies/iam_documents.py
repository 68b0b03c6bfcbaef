"""IAM and key policies as plain documents, built from plain values.

A `*` stands only where a comment says why.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

Document = dict[str, object]

_VERSION = "2012-10-17"


@dataclass(frozen=True)
class Location:
    """Where ARNs live.

    Attributes:
        partition: For example `aws`.
        region: For example `us-east-2`.
        account_id: 12 digits.
    """

    partition: str
    region: str
    account_id: str

    def arn(self, service: str, resource: str) -> str:
        """ARN of a regional resource of the account."""
        return f"arn:{self.partition}:{service}:{self.region}:{self.account_id}:{resource}"

    @property
    def root(self) -> str:
        """ARN of the account itself, which stands for its IAM policies."""
        return f"arn:{self.partition}:iam::{self.account_id}:root"

    def service_endpoint(self, service: str) -> str:
        """Value of `kms:ViaService` for a service of the region."""
        suffix = "amazonaws.com.cn" if self.partition == "aws-cn" else "amazonaws.com"
        return f"{service}.{self.region}.{suffix}"


_KEY_ADMINISTRATION = [
    "kms:CancelKeyDeletion",
    "kms:CreateAlias",
    "kms:DeleteAlias",
    "kms:DescribeKey",
    "kms:DisableKey",
    "kms:DisableKeyRotation",
    "kms:EnableKey",
    "kms:EnableKeyRotation",
    "kms:GetKeyPolicy",
    "kms:GetKeyRotationStatus",
    "kms:ListAliases",
    "kms:ListGrants",
    "kms:ListKeyPolicies",
    "kms:ListKeyRotations",
    "kms:ListResourceTags",
    "kms:PutKeyPolicy",
    "kms:RetireGrant",
    "kms:RevokeGrant",
    "kms:RotateKeyOnDemand",
    "kms:ScheduleKeyDeletion",
    "kms:TagResource",
    "kms:UntagResource",
    "kms:UpdateAlias",
    "kms:UpdateKeyDescription",
]
_KEY_USE = [
    "kms:Decrypt",
    "kms:DescribeKey",
    "kms:Encrypt",
    "kms:GenerateDataKey",
    "kms:GenerateDataKeyWithoutPlaintext",
    "kms:ReEncryptFrom",
    "kms:ReEncryptTo",
]
_KEY_SERVICES = ("lambda", "rds", "secretsmanager", "sqs")


def key_policy(where: Location, *, log_groups: Sequence[str], alarm_prefix: str) -> Document:
    """Key policy of the created key.

    Nobody uses the key directly: data is reachable through the services that hold it, for the
    principals whom IAM allows to use those services. In a key policy, Resource `*` means this key.

    Args:
        where: Account and region of the key.
        log_groups: Names of the log groups that the key encrypts; a `*` may end them.
        alarm_prefix: Start of the alarms' names whose topic the key encrypts.
    """
    account = {"AWS": where.root}
    through_services = {
        "kms:ViaService": [where.service_endpoint(service) for service in _KEY_SERVICES]
    }
    return document(
        allow("AdministerThroughIam", _KEY_ADMINISTRATION, "*", Principal=account),
        allow(
            "UseThroughServices",
            _KEY_USE,
            "*",
            Principal=account,
            Condition={"StringEquals": through_services},
        ),
        allow(
            "GrantToServices",
            ["kms:CreateGrant"],
            "*",
            Principal=account,
            Condition={
                "StringEquals": through_services,
                "Bool": {"kms:GrantIsForAWSResource": "true"},
            },
        ),
        allow(
            "EncryptLogGroups",
            [*_KEY_USE],
            "*",
            Principal={"Service": where.service_endpoint("logs")},
            Condition={
                "ArnLike": {
                    "kms:EncryptionContext:aws:logs:arn": [
                        where.arn("logs", f"log-group:{name}") for name in log_groups
                    ]
                }
            },
        ),
        allow(
            "DeliverAlarms",
            ["kms:Decrypt", "kms:GenerateDataKey"],
            "*",
            Principal={"Service": "cloudwatch.amazonaws.com"},
            Condition={
                "StringEquals": {"aws:SourceAccount": where.account_id},
                "ArnLike": {"aws:SourceArn": where.arn("cloudwatch", f"alarm:{alarm_prefix}*")},
            },
        ),
        allow(
            "DeliverDatabaseEvents",
            ["kms:Decrypt", "kms:GenerateDataKey"],
            "*",
            Principal={"Service": "events.rds.amazonaws.com"},
            Condition={"StringEquals": {"aws:SourceAccount": where.account_id}},
        ),
        # EventBridge sends no source when it encrypts (its user guide, Troubleshooting: encrypted
        # topics).
        allow(
            "DeliverFailedRotations",
            ["kms:Decrypt", "kms:GenerateDataKey"],
            "*",
            Principal={"Service": "events.amazonaws.com"},
        ),
    )


def monitoring_trust_policy(where: Location, *, instance_prefix: str) -> Document:
    """Trust policy of the Enhanced Monitoring role: RDS, for the platform's own instances."""
    return document(
        allow(
            None,
            ["sts:AssumeRole"],
            None,
            Principal={"Service": "monitoring.rds.amazonaws.com"},
            Condition={
                "StringEquals": {"aws:SourceAccount": where.account_id},
                "ArnLike": {"aws:SourceArn": where.arn("rds", f"db:{instance_prefix}*")},
            },
        )
    )


def monitoring_policy(where: Location) -> Document:
    """What Enhanced Monitoring does: write to the account's one group, RDSOSMetrics.

    AWS's managed policy allows the same on every group whose name starts with RDS, everywhere. The
    streams are named after instance resource ids, which exist only later, hence their `*`.
    """
    group = where.arn("logs", "log-group:RDSOSMetrics")
    return document(
        allow("CreateMetricsGroup", ["logs:CreateLogGroup", "logs:PutRetentionPolicy"], group),
        allow(
            "WriteMetrics",
            [
                "logs:CreateLogStream",
                "logs:DescribeLogStreams",
                "logs:GetLogEvents",
                "logs:PutLogEvents",
            ],
            f"{group}:log-stream:*",
        ),
    )


def connect_policy(where: Location, *, cluster_resource_id: str, database_user: str) -> Document:
    """`rds-db:connect` for exactly one database user of one cluster.

    Args:
        where: Account and region of the cluster.
        cluster_resource_id: `cluster-...` in the spelling AWS gives it; matching is case-sensitive.
        database_user: PostgreSQL role that logs in with an IAM token.
    """
    return document(
        allow(
            "ConnectAsDatabaseUser",
            ["rds-db:connect"],
            where.arn("rds-db", f"dbuser:{cluster_resource_id}/{database_user}"),
        )
    )


def secret_read_policy(where: Location, *, whose: str, secret_arn: str, key_arn: str) -> Document:
    """Read a secret and decrypt it, through Secrets Manager only.

    Args:
        where: Account and region of the secret.
        whose: `Master` or `Application`, for the statements' names.
        secret_arn: The secret.
        key_arn: Its key.
    """
    return document(
        allow(f"Read{whose}Secret", ["secretsmanager:GetSecretValue"], secret_arn),
        allow(
            f"Decrypt{whose}Secret",
            ["kms:Decrypt"],
            key_arn,
            Condition={
                "StringEquals": {"kms:ViaService": where.service_endpoint("secretsmanager")}
            },
        ),
    )


def allow(
    sid: str | None,
    actions: Sequence[str],
    resource: str | None,
    **more: Mapping[str, object] | str,
) -> Document:
    """One statement that allows.

    Args:
        sid: Its name, None for none.
        actions: What is allowed.
        resource: On what; None where the document itself belongs to the resource.
        more: Further members, such as Principal and Condition.
    """
    statement: Document = {"Sid": sid, "Effect": "Allow", **more}
    statement["Action"] = list(actions)
    statement["Resource"] = resource
    return {key: value for key, value in statement.items() if value is not None}


def document(*statements: Document) -> Document:
    """A document of statements."""
    return {"Version": _VERSION, "Statement": list(statements)}
