"""Policies of the Enhanced Monitoring role."""

from components.aurora_data_platform.arns import AwsScope
from components.aurora_data_platform.iam_policies.statements import (
    PolicyDocument,
    policy,
    statement,
    trust_policy,
)

_LOG_GROUP = "RDSOSMetrics"
"""Log group to which RDS writes the metrics of every instance of the account."""


def monitoring_trust_policy(scope: AwsScope, *, instance_prefix: str) -> PolicyDocument:
    """Return the trust policy: RDS, on behalf of the platform's own instances."""
    return trust_policy(
        "monitoring.rds.amazonaws.com",
        Condition={
            "StringEquals": {"aws:SourceAccount": scope.account_id},
            "ArnLike": {"aws:SourceArn": scope.arn("rds", f"db:{instance_prefix}*")},
        },
    )


def monitoring_policy(scope: AwsScope) -> PolicyDocument:
    """Return the permissions: write to one log group.

    AWS's managed policy AmazonRDSEnhancedMonitoringRole allows the same for every log group whose
    name starts with RDS. The streams are named after instance resource IDs, which do not exist yet.
    CloudWatch Logs authorizes actions on a log group against the ARN with `:*` at its end (service
    authorization reference, Amazon CloudWatch Logs); the managed policy names both forms.
    """
    group = scope.arn("logs", f"log-group:{_LOG_GROUP}")
    return policy(
        statement(
            "CreateMetricsGroup",
            ["logs:CreateLogGroup", "logs:PutRetentionPolicy"],
            [group, f"{group}:*"],
        ),
        statement(
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
