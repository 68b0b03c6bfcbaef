"""Backups by AWS Backup: resources, their options and the permissions of the roles."""

import json
from typing import Any

import pytest

from components.aurora_data_platform.errors import ConfigError
from tests.components.aurora_data_platform.platforms import arguments
from tools.testing.programs import run_program
from tools.testing.recorder import Recording

FULL_PLAN: dict[str, Any] = {
    "schedule": "cron(0 5 ? * * *)",
    "retentionDays": 90,
    "copyTo": "arn:aws:backup:us-west-2:123456789012:backup-vault:copies",
    "copyRetentionDays": 35,
    "vaultLock": {"minRetentionDays": 30, "maxRetentionDays": 365},
    "restoreTesting": {"schedule": "cron(0 8 ? * SUN *)", "startWindowHours": 8},
}
OTHER_ACCOUNT = "arn:aws:backup:us-east-2:210987654321:backup-vault:copies"
SNAPSHOTS = "arn:aws:rds:us-east-2:123456789012:cluster-snapshot:awsbackup:*"
CLUSTER_ARN = "arn:aws:cluster:us-east-2:123456789012:aurora-cluster"
VAULT_ARN = "arn:aws:vault:us-east-2:123456789012:aurora-backup-vault"
KEY_ARN = "arn:aws:key:us-east-2:123456789012:aurora-key"


def with_plan(**changes: Any) -> Recording:
    return run_program("prod", backupPlan=FULL_PLAN | changes)


@pytest.fixture
def full() -> Recording:
    return with_plan()


def of(recording: Recording, name: str) -> dict[str, Any]:
    """Inputs of a resource, without its tags."""
    inputs = recording.named(f"aurora-{name}").inputs
    return {key: value for key, value in inputs.items() if key != "tags"}


def statements(recording: Recording, name: str, key: str = "policy") -> dict[str, dict[str, Any]]:
    document = json.loads(recording.named(f"aurora-{name}").inputs[key])
    return {row["Sid"]: row for row in document["Statement"]}


def test_without_a_plan_there_is_nothing_of_aws_backup() -> None:
    assert [each.name for each in run_program("prod").resources if ":backup/" in each.type] == []


def test_the_vault_is_encrypted_with_the_platforms_key_and_protected(full: Recording) -> None:
    assert of(full, "backup-vault") == {
        "name": "prod-aurora-backups-ue2",
        "kmsKeyArn": KEY_ARN,
        "forceDestroy": False,
    }
    options = full.options["aurora-backup-vault"]
    assert (options.protect, options.delete_before_replace) == (True, False)


def test_the_lock_is_protected_and_deleted_before_it_is_replaced(full: Recording) -> None:
    assert of(full, "backup-vault-lock") == {
        "backupVaultName": "prod-aurora-backups-ue2",
        "minRetentionDays": 30,
        "maxRetentionDays": 365,
    }
    options = full.options["aurora-backup-vault-lock"]
    assert (options.protect, options.delete_before_replace) == (True, True)
    compliance = with_plan(vaultLock={"minRetentionDays": 30, "changeableForDays": 14})
    assert of(compliance, "backup-vault-lock")["changeableForDays"] == 14


def test_the_plan_takes_snapshots_and_copies_them(full: Recording) -> None:
    plan = of(full, "backup-plan")
    (rule,) = plan["rules"]
    tags = rule["recoveryPointTags"]
    assert (plan["name"], tags["Name"], tags["Environment"]) == (
        "prod-aurora-backup-plan-ue2",
        "prod-aurora-backups-ue2",
        "prod",
    )
    assert {key: value for key, value in rule.items() if key != "recoveryPointTags"} == {
        "ruleName": "snapshots",
        "targetVaultName": "prod-aurora-backups-ue2",
        "schedule": "cron(0 5 ? * * *)",
        "startWindow": 60,
        "completionWindow": 1440,
        "enableContinuousBackup": False,
        "lifecycle": {"deleteAfter": 90},
        "copyActions": [
            {"destinationVaultArn": FULL_PLAN["copyTo"], "lifecycle": {"deleteAfter": 35}}
        ],
    }


def test_the_plan_selects_exactly_the_cluster(full: Recording) -> None:
    assert of(full, "backup-selection") == {
        "name": "cluster",
        "planId": "aurora-backup-plan-id",
        "iamRoleArn": "arn:aws:role:us-east-2:123456789012:aurora-backup-role",
        "resources": [CLUSTER_ARN],
    }
    assert full.options["aurora-backup-selection"].delete_before_replace is True


def test_restore_testing_restores_the_latest_snapshot_into_the_platforms_network(
    full: Recording,
) -> None:
    assert of(full, "restore-testing") == {
        "name": "prod_aurora_restores_ue2",
        "scheduleExpression": "cron(0 8 ? * SUN *)",
        "startWindowHours": 8,
        "recoveryPointSelection": {
            "algorithm": "LATEST_WITHIN_WINDOW",
            "includeVaults": [VAULT_ARN],
            "recoveryPointTypes": ["SNAPSHOT"],
            "selectionWindowDays": 30,
        },
    }
    assert of(full, "restore-testing-selection") == {
        "name": "cluster",
        "restoreTestingPlanName": "prod_aurora_restores_ue2",
        "iamRoleArn": "arn:aws:role:us-east-2:123456789012:aurora-restore-testing-role",
        "protectedResourceType": "Aurora",
        "protectedResourceArns": [CLUSTER_ARN],
        "restoreMetadataOverrides": {
            "dbSubnetGroupName": "prod-aurora-subnet-group-ue2",
            "vpcSecurityGroupIds": '["aurora-security-group-id"]',
        },
    }
    options = full.options["aurora-restore-testing-selection"]
    assert options.replace_on_changes == ["protectedResourceArns"]


