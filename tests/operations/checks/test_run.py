"""A run of checks, with facts that call no AWS."""

import copy
from typing import Any

from operations.aws.clients import AwsClients
from operations.checks.catalogue import checks
from operations.checks.run import CheckResult, Result, run_checks
from operations.context import Context
from operations.outputs import parse_outputs
from tests.operations.examples import OUTPUTS


def judged(name: str, **declared: Any) -> CheckResult:
    changed = copy.deepcopy(OUTPUTS)
    changed["declaredState"].update(declared)
    parsed = parse_outputs(changed, "the test")
    context = Context("dev", parsed, AwsClients(parsed.region))
    selected = [check for check in checks() if check.id == name]
    (result,) = run_checks(context, selected, lambda _: None).results
    assert context.aws.actions == set()
    return result


def test_a_stack_without_an_execution_role_skips_the_check_of_its_permission() -> None:
    result = judged("secret-readable", executionRoleName=None)
    assert (result.result, result.judgement.evidence) == (
        Result.SKIPPED,
        "the stack declares no ecsTaskExecutionRoleName, so no role reads the secret",
    )
