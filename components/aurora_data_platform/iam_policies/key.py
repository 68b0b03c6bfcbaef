"""Policy of the platform's KMS key."""

from collections.abc import Sequence

from components.aurora_data_platform.arns import AwsScope
from components.aurora_data_platform.iam_policies.statements import (
    PolicyDocument,
    Statement,
    policy,
    statement,
)
from components.aurora_data_platform.settings.backup_plan import BackupPlan

_ADMINISTRATION = [
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
_USE = [
    "kms:Decrypt",
    "kms:DescribeKey",
    "kms:Encrypt",
    "kms:GenerateDataKey",
    "kms:GenerateDataKeyWithoutPlaintext",
    "kms:ReEncryptFrom",
    "kms:ReEncryptTo",
]
_PUBLISH = ["kms:Decrypt", "kms:GenerateDataKey"]
_SERVICES = ("lambda", "rds", "secretsmanager", "sqs")


def key_policy(
    scope: AwsScope,
    *,
    log_groups: Sequence[str],
    alarm_prefix: str,
    backup_plan: BackupPlan,
) -> PolicyDocument:
    """Return the policy of the created key.

    Principals of the account use the key only through the services that hold the data. In a key
    policy, the resource `*` is the key itself.

    Args:
        scope: Account and region of the key.
        log_groups: Names of the encrypted log groups; a name may end in `*`.
        alarm_prefix: Prefix of the alarms that publish to the encrypted topic.
        backup_plan: With a plan, AWS Backup encrypts its vault with the key; the account of the
            copies, if another one, reads the snapshots.
    """
    account = {"AWS": scope.root_arn}
    services = (*_SERVICES, "backup") if backup_plan.is_given else _SERVICES
    through_services = {"kms:ViaService": [scope.service_endpoint(each) for each in services]}
    return policy(
        statement("AdministerThroughIam", _ADMINISTRATION, "*", Principal=account),
        statement(
            "UseThroughServices",
            _USE,
            "*",
            Principal=account,
            Condition={"StringEquals": through_services},
        ),
        statement(
            "GrantToServices",
            ["kms:CreateGrant"],
            "*",
            Principal=account,
            Condition={
                "StringEquals": through_services,
                "Bool": {"kms:GrantIsForAWSResource": "true"},
            },
        ),
        statement(
            "EncryptLogGroups",
            _USE,
            "*",
            Principal={"Service": scope.service_endpoint("logs")},
            Condition={
                "ArnLike": {
                    "kms:EncryptionContext:aws:logs:arn": [
                        scope.arn("logs", f"log-group:{name}") for name in log_groups
                    ]
                }
            },
        ),
        *_publishers(scope, alarm_prefix),
        *_copying_account(scope, backup_plan),
    )


def _publishers(scope: AwsScope, alarm_prefix: str) -> list[Statement]:
    """Return a statement for each service that publishes to the encrypted topic."""
    own_alarms = scope.arn("cloudwatch", f"alarm:{alarm_prefix}*")
    return [
        statement(
            "DeliverAlarms",
            _PUBLISH,
            "*",
            Principal={"Service": "cloudwatch.amazonaws.com"},
            Condition={
                "StringEquals": {"aws:SourceAccount": scope.account_id},
                "ArnLike": {"aws:SourceArn": own_alarms},
            },
        ),
        # RDS is not documented to send a source account to KMS; the topic's policy limits who
        # publishes.
        statement(
            "DeliverDatabaseEvents",
            _PUBLISH,
            "*",
            Principal={"Service": "events.rds.amazonaws.com"},
        ),
        # EventBridge sends no source to KMS (EventBridge user guide, "My rule ran but I don't see
        # any messages published into my Amazon SNS topic").
        statement(
            "DeliverFailedRotations",
            _PUBLISH,
            "*",
            Principal={"Service": "events.amazonaws.com"},
        ),
    ]


def _copying_account(scope: AwsScope, plan: BackupPlan) -> list[Statement]:
    """Return the statements that let another account copy the snapshots.

    A copy of an Aurora snapshot is encrypted again by RDS in the account of the destination, which
    therefore needs the source's key (AWS Backup Developer Guide, Creating backup copies across AWS
    accounts).
    """
    if plan.copy_account in ("", scope.account_id):
        return []
    account = {"AWS": f"arn:{scope.partition}:iam::{plan.copy_account}:root"}
    through_rds = {"kms:ViaService": scope.service_endpoint("rds")}
    return [
        statement(
            "CopyToOtherAccount",
            _USE,
            "*",
            Principal=account,
            Condition={"StringEquals": through_rds},
        ),
        statement(
            "GrantToOtherAccount",
            ["kms:CreateGrant"],
            "*",
            Principal=account,
            Condition={
                "StringEquals": through_rds,
                "Bool": {"kms:GrantIsForAWSResource": "true"},
            },
        ),
    ]
