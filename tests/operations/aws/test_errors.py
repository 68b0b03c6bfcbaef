"""Messages of denied calls, with the texts of AWS."""

import pytest

from operations.aws.errors import PermissionMissingError, rejected

READ = "secretsmanager:GetSecretValue"
KEY = "arn:aws:kms:us-east-2:123456789012:key/1"
CALLER = "User: arn:aws:sts::123456789012:assumed-role/on-call/me is not authorized to perform: "


@pytest.mark.parametrize(
    ("action", "reason", "message"),
    [
        # Secrets Manager user guide, Troubleshoot access to AWS Secrets Manager.
        (
            READ,
            "Access to KMS is not allowed",
            f"AWS denies {READ} (Access to KMS is not allowed): allow kms:Decrypt on the key, "
            "both in the IAM policy of the credentials and in the key policy",
        ),
        (
            "logs:FilterLogEvents",
            f"{CALLER}kms:GenerateDataKey on resource: {KEY}",
            f"AWS denies logs:FilterLogEvents ({CALLER}kms:GenerateDataKey on resource: {KEY}): "
            "allow kms:GenerateDataKey on the key, both in the IAM policy of the credentials and in "
            "the key policy",
        ),
        (
            "kms:DescribeKey",
            f"{CALLER}kms:DescribeKey on resource: {KEY}",
            "the credentials do not allow kms:DescribeKey "
            f"({CALLER}kms:DescribeKey on resource: {KEY})",
        ),
        # IAM user guide, Troubleshoot access denied error messages.
        (
            READ,
            f"{CALLER}{READ} with an explicit deny in a service control policy",
            f"the credentials do not allow {READ} "
            f"({CALLER}{READ} with an explicit deny in a service control policy)",
        ),
        (
            "rds:DescribeDBClusters",
            "User: arn:aws:iam::123456789012:role/KMS-admin may not do this.",
            "the credentials do not allow rds:DescribeDBClusters "
            "(User: arn:aws:iam::123456789012:role/KMS-admin may not do this)",
        ),
        (
            "ec2:DescribeSecurityGroupRules",
            "You are not authorized to perform this operation. Encoded authorization failure "
            "message: 7p4MhQ",
            "the credentials do not allow ec2:DescribeSecurityGroupRules "
            "(You are not authorized to perform this operation)",
        ),
        ("rds:DescribeEvents", "", "the credentials do not allow rds:DescribeEvents"),
    ],
)
def test_a_denied_call_names_the_permission_and_awss_reason(
    action: str, reason: str, message: str
) -> None:
    error = rejected(action, "AccessDeniedException", reason)
    assert (type(error), str(error)) == (PermissionMissingError, message)
