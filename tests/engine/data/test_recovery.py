"""Recovery of an incomplete state, as in docs/runbooks/interrupted-deployment.md.

The emulated provider does not import types whose import ID differs from the resource ID.
"""

import json
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pulumi.automation import CommandError, OpType, Stack

from rehearsal import Rehearsal
from tests.engine.plans import RESOURCES, Plan, resources_of

NAME = "lost"
IMPORT = ("--protect=false", "--generate-code=false", "--yes", "--stack", NAME)
NOT_IMPORTED = (
    *("random:", "aws:cloudwatch/logMetricFilter:", "aws:cloudwatch/eventTarget:"),
    *("aws:lambda/permission:", "aws:lambda/invocation:"),
)
IN_THE_STATE_ONLY = {
    *("allowMajorVersionUpgrade", "applyImmediately", "code", "deletionWindowInDays"),
    *("finalSnapshotIdentifier", "recoveryWindowInDays", "revokeRulesOnDelete"),
}
"""Properties that AWS does not return, which an import therefore cannot set."""


def deployed(rehearsal: Rehearsal) -> Stack:
    return rehearsal.stack(NAME, {"platformName": NAME}, like="dev")


@pytest.fixture(scope="module")
def stack(rehearsal: Rehearsal) -> Iterator[Stack]:
    deployed(rehearsal).up()
    yield deployed(rehearsal)
    deployed(rehearsal).destroy()
    deployed(rehearsal).workspace.remove_stack(NAME)


@pytest.fixture
def pulumi(rehearsal: Rehearsal) -> Callable[..., str]:
    def run(*words: str) -> str:
        command = [rehearsal.launcher, *words, "--non-interactive"]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    return run


def by_name(stack: Stack) -> dict[str, dict[str, Any]]:
    return {row["urn"].rpartition("::")[2]: row for row in resources_of(stack)}


def test_a_resource_missing_from_the_state_is_imported_under_its_parent(
    stack: Stack, pulumi: Callable[..., str]
) -> None:
    lost = by_name(stack)["lost-db-cluster-events"]
    pulumi("state", "delete", lost["urn"], "--yes", "--stack", NAME)
    plan = Plan()
    with pytest.raises(CommandError):
        stack.up(on_event=plan.record)
    assert "SubscriptionAlreadyExist" in plan.errors_by_name["lost-db-cluster-events"]
    parent = f"parent={lost['parent']}"
    words = ("lost-db-cluster-events", "lost-db-cluster-events".join(("dev-", "-ue2")))
    pulumi("import", lost["type"], *words, "--parent", parent, *IMPORT)
    assert stack.preview(expect_no_changes=True).change_summary == {OpType.SAME: RESOURCES["dev"]}


def test_a_lost_state_is_recovered_by_import_without_replacements(
    stack: Stack,
    rehearsal: Rehearsal,
    pulumi: Callable[..., str],
    client: Callable[[str], Any],
    tmp_path: Path,
) -> None:
    identities = {name: row.get("id") for name, row in by_name(stack).items()}
    secret = {"SecretId": identities["lost-secret"]}
    before = client("secretsmanager").get_secret_value(**secret)["VersionId"]
    stack.workspace.remove_stack(NAME, force=True)
    recovered = deployed(rehearsal)
    file = tmp_path / "import.json"
    pulumi("preview", "--stack", NAME, "--import-file", str(file))
    content = json.loads(file.read_text(encoding="utf-8"))
    content["resources"] = [
        row if row.get("component") else {**row, "id": identities[row["name"]]}
        for row in content["resources"]
        if not row["type"].startswith(NOT_IMPORTED)
    ]
    file.write_text(json.dumps(content), encoding="utf-8")
    pulumi("import", "--file", str(file), *IMPORT)
    plan = Plan()
    recovered.preview(on_event=plan.record)
    imported = {row["name"] for row in content["resources"]}
    created = {name for name, step in plan.steps.items() if step.operation == "create"}
    assert {step.operation for step in plan.steps.values()} == {"create", "update"}
    assert created.isdisjoint(imported)
    assert {each for step in plan.steps.values() for each in step.changed} <= IN_THE_STATE_ONLY
    for function, statement in (
        ("lost-rotation-function", "SecretsManagerRotates"),
        ("lost-rotation-function", "ScheduleRequestsAge"),
        ("lost-setup-function", "ScheduleChecksDatabases"),
    ):
        client("lambda").remove_permission(FunctionName=identities[function], StatementId=statement)
    recovered.up()
    assert recovered.preview(expect_no_changes=True).change_summary == {
        OpType.SAME: RESOURCES["dev"]
    }
    after = client("secretsmanager").get_secret_value(**secret)["VersionId"]
    assert after == before, "the password is unchanged"
