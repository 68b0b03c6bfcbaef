"""The workflows: what actionlint and zizmor cannot know, and the scripts that they call."""

import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tools.repository import ROOT

WORKFLOWS = {path.stem: path for path in (ROOT / ".github/workflows").glob("*.yml")}
STACKS = {path.stem.removeprefix("Pulumi.") for path in ROOT.glob("Pulumi.*.yaml")}
PINNED = re.compile(r"^[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$")

FAKE_GH = """#!/usr/bin/env bash
# Answers as told, and keeps each call with what its body file held.
for argument in "$@"; do
  case "$argument" in body=@*) cp "${argument#body=@}" "$CALLS.body" ;; esac
done
previous=
for argument in "$@"; do
  if [ "$previous" = --body-file ]; then cp "$argument" "$CALLS.body"; fi
  previous=$argument
done
echo "$*" >> "$CALLS"
case "$*" in *--jq*) if [ -n "$ANSWER" ]; then echo "$ANSWER"; fi ;; esac
"""


def read(workflow: str) -> dict[Any, Any]:
    return yaml.safe_load(WORKFLOWS[workflow].read_text(encoding="utf-8"))


def jobs() -> Iterator[tuple[str, str, dict[str, Any]]]:
    for workflow in sorted(WORKFLOWS):
        for name, job in read(workflow)["jobs"].items():
            yield workflow, name, job


def scripts(job: dict[str, Any]) -> str:
    """What a job runs, continued lines joined."""
    text = "\n".join(step.get("run", "") for step in job["steps"])
    return re.sub(r"\\\n\s*", "", text)


def commands(job: dict[str, Any]) -> list[str]:
    """Pulumi commands that plan or apply."""
    return re.findall(r"pulumi (?:preview|up|destroy|refresh).*", scripts(job))


def stacks(job: dict[str, Any]) -> list[str]:
    stack = job["env"]["STACK"]
    return job["strategy"]["matrix"]["stack"] if stack == "${{ matrix.stack }}" else [stack]


JOBS = [pytest.param(job, id=f"{workflow}/{name}") for workflow, name, job in jobs()]
PULUMI_JOBS = [
    pytest.param(job, id=f"{workflow}/{name}") for workflow, name, job in jobs() if commands(job)
]


@pytest.mark.parametrize("workflow", WORKFLOWS)
def test_every_action_is_pinned_by_its_commit_with_its_version_beside_it(workflow: str) -> None:
    used = re.findall(r"uses: (.*)", WORKFLOWS[workflow].read_text(encoding="utf-8"))
    assert used
    assert [each for each in used if not PINNED.match(each)] == []


@pytest.mark.parametrize("workflow", WORKFLOWS)
def test_a_workflow_grants_nothing_and_its_jobs_say_what_they_need(workflow: str) -> None:
    content = read(workflow)
    assert content["permissions"] == {}
    granted = [job["permissions"] for job in content["jobs"].values()]
    assert [each["contents"] for each in granted] == ["read"] * len(granted)


@pytest.mark.parametrize("job", JOBS)
def test_a_job_ends_by_itself_and_keeps_no_credentials(job: dict[str, Any]) -> None:
    assert job["timeout-minutes"] <= 60
    checkouts = [step for step in job["steps"] if "actions/checkout@" in step.get("uses", "")]
    assert [each["with"]["persist-credentials"] for each in checkouts] == [False]


@pytest.mark.parametrize("job", PULUMI_JOBS)
def test_every_plan_and_deployment_is_judged_with_the_configuration_of_its_stack(
    job: dict[str, Any],
) -> None:
    (command,) = commands(job)
    assert '--stack "$STACK"' in command
    assert (
        '--policy-pack policy_pack --policy-pack-config "policy_pack/config/$STACK.json"' in command
    )
    # An update without its preview would create resources before the stack policies see them.
    assert "--skip-preview" not in command
    for stack in stacks(job):
        assert (ROOT / f"policy_pack/config/{stack}.json").exists()


@pytest.mark.parametrize("job", PULUMI_JOBS)
def test_the_cli_is_installed_before_the_job_has_credentials(job: dict[str, Any]) -> None:
    steps = [step.get("run") or step["uses"].partition("@")[0] for step in job["steps"]]
    credentials = steps.index("aws-actions/configure-aws-credentials")
    assert steps.index(".ci/pulumi version") < credentials
    assert all(
        "pulumi preview" not in step and "pulumi up" not in step for step in steps[:credentials]
    )


@pytest.mark.parametrize(
    ("workflow", "environment"), [("pull-request", "preview"), ("drift", "drift")]
)
def test_every_stack_is_planned_with_a_role_that_only_reads(
    workflow: str, environment: str
) -> None:
    row = read(workflow)["jobs"]["preview"]
    assert set(stacks(row)) == STACKS
    assert row["environment"] == f"${{{{ matrix.stack }}}}-{environment}"
    assert row["strategy"]["fail-fast"] is False


