"""Plans that declare existing data under another name: what the engine deletes, and the guard."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pulumi.automation import Stack

from rehearsal import Rehearsal
from rehearsal.policies import keep_data
from tests.engine.plans import Plan
from tests.engine.policy_reports import found, program, run_pack

NAME = "/guarded/password"
PROGRAM = """
import pulumi

pulumi.CustomResource(
    "aws:secretsmanager/secret:Secret",
    "{name}",
    {inputs},
    pulumi.ResourceOptions({options}),
)
"""
MANAGED, READ = {"name": NAME, "arn": None}, {"arn": None}
IMPORTED = "guarded: URN is not in the plan, in which renamed has the ARN"
GONE = "guarded: ARN is not in the plan, which deletes or replaces the resource"


@pytest.fixture
def declare(tmp_path: Path) -> Callable[..., None]:
    """Return a function that writes a program with one secret."""

    def write(name: str = "guarded", inputs: Any = MANAGED, options: str = "") -> None:
        text = PROGRAM.format(name=name, inputs=inputs, options=options)
        (tmp_path / "__main__.py").write_text(text)

    return write


@pytest.fixture
def guarded(
    rehearsal: Rehearsal,
    declare: Callable[..., None],
    client: Callable[[str], Any],
    tmp_path: Path,
) -> Iterator[tuple[Rehearsal, Stack]]:
    """Yield a stack with the secret `guarded`, and its rehearsal."""
    other = program(rehearsal, tmp_path, "guard", "")
    declare()
    stack = other.stack("guard")
    stack.up()
    yield other, stack
    stack.destroy()
    client("secretsmanager").delete_secret(SecretId=NAME, ForceDeleteWithoutRecovery=True)
    stack.workspace.remove_stack("guard")
    # Restores the launcher for the other tests.
    rehearsal.stack("dev")


def test_the_plan_guard_reports_a_secret_that_is_declared_under_another_name(
    guarded: tuple[Rehearsal, Stack],
    declare: Callable[..., None],
    client: Callable[[str], Any],
    tmp_path: Path,
) -> None:
    rehearsal, stack = guarded
    arn = client("secretsmanager").describe_secret(SecretId=NAME)["ARN"]
    configuration = keep_data(rehearsal.launcher, "guard", "dev", tmp_path / "policies.json")

    def planned() -> tuple[dict[str, str], list[str]]:
        plan = Plan()
        stack.preview(on_event=plan.record)
        _, report = run_pack(rehearsal, "preview", "guard", "dev", configuration)
        operations = {name: step.operation for name, step in plan.steps.items()}
        losses = [loss for loss in (IMPORTED, GONE) if loss in report]
        assert ("data-is-kept" in found(report, "mandatory")) is bool(losses)
        return operations, losses

    assert planned() == ({}, [])
    declare("renamed", options='aliases=[pulumi.Alias(name="guarded")]')
    assert planned() == ({}, [])
    declare("renamed", options=f'import_="{arn}"')
    assert planned() == ({"renamed": "import", "guarded": "delete"}, [IMPORTED])
    # The engine does not show a policy what a program reads.
    declare("renamed", READ, f'id="{arn}"')
    assert planned() == ({"guarded": "delete"}, [GONE])
    declare(inputs=READ, options=f'id="{arn}"')
    assert planned() == ({}, [GONE])


def test_a_secret_that_the_stack_only_reads_need_not_be_kept(
    guarded: tuple[Rehearsal, Stack],
    declare: Callable[..., None],
    client: Callable[[str], Any],
    tmp_path: Path,
) -> None:
    rehearsal, stack = guarded
    secrets = client("secretsmanager")
    arn = secrets.describe_secret(SecretId=NAME)["ARN"]
    declare(inputs=READ, options=f'id="{arn}"')
    stack.up()
    configuration = keep_data(rehearsal.launcher, "guard", "dev", tmp_path / "policies.json")
    assert json.loads(configuration.read_text())["data-is-kept"]["kept"] == []
    (tmp_path / "__main__.py").write_text("")
    stack.up()
    assert secrets.describe_secret(SecretId=NAME)["ARN"] == arn
    secrets.delete_secret(SecretId=NAME, ForceDeleteWithoutRecovery=True)
