"""Restore testing plans and their selections."""

from typing import Any

import pytest

from emulator.tests.aws.requests import Rejection, rejection

pytestmark = pytest.mark.emulator

VAULT = "arn:aws:backup:us-east-2:123456789012:backup-vault:backups"
CLUSTER = "arn:aws:rds:us-east-2:123456789012:cluster:data"


@pytest.fixture
def plan(backup: Any, name: str) -> str:
    plan_name = name.replace("-", "_")
    backup.create_restore_testing_plan(
        RestoreTestingPlan={
            "RestoreTestingPlanName": plan_name,
            "ScheduleExpression": "cron(0 8 ? * SUN *)",
            "RecoveryPointSelection": {
                "Algorithm": "LATEST_WITHIN_WINDOW",
                "IncludeVaults": [VAULT],
                "RecoveryPointTypes": ["SNAPSHOT"],
            },
        },
        Tags={"Environment": "test"},
    )
    return plan_name


@pytest.fixture
def selection(backup: Any, plan: str, backup_role: str) -> str:
    backup.create_restore_testing_selection(
        RestoreTestingPlanName=plan,
        RestoreTestingSelection={
            "RestoreTestingSelectionName": "cluster",
            "IamRoleArn": backup_role,
            "ProtectedResourceType": "Aurora",
            "ProtectedResourceArns": [CLUSTER],
            "RestoreMetadataOverrides": {"dbSubnetGroupName": "private"},
        },
    )
    return "cluster"


def plan_of(backup: Any, plan: str) -> dict[str, Any]:
    return backup.get_restore_testing_plan(RestoreTestingPlanName=plan)["RestoreTestingPlan"]


def selection_of(backup: Any, plan: str, selection: str) -> dict[str, Any]:
    return backup.get_restore_testing_selection(
        RestoreTestingPlanName=plan, RestoreTestingSelectionName=selection
    )["RestoreTestingSelection"]


def test_a_plan_has_defaults_for_what_is_not_sent(backup: Any, plan: str) -> None:
    found = plan_of(backup, plan)
    assert found["RecoveryPointSelection"] == {
        "Algorithm": "LATEST_WITHIN_WINDOW",
        "ExcludeVaults": [],
        "IncludeVaults": [VAULT],
        "RecoveryPointTypes": ["SNAPSHOT"],
        "SelectionWindowDays": 30,
    }
    assert (found["ScheduleExpressionTimezone"], found["StartWindowHours"]) == ("Etc/UTC", 24)
    tags = backup.list_tags(ResourceArn=found["RestoreTestingPlanArn"])["Tags"]
    assert tags == {"Environment": "test"}


def test_a_selection_is_read_as_created(
    backup: Any, plan: str, selection: str, backup_role: str
) -> None:
    found = selection_of(backup, plan, selection)
    del found["CreationTime"]
    assert found == {
        "IamRoleArn": backup_role,
        "ProtectedResourceArns": [CLUSTER],
        "ProtectedResourceConditions": {"StringEquals": [], "StringNotEquals": []},
        "ProtectedResourceType": "Aurora",
        "RestoreMetadataOverrides": {"dbSubnetGroupName": "private"},
        "RestoreTestingPlanName": plan,
        "RestoreTestingSelectionName": "cluster",
        "ValidationWindowHours": 0,
    }


def test_an_update_changes_what_is_sent(backup: Any, plan: str, selection: str) -> None:
    backup.update_restore_testing_plan(
        RestoreTestingPlanName=plan, RestoreTestingPlan={"StartWindowHours": 8}
    )
    found = plan_of(backup, plan)
    assert (found["StartWindowHours"], found["ScheduleExpression"]) == (8, "cron(0 8 ? * SUN *)")
    backup.update_restore_testing_selection(
        RestoreTestingPlanName=plan,
        RestoreTestingSelectionName=selection,
        RestoreTestingSelection={"ValidationWindowHours": 2},
    )
    changed = selection_of(backup, plan, selection)
    assert (changed["ValidationWindowHours"], changed["ProtectedResourceArns"]) == (2, [CLUSTER])


def test_a_plan_with_selections_is_not_deleted(backup: Any, plan: str, selection: str) -> None:
    rejected = rejection(backup.delete_restore_testing_plan, RestoreTestingPlanName=plan)
    assert rejected == Rejection(
        "InvalidRequestException", f"Restore testing plan {plan} has selections"
    )
    backup.delete_restore_testing_selection(
        RestoreTestingPlanName=plan, RestoreTestingSelectionName=selection
    )
    backup.delete_restore_testing_plan(RestoreTestingPlanName=plan)
    missing = rejection(backup.get_restore_testing_plan, RestoreTestingPlanName=plan)
    assert missing.code == "ResourceNotFoundException"