def test_a_schedule_alone_creates_neither_lock_nor_copies_nor_restore_testing() -> None:
    recording = run_program("prod", backupPlan={"schedule": "cron(0 5 ? * * *)"})
    created = [each.name for each in recording.resources if ":backup/" in each.type]
    assert created == ["aurora-backup-vault", "aurora-backup-plan", "aurora-backup-selection"]
    assert "copyActions" not in of(recording, "backup-plan")["rules"][0]
    assert "CopyIntoVault" not in statements(recording, "backup-policy")


@pytest.mark.parametrize("role", ["backup-role", "restore-testing-role"])
def test_only_aws_backup_of_the_own_account_assumes_the_roles(full: Recording, role: str) -> None:
    (row,) = json.loads(of(full, role)["assumeRolePolicy"])["Statement"]
    assert row["Principal"] == {"Service": "backup.amazonaws.com"}
    assert row["Condition"] == {"StringEquals": {"aws:SourceAccount": "123456789012"}}


def test_backup_jobs_change_only_snapshots_of_aws_backup(full: Recording) -> None:
    rows = statements(full, "backup-policy")
    assert rows["CreateSnapshots"]["Resource"] == [CLUSTER_ARN, SNAPSHOTS]
    assert rows["KeepSnapshots"]["Resource"] == SNAPSHOTS
    assert rows["KeepSnapshots"]["Action"] == [
        "rds:AddTagsToResource",
        "rds:CopyDBClusterSnapshot",
        "rds:DeleteDBClusterSnapshot",
    ]
    assert rows["CopyIntoVault"]["Resource"] == FULL_PLAN["copyTo"]
    allowed = {action for row in rows.values() for action in row["Action"]}
    assert not allowed & {"rds:ModifyDBCluster", "rds:DeleteDBCluster"}


def test_a_copy_to_another_region_writes_snapshots_there(full: Recording) -> None:
    rows = statements(full, "backup-policy")
    west = "arn:aws:rds:us-west-2:123456789012:cluster-snapshot:awsbackup:*"
    assert rows["WriteCopies"]["Resource"] == west
    assert rows["GrantCopiesKey"]["Resource"] == "arn:aws:kms:us-west-2:123456789012:key/*"
    assert rows["GrantCopiesKey"]["Condition"]["StringEquals"] == {
        "kms:ViaService": "rds.us-west-2.amazonaws.com"
    }
    assert "ShareSnapshots" not in rows
    assert "CopyToOtherAccount" not in statements(full, "key")


def test_a_copy_to_another_account_shares_snapshots_and_the_key() -> None:
    recording = with_plan(copyTo=OTHER_ACCOUNT)
    rows = statements(recording, "backup-policy")
    assert rows["ShareSnapshots"]["Action"] == ["rds:ModifyDBClusterSnapshotAttribute"]
    assert "WriteCopies" not in rows
    key = statements(recording, "key")
    for sid in ("CopyToOtherAccount", "GrantToOtherAccount"):
        assert key[sid]["Principal"] == {"AWS": "arn:aws:iam::210987654321:root"}
        assert key[sid]["Condition"]["StringEquals"] == {
            "kms:ViaService": "rds.us-east-2.amazonaws.com"
        }


def test_restore_testing_deletes_only_its_own_clusters(full: Recording) -> None:
    rows = statements(full, "restore-testing-policy")
    own = "arn:aws:rds:us-east-2:123456789012:cluster:awsbackup-restore-test*"
    assert rows["ChangeTestClusters"] == {
        "Sid": "ChangeTestClusters",
        "Effect": "Allow",
        "Action": ["rds:AddTagsToResource", "rds:DeleteDBCluster"],
        "Resource": own,
    }
    assert CLUSTER_ARN not in rows["RestoreSnapshots"]["Resource"]


def test_the_key_is_usable_through_aws_backup_only_with_a_plan(full: Recording) -> None:
    through = [
        statements(recording, "key")["UseThroughServices"]["Condition"]["StringEquals"][
            "kms:ViaService"
        ]
        for recording in (full, run_program("prod"))
    ]
    assert set(through[0]) - set(through[1]) == {"backup.us-east-2.amazonaws.com"}


def test_a_vault_beside_the_original_is_rejected() -> None:
    beside = "arn:aws:backup:us-east-2:123456789012:backup-vault:copies"
    with pytest.raises(ConfigError) as error:
        arguments(backup_plan={**FULL_PLAN, "copyTo": beside})
    (issue,) = error.value.issues
    assert (issue.key, issue.reason) == (
        "backupPlan.copyTo",
        "a copy next to the original is lost with it",
    )
