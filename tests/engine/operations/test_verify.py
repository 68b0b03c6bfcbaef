"""`verify` against a deployed dev stack: everything passes, and each defect alone is reported."""

import copy
import json
from functools import cache
from typing import Any

import pytest

from operations.aws.clients import AwsClients
from operations.checks.catalogue import checks
from operations.checks.run import CheckResult, Result, Run, run_checks
from operations.context import Context
from operations.outputs import parse_outputs
from tests.operations.defects import backups
from tests.operations.defects.deployed import USER, Defect, Deployed
from tests.operations.defects.permissions import EXECUTION_ROLE, TASK_ROLE
from tests.operations.defects.table import DEFECTS, WITHOUT_DEFECT
from tests.operations.fault_proxy import FaultProxy

clients = cache(AwsClients)
"""The clients of a region; creating them takes as long as their calls."""


def verify(outputs: dict[str, Any]) -> Run:
    parsed = parse_outputs(outputs, "the test")
    context = Context("dev", parsed, clients(parsed.region))
    return run_checks(context, checks(), lambda _: None)


def findings(run: Run) -> dict[Result, dict[str, CheckResult]]:
    kinds = (Result.FAILED, Result.WARNING, Result.UNKNOWN)
    return {
        kind: {each.check.id: each for each in run.results if each.result is kind} for kind in kinds
    }


def test_every_check_passes_on_a_new_stack(deployed: Deployed, environment: FaultProxy) -> None:
    run = verify(deployed.outputs)
    assert {kind: list(found) for kind, found in findings(run).items()} == {
        Result.FAILED: [],
        Result.WARNING: [],
        Result.UNKNOWN: [],
    }
    skipped = {each.check.id for each in run.results if each.result is Result.SKIPPED}
    assert skipped == {"alarm-recipients", "recovery-point-recent"}
    assert run.timing.seconds < 15


@pytest.mark.parametrize("defect", DEFECTS, ids=lambda each: each.title.replace(" ", "-"))
def test_a_damage_fails_its_checks_and_no_other(
    defect: Defect, deployed: Deployed, environment: FaultProxy
) -> None:
    defect.do(deployed)
    try:
        found = findings(verify(defect.outputs(deployed)))
    finally:
        defect.undo(deployed)
    assert found[Result.FAILED].keys() == defect.fails.keys()
    assert found[Result.WARNING].keys() == defect.warns.keys()
    assert found[Result.UNKNOWN].keys() == defect.unknown
    for results, expected in (
        (found[Result.FAILED], defect.fails),
        (found[Result.WARNING], defect.warns),
    ):
        for name, part in expected.items():
            assert part in results[name].judgement.found


def test_the_snapshot_of_a_previous_cluster_passes_and_is_named_with_its_key(
    deployed: Deployed, environment: FaultProxy
) -> None:
    backups.snapshot_with_another_key(deployed)
    try:
        run = verify(deployed.outputs)
    finally:
        backups.drop_snapshots(deployed)
    assert findings(run)[Result.FAILED] == {}
    (found,) = [each for each in run.results if each.check.id == "snapshots-encrypted"]
    assert found.judgement.evidence.startswith("with another key: by-hand-copy: arn:aws:kms:")


def test_the_permissions_of_roles_with_a_path_are_simulated(
    deployed: Deployed, environment: FaultProxy
) -> None:
    """IAM knows such a role only by the ARN with its path; a policy is attached by its name."""
    iam, changed = deployed.client("iam"), copy.deepcopy(deployed.outputs)
    names = {TASK_ROLE: "with-a-path-task", EXECUTION_ROLE: "with-a-path-execution"}
    for own, name in names.items():
        trust = iam.get_role(RoleName=own)["Role"]["AssumeRolePolicyDocument"]
        iam.create_role(
            RoleName=name, Path="/services/", AssumeRolePolicyDocument=json.dumps(trust)
        )
        for each in iam.list_attached_role_policies(RoleName=own)["AttachedPolicies"]:
            iam.attach_role_policy(RoleName=name, PolicyArn=each["PolicyArn"])
    changed["declaredState"].update(
        taskRoleNames={USER: [names[TASK_ROLE]]}, executionRoleName=names[EXECUTION_ROLE]
    )
    try:
        run = verify(changed)
    finally:
        for name in names.values():
            for each in iam.list_attached_role_policies(RoleName=name)["AttachedPolicies"]:
                iam.detach_role_policy(RoleName=name, PolicyArn=each["PolicyArn"])
            iam.delete_role(RoleName=name)
    assert findings(run) == {Result.FAILED: {}, Result.WARNING: {}, Result.UNKNOWN: {}}
    sources = {
        members["PolicySourceArn"]
        for action, members in environment.calls
        if action == "iam:SimulatePrincipalPolicy"
    }
    assert sources == {f"arn:aws:iam::123456789012:role/services/{name}" for name in names.values()}


def test_a_declared_formula_passes(deployed: Deployed, environment: FaultProxy) -> None:
    formula = "GREATEST({DBInstanceClassMemory/64371566592},3)"
    changed = copy.deepcopy(deployed.outputs)
    changed["declaredState"]["parameters"]["autovacuum_max_workers"] = formula
    deployed.parameter("autovacuum_max_workers", formula, "pending-reboot")
    try:
        run = verify(changed)
    finally:
        deployed.reset("autovacuum_max_workers")
    assert findings(run) == {Result.FAILED: {}, Result.WARNING: {}, Result.UNKNOWN: {}}
    (judged,) = [each.judgement for each in run.results if each.check.id == "parameters-in-force"]
    assert judged.evidence == "not compared, because RDS computes it: autovacuum_max_workers"


def test_after_every_damage_the_stack_passes_again(
    deployed: Deployed, environment: FaultProxy
) -> None:
    assert verify(deployed.outputs).outcome == "passed"


def test_a_label_that_was_moved_back_is_reported_with_its_repair(
    deployed: Deployed, environment: FaultProxy
) -> None:
    (defect,) = [each for each in DEFECTS if each.title == "the label is moved back"]
    before = deployed.stages()
    defect.do(deployed)
    try:
        found = findings(verify(deployed.outputs))[Result.FAILED]
    finally:
        defect.undo(deployed)
    assert found["login-current"].judgement.evidence == (
        f"the version labeled AWSPREVIOUS logs in ({before['AWSCURRENT']}): move AWSCURRENT to it "
        "(`aws secretsmanager update-secret-version-stage --version-stage AWSCURRENT "
        f"--move-to-version-id {before['AWSCURRENT']} "
        f"--remove-from-version-id {before['AWSPREVIOUS']}`)"
    )


def test_every_check_is_broken_by_a_damage_or_says_why_it_cannot_be() -> None:
    broken = {name for defect in DEFECTS for name in (*defect.fails, *defect.warns)}
    assert broken.isdisjoint(WITHOUT_DEFECT)
    assert broken | WITHOUT_DEFECT.keys() == {check.id for check in checks()}
