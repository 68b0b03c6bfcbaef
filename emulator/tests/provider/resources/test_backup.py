"""Resources of AWS Backup, as with the official provider."""

from collections.abc import Callable
from typing import Any

import pytest

from emulator.testing.requests import create_role, serverless_cluster_request
from emulator.tests.provider.engine import AbortedError, Engine, differences, refreshed

pytestmark = pytest.mark.emulator

VAULT = "aws:backup/vault:Vault"
LOCK = "aws:backup/vaultLockConfiguration:VaultLockConfiguration"
PLAN = "aws:backup/plan:Plan"
SELECTION = "aws:backup/selection:Selection"
TESTING_PLAN = "aws:backup/restoreTestingPlan:RestoreTestingPlan"
TESTING_SELECTION = "aws:backup/restoreTestingSelection:RestoreTestingSelection"
CLUSTER = "arn:aws:rds:us-east-2:123456789012:cluster:data"
COPIES = "arn:aws:backup:us-west-2:123456789012:backup-vault:copies"

Client = Callable[[str], Any]


@pytest.fixture
def role(client: Client, name: str) -> str:
    return create_role(client("iam"), name, "backup.amazonaws.com")


def rule(**changes: Any) -> dict[str, Any]:
    return {
        "ruleName": "daily",
        "targetVaultName": "backups",
        "schedule": "cron(0 5 ? * * *)",
        "lifecycle": {"deleteAfter": 90},
        **changes,
    }


def test_a_vault_is_read_as_declared(engine: Engine, client: Client, name: str) -> None:
    key = client("kms").create_key()["KeyMetadata"]["Arn"]
    inputs: dict[str, Any] = {"name": name, "kmsKeyArn": key, "tags": {"Environment": "test"}}
    vault = engine.create(VAULT, **inputs)
    assert (vault.resource_id, vault.state["recoveryPoints"]) == (name, 0)
    assert differences(engine, refreshed(engine, vault), **inputs) == []
    changed = engine.update(vault, **{**inputs, "tags": {"Environment": "other"}})
    assert changed.state["tags"] == {"Environment": "other"}
    engine.delete(vault)
    assert engine.read(vault) is None


@pytest.mark.parametrize("force", [False, True])
def test_a_vault_with_recovery_points_is_deleted_with_force_only(
    engine: Engine, client: Client, role: str, name: str, *, force: bool
) -> None:
    rds, backup = client("rds"), client("backup")
    cluster = rds.create_db_cluster(**serverless_cluster_request(name))["DBCluster"]
    vault = engine.create(VAULT, name=name, forceDestroy=force)
    for _ in range(2):
        backup.start_backup_job(
            BackupVaultName=name, ResourceArn=cluster["DBClusterArn"], IamRoleArn=role
        )
    if not force:
        with pytest.raises(AbortedError, match="contains recovery points"):
            engine.delete(vault)
        return
    engine.delete(vault)
    assert engine.read(vault) is None
    snapshots = rds.describe_db_cluster_snapshots(DBClusterIdentifier=name)["DBClusterSnapshots"]
    assert [each["SnapshotType"] for each in snapshots] == ["automated"]


def test_a_lock_that_is_created_before_its_predecessor_is_deleted_is_gone(
    engine: Engine, client: Client, name: str
) -> None:
    """The platform therefore deletes the old one first."""
    engine.create(VAULT, name=name)
    first = engine.create(LOCK, backupVaultName=name, minRetentionDays=7)
    engine.create(LOCK, backupVaultName=name, minRetentionDays=30)
    engine.delete(first)
    vault = client("backup").describe_backup_vault(BackupVaultName=name)
    assert (vault["Locked"], "MinRetentionDays" in vault) == (False, False)


def test_a_lock_is_replaced_by_any_change(engine: Engine, name: str) -> None:
    engine.create(VAULT, name=name)
    inputs: dict[str, Any] = {
        "backupVaultName": name,
        "minRetentionDays": 7,
        "maxRetentionDays": 365,
    }
    lock = refreshed(engine, engine.create(LOCK, **inputs))
    assert differences(engine, lock, **inputs) == []
    for key, value in (
        ("minRetentionDays", 8),
        ("maxRetentionDays", 366),
        ("changeableForDays", 3),
    ):
        changed: dict[str, Any] = {**inputs, key: value}
        assert list(engine.diff(lock, **changed).replaces) == [key]


