"""Actions that do harm on every resource, in the classes of cloudsplaining.

https://github.com/salesforce/cloudsplaining documents the classes; the lists here are limited to
what a database platform's roles could be given.
"""

import re

from .policy_documents import matches_any

WRITES = "writes"

_DANGEROUS = {
    "escalation of privileges": (
        *("iam:AddUserToGroup", "iam:AttachGroupPolicy", "iam:AttachRolePolicy"),
        *("iam:AttachUserPolicy", "iam:CreateAccessKey", "iam:CreateLoginProfile"),
        *("iam:CreatePolicyVersion", "iam:PassRole", "iam:PutGroupPolicy", "iam:PutRolePolicy"),
        *("iam:PutUserPolicy", "iam:SetDefaultPolicyVersion", "iam:UpdateAssumeRolePolicy"),
        *("iam:UpdateLoginProfile", "lambda:UpdateFunctionCode"),
        "lambda:UpdateFunctionConfiguration",
    ),
    "credentials": (
        *("chime:CreateApiKey", "codepipeline:PollForJobs", "cognito-identity:GetId"),
        *("ecr:GetAuthorizationToken", "ec2:GetPasswordData"),
        "iam:CreateServiceSpecificCredential",
        *("iam:ResetServiceSpecificCredential", "iam:UpdateAccessKey", "rds-db:connect"),
        *("redshift:GetClusterCredentials", "sso:GetRoleCredentials", "sts:AssumeRole"),
        *("sts:AssumeRoleWithSAML", "sts:AssumeRoleWithWebIdentity", "sts:GetFederationToken"),
        "sts:GetSessionToken",
    ),
    "data": (
        *("s3:GetObject", "secretsmanager:GetSecretValue", "ssm:GetParameter"),
        *("ssm:GetParameters", "ssm:GetParametersByPath"),
    ),
    "permissions": (
        *("ec2:ModifySnapshotAttribute", "kms:CreateGrant", "kms:PutKeyPolicy"),
        *("lambda:AddPermission", "lambda:RemovePermission", "logs:PutResourcePolicy"),
        *("rds:AddRoleToDBCluster", "rds:ModifyDBClusterSnapshotAttribute", "s3:PutBucketAcl"),
        *("s3:PutBucketPolicy", "secretsmanager:DeleteResourcePolicy"),
        *("secretsmanager:PutResourcePolicy", "sns:AddPermission", "sqs:AddPermission"),
    ),
}
_WRITE = re.compile(
    r"[^:]+:(Add|Associate|Attach|Authorize|Cancel|Copy|Create|Delete|Deregister|Detach|Disable"
    r"|Disassociate|Enable|Failover|Import|Modify|Put|Reboot|Register|Remove|Reset|Restore|Revoke"
    r"|Rotate|Run|Schedule|Send|Set|Start|Stop|Tag|Terminate|Untag|Update|Upload).*",
    re.IGNORECASE,
)


def danger(action: str) -> str | None:
    """What kind of harm an action, or a pattern of actions, does; None for none that is known."""
    for kind, members in _DANGEROUS.items():
        if any(matches_any(member.lower(), [action.lower()]) for member in members):
            return kind
    return WRITES if _WRITE.fullmatch(action) else None
