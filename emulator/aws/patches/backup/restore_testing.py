"""Restore testing plans and what they select; this emulator runs no tests."""

from copy import deepcopy
from typing import Any

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

_TEST = "backup/test_restore_testing"
_REFERENCE = "AWS Backup API reference"
_PLAN_DEFAULTS = {"ScheduleExpressionTimezone": "Etc/UTC", "StartWindowHours": 24}
_SELECTION_DEFAULTS: Document = {"ExcludeVaults": [], "SelectionWindowDays": 30}


@patch_operations(
    "backup:CreateRestoreTestingPlan",
    moto_behaviour="not implemented",
    aws="creates a plan with defaults for what is not sent",
    source=f"{_REFERENCE}, RestoreTestingPlanForCreate",
    test=f"{_TEST}::test_a_plan_has_defaults_for_what_is_not_sent",
)
def create_restore_testing_plan(call: Call, proceed: Proceed) -> Answer:
    """Store the plan."""
    del proceed
    wanted = deepcopy(call.params["RestoreTestingPlan"])
    name = wanted["RestoreTestingPlanName"]
    if name in state_of(call).testing_plans:
        reject("AlreadyExistsException", f"Restore testing plan {name} already exists")
    chosen = {**_SELECTION_DEFAULTS, **wanted["RecoveryPointSelection"]}
    arn = f"arn:{call.partition}:backup:{call.region}:{call.account_id}:restore-testing-plan:{name}"
    plan: Document = {
        **_PLAN_DEFAULTS,
        **wanted,
        "RecoveryPointSelection": chosen,
        "RestoreTestingPlanArn": arn,
        "CreationTime": now(),
    }
    state_of(call).testing_plans[name] = plan
    if call.params.get("Tags"):
        call.backup.tag_resource(arn, call.params["Tags"])
    return answer(_named(plan, "CreationTime"))


@patch_operations(
    "backup:GetRestoreTestingPlan",
    moto_behaviour="not implemented",
    aws="returns the plan",
    source=f"{_REFERENCE}, GetRestoreTestingPlan",
    test=f"{_TEST}::test_a_plan_has_defaults_for_what_is_not_sent",
)
def get_restore_testing_plan(call: Call, proceed: Proceed) -> Answer:
    """Answer from the stored plan."""
    del proceed
    return answer({"RestoreTestingPlan": _plan_of(call)})


@patch_operations(
    "backup:UpdateRestoreTestingPlan",
    moto_behaviour="not implemented",
    aws="changes what is sent",
    source=f"{_REFERENCE}, UpdateRestoreTestingPlan",
    test=f"{_TEST}::test_an_update_changes_what_is_sent",
)
def update_restore_testing_plan(call: Call, proceed: Proceed) -> Answer:
    """Change the stored plan."""
    del proceed
    plan, wanted = _plan_of(call), deepcopy(call.params["RestoreTestingPlan"])
    chosen: dict[str, Any] = wanted.pop("RecoveryPointSelection", {})
    plan |= {**wanted, "LastUpdateTime": now()}
    plan["RecoveryPointSelection"] |= chosen
    return answer(_named(plan, "CreationTime") | {"UpdateTime": plan["LastUpdateTime"]})


@patch_operations(
    "backup:DeleteRestoreTestingPlan",
    moto_behaviour="not implemented",
    aws="deletes a plan without selections",
    source=f"{_REFERENCE}, DeleteRestoreTestingPlan: remove its selections first",
    test=f"{_TEST}::test_a_plan_with_selections_is_not_deleted",
)
def delete_restore_testing_plan(call: Call, proceed: Proceed) -> Answer:
    """Forget the plan."""
    del proceed
    plan, state = _plan_of(call), state_of(call)
    name = plan["RestoreTestingPlanName"]
    if any(owner == name for owner, _ in state.testing_selections):
        reject("InvalidRequestException", f"Restore testing plan {name} has selections")
    del state.testing_plans[name]
    return answer()