def test_a_plans_rules_are_compared_with_their_defaults(engine: Engine, name: str) -> None:
    copies = [{"destinationVaultArn": COPIES, "lifecycle": {"deleteAfter": 35}}]
    inputs: dict[str, Any] = {
        "name": name,
        "rules": [rule(copyActions=copies, recoveryPointTags={"a": "b"})],
    }
    plan = refreshed(engine, engine.create(PLAN, **inputs))
    assert differences(engine, plan, **inputs) == []
    explicit = rule(
        copyActions=copies,
        recoveryPointTags={"a": "b"},
        enableContinuousBackup=False,
        startWindow=60,
        completionWindow=180,
    )
    assert differences(engine, plan, name=name, rules=[explicit]) == []
    longer: dict[str, Any] = {"name": name, "rules": [rule(lifecycle={"deleteAfter": 91})]}
    assert differences(engine, plan, **longer) == ["rules"]
    updated = engine.update(plan, **longer)
    assert updated.state["rules"][0]["lifecycle"] == {"deleteAfter": 91}
    assert updated.state["version"] != plan.state["version"]
    engine.delete(updated)
    assert engine.read(updated) is None


def test_a_selection_is_read_as_declared_and_only_replaced(
    engine: Engine, name: str, role: str
) -> None:
    plan = engine.create(PLAN, name=name, rules=[rule()])
    inputs: dict[str, Any] = {
        "name": "cluster",
        "planId": plan.resource_id,
        "iamRoleArn": role,
        "resources": [CLUSTER],
    }
    selection = refreshed(engine, engine.create(SELECTION, **inputs))
    assert differences(engine, selection, **inputs) == []
    other: dict[str, Any] = {**inputs, "resources": [f"{CLUSTER}-2"]}
    assert list(engine.diff(selection, **other).replaces) == ["resources"]
    with pytest.raises(AbortedError, match="Related backup plan selections must be deleted"):
        engine.delete(plan)
    engine.delete(selection)
    assert engine.read(selection) is None
    engine.delete(plan)


def test_restore_testing_is_read_as_declared(engine: Engine, name: str, role: str) -> None:
    plan_name = name.replace("-", "_")
    chosen: dict[str, Any] = {
        "algorithm": "LATEST_WITHIN_WINDOW",
        "includeVaults": [COPIES],
        "recoveryPointTypes": ["SNAPSHOT"],
    }
    inputs: dict[str, Any] = {
        "name": plan_name,
        "recoveryPointSelection": chosen,
        "scheduleExpression": "cron(0 8 ? * SUN *)",
        "tags": {"Environment": "test"},
    }
    plan = refreshed(engine, engine.create(TESTING_PLAN, **inputs))
    assert (plan.resource_id, plan.state["startWindowHours"]) == (plan_name, 24)
    assert differences(engine, plan, **inputs) == []
    later = engine.update(plan, **{**inputs, "startWindowHours": 8})
    assert later.state["startWindowHours"] == 8
    selected: dict[str, Any] = {
        "name": "cluster",
        "restoreTestingPlanName": plan_name,
        "iamRoleArn": role,
        "protectedResourceType": "Aurora",
        "protectedResourceArns": [CLUSTER],
        "restoreMetadataOverrides": {"dbSubnetGroupName": "private"},
    }
    selection = refreshed(engine, engine.create(TESTING_SELECTION, **selected))
    assert selection.resource_id == f"cluster:{plan_name}"
    assert differences(engine, selection, **selected) == []
    other: dict[str, Any] = {**selected, "restoreMetadataOverrides": {"dbSubnetGroupName": "other"}}
    changed = engine.update(selection, **other)
    assert changed.state["restoreMetadataOverrides"] == {"dbSubnetGroupName": "other"}
    engine.delete(selection)
    engine.delete(plan)
    assert [engine.read(each) for each in (selection, plan)] == [None, None]


def test_a_changed_cluster_of_restore_testing_is_not_sent(
    engine: Engine, client: Client, name: str, role: str
) -> None:
    """The platform therefore replaces the selection."""
    plan_name = name.replace("-", "_")
    chosen: dict[str, Any] = {
        "algorithm": "LATEST_WITHIN_WINDOW",
        "includeVaults": [COPIES],
        "recoveryPointTypes": ["SNAPSHOT"],
    }
    engine.create(
        TESTING_PLAN,
        name=plan_name,
        recoveryPointSelection=chosen,
        scheduleExpression="cron(0 8 ? * SUN *)",
    )
    selected: dict[str, Any] = {
        "name": "cluster",
        "restoreTestingPlanName": plan_name,
        "iamRoleArn": role,
        "protectedResourceType": "Aurora",
        "protectedResourceArns": [CLUSTER],
    }
    selection = engine.create(TESTING_SELECTION, **selected)
    other: dict[str, Any] = {**selected, "protectedResourceArns": [f"{CLUSTER}-2"]}
    assert list(engine.diff(selection, **other).replaces) == []
    engine.update(selection, **other)
    found = client("backup").get_restore_testing_selection(
        RestoreTestingPlanName=plan_name, RestoreTestingSelectionName="cluster"
    )["RestoreTestingSelection"]
    assert found["ProtectedResourceArns"] == [CLUSTER]
