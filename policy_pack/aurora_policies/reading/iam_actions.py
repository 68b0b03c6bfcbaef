"""Actions that are dangerous on every resource, in the classes of cloudsplaining.

https://github.com/salesforce/cloudsplaining documents the classes. The lists are limited to what
roles of a database platform could be given.
"""

import re

from .patterns import matches_any

WRITES = "writes"

_DANGEROUS = {
    "privilege escalation": (
        *("iam:AddUserToGroup", "iam:AttachGroupPolicy", "iam:AttachRolePolicy"),
        *("iam:AttachUserPolicy", "iam:CreateAccessKey", "iam:CreateLoginProfile"),
        *("iam:CreatePolicyVersion", "iam:PassRole", "iam:PutGroupPolicy", "iam:PutRolePolicy"),
        *("iam:PutUserPolicy", "iam:SetDefaultPolicyVersion", "iam:UpdateAssumeRolePolicy"),
        *("iam:UpdateLoginProfile", "lambda:UpdateFunctionCode"),
        "lambda:UpdateFunctionConfiguration",
    ),
    "execution": (
        *("lambda:InvokeAsync", "lambda:InvokeFunction", "lambda:InvokeFunctionUrl"),
        *("ecs:ExecuteCommand", "rds-data:BatchExecuteStatement", "rds-data:ExecuteStatement"),
        *("ssm:SendCommand", "ssm:StartSession"),
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
        *("s3:GetObject", "secretsmanager:BatchGetSecretValue", "secretsmanager:GetSecretValue"),
        *("ssm:GetParameter", "ssm:GetParameterHistory", "ssm:GetParameters"),
        "ssm:GetParametersByPath",
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


def risk_of(action: str) -> str | None:
    """Return the kind of harm that an action, or a pattern of actions, can do."""
    for kind, members in _DANGEROUS.items():
        if any(matches_any(member.lower(), [action.lower()]) for member in members):
            return kind
    return WRITES if _WRITE.fullmatch(action) else None
