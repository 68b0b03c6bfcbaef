"""Backup plans and what they select."""

import uuid
from copy import deepcopy
from typing import Any

from moto.backup.models import Plan

from emulator.aws.errors import reject
from emulator.aws.moto_adapter.call import Answer, Call, Proceed, answer
from emulator.aws.patches.backup.state import (
    Document,
    existing,
    now,
    require_assumable_role,
    state_of,
)
from emulator.aws.registry import patch_operations

_TEST = "backup/test_plans"


@patch_operations(
    "backup:UpdateBackupPlan",
    moto_behaviour="not implemented",
    aws="replaces the plan's document, and its version",
    source="AWS Backup API reference, UpdateBackupPlan",
    test=f"{_TEST}::test_an_updated_plan_has_the_new_rules",
)
def update_backup_plan(call: Call, proceed: Proceed) -> Answer:
    """Store the new document under the same ID."""
    del proceed
    plan = _plan_of(call)
    identity = {"backup_plan_id", "backup_plan_arn", "creation_date"}
    new = vars(Plan(deepcopy(call.params["BackupPlan"]), plan.creator_request_id, call.backup))
    vars(plan).update({key: value for key, value in new.items() if key not in identity})
    return answer(plan.to_dict())


@patch_operations(
    "backup:DeleteBackupPlan",
    moto_behaviour="a plan with selections is deleted; a deleted plan can be read, and its name "
    "stays in use",
    aws="InvalidRequestException while there are selections; afterwards the plan does not exist",
    source="AWS Backup API reference, DeleteBackupPlan; hashicorp/terraform-provider-aws, "
    "internal/service/backup/plan.go quotes the message",
    test=f"{_TEST}::test_a_plan_with_a_selection_is_not_deleted",
)
def delete_backup_plan(call: Call, proceed: Proceed) -> Answer:
    """Reject the deletion of a plan with selections; then forget it."""
    plan = _plan_of(call)
    if any(owner == plan.backup_plan_id for owner, _ in state_of(call).selections):
        reject(
            "InvalidRequestException",
            "Related backup plan selections must be deleted prior to backup plan deletion",
        )
    result = proceed()
    del call.backup.plans[plan.backup_plan_id]
    return result


@patch_operations(
    "backup:CreateBackupSelection",
    moto_behaviour="not implemented",
    aws="assigns resources to a plan; the role must be one that AWS Backup can assume",
    source="AWS Backup API reference, CreateBackupSelection; hashicorp/terraform-provider-aws, "
    "internal/service/backup/selection.go quotes the message",
    test=f"{_TEST}::test_a_selection_needs_a_role_that_trusts_aws_backup",
)
def create_backup_selection(call: Call, proceed: Proceed) -> Answer:
    """Store the selection."""
    del proceed
    plan, wanted = _plan_of(call), call.params["BackupSelection"]
    require_assumable_role(call, wanted["IamRoleArn"])
    same = [
        key
        for key, each in state_of(call).selections.items()
        if key[0] == plan.backup_plan_id
        and each["BackupSelection"]["SelectionName"] == wanted["SelectionName"]
    ]
    if same:
        reject("AlreadyExistsException", "Backup selection with the same name already exists")
    found: Document = {
        "BackupPlanId": plan.backup_plan_id,
        "SelectionId": str(uuid.uuid4()),
        "CreationDate": now(),
        "BackupSelection": _completed(wanted),
    }
    state_of(call).selections[plan.backup_plan_id, found["SelectionId"]] = found
    return answer({key: found[key] for key in ("BackupPlanId", "SelectionId", "CreationDate")})


@patch_operations(
    "backup:GetBackupSelection",
    moto_behaviour="not implemented",
    aws="returns the selection",
    source="AWS Backup API reference, GetBackupSelection",
    test=f"{_TEST}::test_a_selection_is_read_as_created",
)
def get_backup_selection(call: Call, proceed: Proceed) -> Answer:
    """Answer from the stored selection."""
    del proceed
    return answer(_selection_of(call))


@patch_operations(
    "backup:DeleteBackupSelection",
    moto_behaviour="not implemented",
    aws="removes the selection from its plan",
    source="AWS Backup API reference, DeleteBackupSelection",
    test=f"{_TEST}::test_a_plan_with_a_selection_is_not_deleted",
)
def delete_backup_selection(call: Call, proceed: Proceed) -> Answer:
    """Forget the selection."""
    del proceed
    found = _selection_of(call)
    del state_of(call).selections[found["BackupPlanId"], found["SelectionId"]]
    return answer()


def _completed(selection: dict[str, Any]) -> Document:
    """Return a selection with the members that AWS adds."""
    conditions = ("StringEquals", "StringLike", "StringNotEquals", "StringNotLike")
    return {
        "ListOfTags": [],
        "NotResources": [],
        "Resources": [],
        **selection,
        "Conditions": {name: [] for name in conditions} | (selection.get("Conditions") or {}),
    }


def _plan_of(call: Call) -> Plan:
    plan_id = call.params["BackupPlanId"]
    return existing(call.backup.plans, plan_id, f"Backup plan {plan_id}")


def _selection_of(call: Call) -> Document:
    key = (call.params["BackupPlanId"], call.params["SelectionId"])
    return existing(state_of(call).selections, key, f"Backup selection {key[1]}")
