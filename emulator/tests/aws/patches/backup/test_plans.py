"""Backup plans and their selections."""

from typing import Any

import pytest

from emulator.testing.requests import create_role
from emulator.tests.aws.requests import Rejection, rejection

pytestmark = pytest.mark.emulator

CLUSTER = "arn:aws:rds:us-east-2:123456789012:cluster:data"


def rule(**changes: Any) -> dict[str, Any]:
    return {"RuleName": "daily", "TargetBackupVaultName": "vault", **changes}


def create_plan(backup: Any, name: str) -> str:
    plan = {"BackupPlanName": name, "Rules": [rule(Lifecycle={"DeleteAfterDays": 90})]}
    return backup.create_backup_plan(BackupPlan=plan)["BackupPlanId"]


def select(backup: Any, plan_id: str, role: str, selection: str = "cluster") -> str:
    wanted = {"SelectionName": selection, "IamRoleArn": role, "Resources": [CLUSTER]}
    return backup.create_backup_selection(BackupPlanId=plan_id, BackupSelection=wanted)[
        "SelectionId"
    ]


def test_an_updated_plan_has_the_new_rules(backup: Any, name: str) -> None:
    plan_id = create_plan(backup, name)
    before = backup.get_backup_plan(BackupPlanId=plan_id)
    assert before["BackupPlan"]["Rules"][0]["Lifecycle"] == {"DeleteAfterDays": 90}
    changed = rule(Lifecycle={"DeleteAfterDays": 35}, ScheduleExpression="cron(0 3 ? * * *)")
    backup.update_backup_plan(
        BackupPlanId=plan_id, BackupPlan={"BackupPlanName": name, "Rules": [changed]}
    )
    after = backup.get_backup_plan(BackupPlanId=plan_id)
    (found,) = after["BackupPlan"]["Rules"]
    assert (found["Lifecycle"], found["ScheduleExpression"], found["StartWindowMinutes"]) == (
        {"DeleteAfterDays": 35},
        "cron(0 3 ? * * *)",
        480,
    )
    assert after["BackupPlanArn"] == before["BackupPlanArn"]
    assert after["VersionId"] != before["VersionId"]


def test_a_selection_is_read_as_created(backup: Any, name: str, backup_role: str) -> None:
    plan_id = create_plan(backup, name)
    selection_id = select(backup, plan_id, backup_role)
    found = backup.get_backup_selection(BackupPlanId=plan_id, SelectionId=selection_id)
    assert found["BackupSelection"] == {
        "SelectionName": "cluster",
        "IamRoleArn": backup_role,
        "Resources": [CLUSTER],
        "NotResources": [],
        "ListOfTags": [],
        "Conditions": {
            "StringEquals": [],
            "StringLike": [],
            "StringNotEquals": [],
            "StringNotLike": [],
        },
    }


def test_a_selection_needs_a_role_that_trusts_aws_backup(
    backup: Any, client: Any, name: str
) -> None:
    role = create_role(client("iam"), name, "lambda.amazonaws.com")
    plan_id = create_plan(backup, name)
    rejected = rejection(
        backup.create_backup_selection,
        BackupPlanId=plan_id,
        BackupSelection={"SelectionName": "cluster", "IamRoleArn": role, "Resources": [CLUSTER]},
    )
    assert rejected == Rejection(
        "InvalidParameterValueException", f"IAM Role {role} cannot be assumed by AWS Backup"
    )


def test_a_second_selection_of_the_same_name_is_rejected(
    backup: Any, name: str, backup_role: str
) -> None:
    plan_id = create_plan(backup, name)
    select(backup, plan_id, backup_role)
    rejected = rejection(select, backup=backup, plan_id=plan_id, role=backup_role)
    assert rejected.code == "AlreadyExistsException"


def test_a_plan_with_a_selection_is_not_deleted(backup: Any, name: str, backup_role: str) -> None:
    plan_id = create_plan(backup, name)
    selection_id = select(backup, plan_id, backup_role)
    assert rejection(backup.delete_backup_plan, BackupPlanId=plan_id) == Rejection(
        "InvalidRequestException",
        "Related backup plan selections must be deleted prior to backup plan deletion",
    )
    backup.delete_backup_selection(BackupPlanId=plan_id, SelectionId=selection_id)
    missing = rejection(backup.get_backup_selection, BackupPlanId=plan_id, SelectionId=selection_id)
    assert missing.code == "ResourceNotFoundException"
    backup.delete_backup_plan(BackupPlanId=plan_id)
    missing = rejection(backup.get_backup_plan, BackupPlanId=plan_id)
    assert missing.code == "ResourceNotFoundException"
    assert create_plan(backup, name) != plan_id
