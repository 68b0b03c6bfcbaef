"""Policies of the roles that AWS Backup assumes.

Derived from the statements about Aurora of AWS's managed policies
AWSBackupServiceRolePolicyForBackup (version 30) and AWSBackupServiceRolePolicyForRestores
(version 25), which allow the same for every resource of every service.
"""

from components.aurora_data_platform.arns import AwsScope
from components.aurora_data_platform.iam_policies.statements import (
    PolicyDocument,
    Statement,
    policy,
    statement,
    trust_policy,
)
from components.aurora_data_platform.settings.backup_plan import BackupPlan

_SERVICE = "backup.amazonaws.com"
_SNAPSHOTS = "cluster-snapshot:awsbackup:*"
"""AWS Backup names its snapshots `awsbackup:job-...` and the copies `awsbackup:copyjob-...`."""
_TEST_CLUSTERS = "cluster:awsbackup-restore-test*"
"""AWS Backup Developer Guide, Restore testing inferred metadata."""


def backup_trust_policy(scope: AwsScope) -> PolicyDocument:
    """Return the trust policy: AWS Backup, on behalf of the platform's account."""
    return trust_policy(
        _SERVICE, Condition={"StringEquals": {"aws:SourceAccount": scope.account_id}}
    )


def backup_policy(
    scope: AwsScope, plan: BackupPlan, *, cluster_arn: str, vault_arn: str, key_arn: str
) -> PolicyDocument:
    """Return the permissions of backup and copy jobs.

    Args:
        scope: Account and region of the platform.
        plan: The backup plan.
        cluster_arn: The cluster.
        vault_arn: The vault.
        key_arn: KMS key of the cluster and the vault.
    """
    snapshots = scope.arn("rds", _SNAPSHOTS)
    return policy(
        statement("CreateSnapshots", ["rds:CreateDBClusterSnapshot"], [cluster_arn, snapshots]),
        statement(
            "ReadClusterAndSnapshots",
            ["rds:DescribeDBClusterSnapshots", "rds:DescribeDBClusters", "rds:ListTagsForResource"],
            [cluster_arn, snapshots],
        ),
        statement(
            "KeepSnapshots",
            ["rds:AddTagsToResource", "rds:CopyDBClusterSnapshot", "rds:DeleteDBClusterSnapshot"],
            snapshots,
        ),
        statement("ReadVault", ["backup:DescribeBackupVault"], vault_arn),
        # Recovery points of Aurora have the ARN of their snapshot.
        statement("TagRecoveryPoints", ["backup:TagResource"], snapshots),
        # AWS Backup requires this action when a selection is created; the action supports no
        # resource-level permissions.
        statement("FindResources", ["tag:GetResources"], "*"),
        *_use_key("Snapshots", scope, key_arn),
        *_copy_statements(scope, plan, snapshots),
    )


def _copy_statements(scope: AwsScope, plan: BackupPlan, snapshots: str) -> list[Statement]:
    if not plan.copy_to:
        return []
    statements = [
        statement("CopyFromVault", ["backup:CopyFromBackupVault"], snapshots),
        statement("CopyIntoVault", ["backup:CopyIntoBackupVault"], plan.copy_to),
    ]
    if plan.copy_account != scope.account_id:
        sharing = ["rds:ModifyDBClusterSnapshotAttribute"]
        return [*statements, statement("ShareSnapshots", sharing, snapshots)]
    destination = AwsScope(scope.partition, plan.copy_region, scope.account_id)
    return [
        *statements,
        statement(
            "WriteCopies",
            [
                "rds:AddTagsToResource",
                "rds:CopyDBClusterSnapshot",
                "rds:DeleteDBClusterSnapshot",
                "rds:DescribeDBClusterSnapshots",
                "rds:ListTagsForResource",
            ],
            destination.arn("rds", _SNAPSHOTS),
        ),
        # The ARN of the destination vault's key is unknown to the program.
        *_use_key("Copies", destination, destination.arn("kms", "key/*")),
    ]


def restore_testing_policy(
    scope: AwsScope, *, vault_arn: str, key_arn: str, subnet_group: str
) -> PolicyDocument:
    """Return the permissions of restore testing: temporary clusters without instances.

    Args:
        scope: Account and region of the platform.
        vault_arn: The vault.
        key_arn: KMS key of the snapshots.
        subnet_group: Subnet group of the temporary clusters.
    """
    snapshots, clusters = scope.arn("rds", _SNAPSHOTS), scope.arn("rds", _TEST_CLUSTERS)
    return policy(
        statement(
            "RestoreSnapshots",
            ["rds:RestoreDBClusterFromSnapshot"],
            [
                snapshots,
                clusters,
                scope.arn("rds", "cluster-pg:default.*"),
                scope.arn("rds", "og:default:*"),
                scope.arn("rds", f"subgrp:{subnet_group}"),
            ],
        ),
        statement("ChangeTestClusters", ["rds:AddTagsToResource", "rds:DeleteDBCluster"], clusters),
        statement(
            "ReadClustersAndSnapshots",
            ["rds:DescribeDBClusterSnapshots", "rds:DescribeDBClusters", "rds:ListTagsForResource"],
            [clusters, snapshots],
        ),
        statement("ReadVault", ["backup:DescribeBackupVault"], vault_arn),
        *_use_key("Restores", scope, key_arn),
    )


def _use_key(purpose: str, scope: AwsScope, key_arn: str) -> list[Statement]:
    return [
        statement(f"Describe{purpose}Key", ["kms:DescribeKey"], key_arn),
        statement(
            f"Grant{purpose}Key",
            ["kms:CreateGrant"],
            key_arn,
            Condition={
                "StringEquals": {"kms:ViaService": scope.service_endpoint("rds")},
                "Bool": {"kms:GrantIsForAWSResource": "true"},
            },
        ),
    ]