def test_every_stack_is_deployed_in_an_environment_of_its_own_prod_after_its_plan() -> None:
    rows = read("deploy")["jobs"]
    deployed = {
        job["environment"]: (stacks(job), job["needs"])
        for job in rows.values()
        if any(command.startswith("pulumi up") for command in commands(job))
    }
    assert deployed == {"dev": (["dev"], "checks"), "prod": (["prod"], "plan-prod")}
    assert deployed.keys() == STACKS
    assert stacks(rows["plan-prod"]) == ["prod"]
    assert rows["plan-prod"]["needs"] == "dev"


def test_only_what_comes_from_this_repository_gets_credentials() -> None:
    row = read("pull-request")["jobs"]["preview"]
    assert "github.event.pull_request.head.repo.full_name == github.repository" in row["if"]
    assert read("pull-request").get(True) == {"pull_request": None}


def test_drift_is_what_a_refreshed_plan_would_change() -> None:
    content = read("drift")
    assert "schedule" in content[True]
    (command,) = commands(content["jobs"]["preview"])
    assert command.startswith("pulumi preview --refresh --expect-no-changes ")
    # The plan goes through tee, which would hide that it failed.
    assert "set -o pipefail" in scripts(content["jobs"]["preview"])


def test_a_deployment_is_never_cut_off() -> None:
    assert read("deploy")["concurrency"] == {"group": "deploy", "cancel-in-progress": False}


def run(
    folder: Path, script: str, *arguments: str, answer: str = "", plan: str = "the plan\n"
) -> tuple[list[str], str]:
    """Calls of `gh`, and the body that the last one was given."""
    (folder / "bin").mkdir()
    fake = folder / "bin/gh"
    fake.write_text(FAKE_GH)
    fake.chmod(0o755)
    (folder / "plan.txt").write_text(plan, encoding="utf-8")
    calls = folder / "calls"
    environment = os.environ | {
        "PATH": f"{fake.parent}:{os.environ['PATH']}",
        "CALLS": str(calls),
        "ANSWER": answer,
        "GITHUB_REPOSITORY": "owner/name",
        "PULL_REQUEST": "7",
        "LC_ALL": "C.UTF-8",
    }
    stack, *rest = arguments
    command = [ROOT / ".ci" / script, stack, folder / "plan.txt", *rest]
    subprocess.run(command, check=True, env=environment)
    body = folder / "calls.body"
    return calls.read_text().splitlines(), body.read_text("utf-8") if body.exists() else ""


def test_the_first_plan_of_a_pull_request_is_a_new_comment(tmp_path: Path) -> None:
    (_, posted), body = run(tmp_path, "comment-plan", "dev")
    assert posted.startswith(
        "api --silent --method POST repos/owner/name/issues/7/comments --field body=@"
    )
    assert body == ("<!-- plan of dev -->\n**Plan of dev**\n\n````text\nthe plan\n\n````\n")


def test_a_later_plan_replaces_the_earlier_comment_of_its_stack(tmp_path: Path) -> None:
    (asked, posted), _ = run(tmp_path, "comment-plan", "prod", answer="11\n12")
    assert "startswith(env.MARKER)" in asked
    assert posted.startswith("api --silent --method PATCH repos/owner/name/issues/comments/11 ")


def test_a_plan_is_cut_to_what_a_comment_holds(tmp_path: Path) -> None:
    _, body = run(tmp_path, "comment-plan", "dev", plan="x" + "é" * 50_000)
    assert len(body.encode()) < 65_536
    assert body.count("é") == 29_999
    assert body.endswith("\nThe rest is in the log of the run.\n")


@pytest.mark.parametrize(
    ("outcome", "answer", "expected"),
    [
        ("success", "", None),
        ("success", "5", "issue close 5 --comment The stack is as the program says again."),
        ("failure", "", "issue create --title Drift in dev --body-file "),
        ("failure", "5", "issue edit 5 --body-file "),
    ],
)
def test_drift_has_one_open_issue_per_stack(
    tmp_path: Path, outcome: str, answer: str, expected: str | None
) -> None:
    (_, *changes), body = run(tmp_path, "report-drift", "dev", outcome, answer=answer)
    assert len(changes) == (expected is not None)
    if expected is not None:
        assert changes[0].startswith(expected)
    assert ("the plan" in body) == (outcome == "failure")


def test_actionlint_is_pinned_by_its_checksums() -> None:
    module = (ROOT / ".ci/tools/go.mod").read_text(encoding="utf-8")
    (version,) = re.findall(r"github.com/rhysd/actionlint (v[\d.]+)", module)
    sums = (ROOT / ".ci/tools/go.sum").read_text(encoding="utf-8")
    assert f"github.com/rhysd/actionlint {version} h1:" in sums


def test_without_actionlint_and_go_only_ci_fails(tmp_path: Path) -> None:
    for tool in ("bash", "dirname"):
        found = next(
            Path(each) / tool
            for each in os.environ["PATH"].split(":")
            if (Path(each) / tool).exists()
        )
        (tmp_path / tool).symlink_to(found)
    lint = [ROOT / ".ci/actionlint", "shellcheck"]
    codes = [
        subprocess.run(
            lint, check=False, capture_output=True, env={"PATH": str(tmp_path)} | extra
        ).returncode
        for extra in ({}, {"CI": "true"})
    ]
    assert codes == [0, 1]
