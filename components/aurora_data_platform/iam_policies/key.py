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

_PUBLISHERS = {
    "DeliverAlarms": "cloudwatch.amazonaws.com",
    "DeliverDatabaseEvents": "events.rds.amazonaws.com",
    "DeliverFailedRotations": "events.amazonaws.com",
}
"""Services that publish to the encrypted topic.

Their statements have no condition on the source. EventBridge sends none to KMS (EventBridge user
guide, "My rule ran but I don't see any messages published into my Amazon SNS topic"), RDS is not
documented to, and AWS's statement for CloudWatch has none (knowledge center, "Why didn't I receive
an SNS notification for my CloudWatch alarm trigger?"). A wrong condition would stop every
notification, and only the alarm's history would show it. The topic's policy limits who publishes.
"""


def key_policy(
    scope: AwsScope,
    *,
    log_groups: Sequence[str],
    backup_plan: BackupPlan,
) -> PolicyDocument:
    """Return the policy of the created key.

    Principals of the account use the key only through the services that hold the data. In a key
    policy, the resource `*` is the key itself.

    Args:
        scope: Account and region of the key.
        log_groups: Names of the encrypted log groups; a name may end in `*`.
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
        *(
            statement(name, _PUBLISH, "*", Principal={"Service": service})
            for name, service in _PUBLISHERS.items()
        ),
        *_copying_account(scope, backup_plan),
    )


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