@patch_operations(
    "backup:CreateRestoreTestingSelection",
    moto_behaviour="not implemented",
    aws="selects protected resources of one type, which a role restores",
    source=f"{_REFERENCE}, CreateRestoreTestingSelection",
    test=f"{_TEST}::test_a_selection_is_read_as_created",
)
def create_restore_testing_selection(call: Call, proceed: Proceed) -> Answer:
    """Store the selection."""
    del proceed
    plan, wanted = _plan_of(call), deepcopy(call.params["RestoreTestingSelection"])
    require_assumable_role(call, wanted["IamRoleArn"])
    key = (plan["RestoreTestingPlanName"], wanted["RestoreTestingSelectionName"])
    if key in state_of(call).testing_selections:
        reject("AlreadyExistsException", f"Restore testing selection {key[1]} already exists")
    found: Document = {
        "ProtectedResourceConditions": {"StringEquals": [], "StringNotEquals": []},
        "RestoreMetadataOverrides": {},
        "ValidationWindowHours": 0,
        **wanted,
        "RestoreTestingPlanName": key[0],
        "CreationTime": now(),
    }
    state_of(call).testing_selections[key] = found
    return answer(_named(plan) | {"RestoreTestingSelectionName": key[1]} | _created(found))


@patch_operations(
    "backup:GetRestoreTestingSelection",
    moto_behaviour="not implemented",
    aws="returns the selection",
    source=f"{_REFERENCE}, GetRestoreTestingSelection",
    test=f"{_TEST}::test_a_selection_is_read_as_created",
)
def get_restore_testing_selection(call: Call, proceed: Proceed) -> Answer:
    """Answer from the stored selection."""
    del proceed
    return answer({"RestoreTestingSelection": _selection_of(call)})


@patch_operations(
    "backup:UpdateRestoreTestingSelection",
    moto_behaviour="not implemented",
    aws="changes what is sent",
    source=f"{_REFERENCE}, UpdateRestoreTestingSelection",
    test=f"{_TEST}::test_an_update_changes_what_is_sent",
)
def update_restore_testing_selection(call: Call, proceed: Proceed) -> Answer:
    """Change the stored selection."""
    del proceed
    found = _selection_of(call)
    found |= deepcopy(call.params["RestoreTestingSelection"])
    names = _named(_plan_of(call))
    names["RestoreTestingSelectionName"] = found["RestoreTestingSelectionName"]
    return answer(names | _created(found) | {"UpdateTime": now()})


@patch_operations(
    "backup:DeleteRestoreTestingSelection",
    moto_behaviour="not implemented",
    aws="removes the selection from its plan",
    source=f"{_REFERENCE}, DeleteRestoreTestingSelection",
    test=f"{_TEST}::test_a_plan_with_selections_is_not_deleted",
)
def delete_restore_testing_selection(call: Call, proceed: Proceed) -> Answer:
    """Forget the selection."""
    del proceed
    found = _selection_of(call)
    key = (found["RestoreTestingPlanName"], found["RestoreTestingSelectionName"])
    del state_of(call).testing_selections[key]
    return answer()


def _named(plan: Document, *members: str) -> Document:
    wanted = ("RestoreTestingPlanArn", "RestoreTestingPlanName", *members)
    return {key: plan[key] for key in wanted}


def _created(selection: Document) -> Document:
    return {"CreationTime": selection["CreationTime"]}


def _plan_of(call: Call) -> Document:
    name = call.params["RestoreTestingPlanName"]
    return existing(state_of(call).testing_plans, name, f"Restore testing plan {name}")


def _selection_of(call: Call) -> Document:
    key = (call.params["RestoreTestingPlanName"], call.params["RestoreTestingSelectionName"])
    return existing(state_of(call).testing_selections, key, f"Restore testing selection {key[1]}")
