"""Backups by AWS Backup: vault, lock, plan, and restore testing."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.aurora_data_platform.args import AuroraDataPlatformArgs
from components.aurora_data_platform.iam_policies.backup import (
    backup_policy,
    backup_trust_policy,
    restore_testing_policy,
)
from components.aurora_data_platform.iam_policies.statements import PolicyDocument
from components.aurora_data_platform.network import DatabaseNetwork
from components.aurora_data_platform.tags import resource_tags

SELECTION = "cluster"
"""Name of the selection, within the plan."""
RULE = "snapshots"
"""Name of the rule, within the plan."""
START_WINDOW_MINUTES = 60
"""Minutes within which a job starts. AWS Backup API, StartWindowMinutes: at least 60."""
COMPLETION_WINDOW_MINUTES = 1440
"""Minutes within which a job ends; larger than any start window, so that AWS accepts both."""
BACKUP_WINDOW_HOURS = (START_WINDOW_MINUTES + COMPLETION_WINDOW_MINUTES) / 60
"""Hours after the scheduled time within which a backup ends."""
SELECTION_WINDOW_DAYS = 30
"""Days in which restore testing looks for the latest recovery point. AWS Backup API,
SelectionWindowDays."""


@dataclass(frozen=True)
class _Role:
    arn: pulumi.Output[str]
    attachment: aws.iam.RolePolicyAttachment


class Backups(pulumi.ComponentResource):
    """Keeps snapshots of the cluster in a vault, which outlives the cluster.

    Creates:
        - the vault, encrypted with the platform's key. AWS does not delete a vault with recovery
          points in it, and the deletion of a cluster does not delete its recovery points;
        - the vault's lock, if there is one. A change replaces it: the old one is deleted first,
          because there is one per vault;
        - the role of backup and copy jobs;
        - the plan and its selection, which contains the cluster only;
        - the role, plan and selection of restore testing, if it is scheduled. The restored clusters
          have no instance.

    Args:
        name: The platform's logical name, prefix of the children's.
        args: The platform's arguments, with a backup plan.
        key_arn: KMS key of the cluster and the vault.
        cluster: The cluster.
        network: Subnet group and security group of restored clusters.
        opts: Resource options.
    """

    vault_arn: pulumi.Output[str]
    """ARN of the vault."""

    def __init__(
        self,
        name: str,
        args: AuroraDataPlatformArgs,
        *,
        key_arn: pulumi.Input[str],
        cluster: aws.rds.Cluster,
        network: DatabaseNetwork,
        opts: pulumi.ResourceOptions,
    ) -> None:
        super().__init__("aurora-data-platform:index:Backups", f"{name}-backups", None, opts)
        self._platform = name
        self._args = args
        self._settings = args.settings
        self._plan = args.settings.backup_plan
        self._key_arn = key_arn
        self._cluster = cluster
        self._vault = self._create_vault()
        self._lock_vault()
        self._create_plan()
        self._test_restores(network)
        self.vault_arn = self._vault.arn
        self.register_outputs({"vaultArn": self.vault_arn})

    def _create_vault(self) -> aws.backup.Vault:
        settings, names = self._settings, self._settings.names
        return aws.backup.Vault(
            f"{self._platform}-backup-vault",
            name=names.backup_vault,
            kms_key_arn=self._key_arn,
            force_destroy=False,
            tags=resource_tags(settings, names.backup_vault),
            opts=pulumi.ResourceOptions(
                parent=self, protect=settings.protect_resources, delete_before_replace=False
            ),
        )

    def _lock_vault(self) -> None:
        lock = self._plan.vault_lock
        if not lock.is_given:
            return
        aws.backup.VaultLockConfiguration(
            f"{self._platform}-backup-vault-lock",
            backup_vault_name=self._vault.name,
            min_retention_days=lock.min_retention_days,
            max_retention_days=lock.max_retention_days,
            changeable_for_days=lock.changeable_for_days or None,
            opts=pulumi.ResourceOptions(
                parent=self,
                protect=self._settings.protect_resources,
                # Deleting the old lock after the new one was created would unlock the vault.
                delete_before_replace=True,
            ),
        )

    def _create_plan(self) -> None:
        settings, names, plan = self._settings, self._settings.names, self._plan
        copies = [
            aws.backup.PlanRuleCopyActionArgs(
                destination_vault_arn=plan.copy_to,
                lifecycle=aws.backup.PlanRuleCopyActionLifecycleArgs(
                    delete_after=plan.copy_retention_days
                ),
            )
        ]
        created = aws.backup.Plan(
            f"{self._platform}-backup-plan",
            name=names.backup_plan,
            rules=[
                aws.backup.PlanRuleArgs(
                    rule_name=RULE,
                    target_vault_name=self._vault.name,
                    schedule=plan.schedule,
                    start_window=START_WINDOW_MINUTES,
                    completion_window=COMPLETION_WINDOW_MINUTES,
                    enable_continuous_backup=False,
                    lifecycle=aws.backup.PlanRuleLifecycleArgs(delete_after=plan.retention_days),
                    copy_actions=copies if plan.copy_to else None,
                    recovery_point_tags=resource_tags(settings, names.backup_vault),
                )
            ],
            tags=resource_tags(settings, names.backup_plan),
            opts=pulumi.ResourceOptions(parent=self),
        )
        role = self._create_role(
            "backup",
            names.backup_role,
            names.backup_policy,
            f"Backup and copy jobs of {names.cluster}",
            lambda arns: backup_policy(self._args.scope, plan, **arns),
        )
        aws.backup.Selection(
            f"{self._platform}-backup-selection",
            name=SELECTION,
            plan_id=created.id,
            iam_role_arn=role.arn,
            resources=[self._cluster.arn],
            opts=pulumi.ResourceOptions(
                parent=self, depends_on=[role.attachment], delete_before_replace=True
            ),
        )

    def _test_restores(self, network: DatabaseNetwork) -> None:
        settings, names, testing = self._settings, self._settings.names, self._plan.restore_testing
        if not testing.schedule:
            return
        plan = aws.backup.RestoreTestingPlan(
            f"{self._platform}-restore-testing",
            name=names.restore_testing_plan,
            schedule_expression=testing.schedule,
            start_window_hours=testing.start_window_hours,
            recovery_point_selection=aws.backup.RestoreTestingPlanRecoveryPointSelectionArgs(
                algorithm="LATEST_WITHIN_WINDOW",
                include_vaults=[self._vault.arn],
                recovery_point_types=["SNAPSHOT"],
                selection_window_days=SELECTION_WINDOW_DAYS,
            ),
            tags=resource_tags(settings, names.restore_testing_plan),
            opts=pulumi.ResourceOptions(parent=self),
        )
        role = self._create_role(
            "restore-testing",
            names.restore_testing_role,
            names.restore_testing_policy,
            f"Restore testing of {names.cluster}",
            lambda arns: restore_testing_policy(
                self._args.scope,
                vault_arn=arns["vault_arn"],
                key_arn=arns["key_arn"],
                subnet_group=names.subnet_group,
            ),
        )
        aws.backup.RestoreTestingSelection(
            f"{self._platform}-restore-testing-selection",
            name=SELECTION,
            restore_testing_plan_name=plan.name,
            iam_role_arn=role.arn,
            protected_resource_type="Aurora",
            protected_resource_arns=[self._cluster.arn],
            # Without these AWS Backup restores into the default VPC, which need not exist.
            restore_metadata_overrides={
                "dbSubnetGroupName": network.subnet_group_name,
                "vpcSecurityGroupIds": pulumi.Output.json_dumps([network.security_group_id]),
            },
            opts=pulumi.ResourceOptions(
                parent=self,
                depends_on=[role.attachment],
                # The provider stores a changed cluster without sending it to AWS.
                replace_on_changes=["protectedResourceArns"],
                delete_before_replace=True,
            ),
        )

    def _create_role(
        self,
        purpose: str,
        role_name: str,
        policy_name: str,
        description: str,
        permissions: Callable[[Mapping[str, str]], PolicyDocument],
    ) -> _Role:
        opts = pulumi.ResourceOptions(parent=self)
        role = aws.iam.Role(
            f"{self._platform}-{purpose}-role",
            name=role_name,
            description=description,
            assume_role_policy=json.dumps(backup_trust_policy(self._args.scope)),
            tags=resource_tags(self._settings, role_name),
            opts=opts,
        )
        policy = aws.iam.Policy(
            f"{self._platform}-{purpose}-policy",
            name=policy_name,
            description=description,
            policy=pulumi.Output.all(
                cluster_arn=self._cluster.arn, vault_arn=self._vault.arn, key_arn=self._key_arn
            ).apply(lambda arns: json.dumps(permissions(arns))),
            tags=resource_tags(self._settings, policy_name),
            opts=opts,
        )
        attachment = aws.iam.RolePolicyAttachment(
            f"{self._platform}-{purpose}-attachment",
            role=role.name,
            policy_arn=policy.arn,
            opts=opts,
        )
        return _Role(role.arn, attachment)
