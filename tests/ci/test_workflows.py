"""The workflows: rules that actionlint and zizmor cannot check."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest

from operations.drill.clusters import LIFETIME, WAIT_SECONDS
from operations.drill.restore import LOGIN_SECONDS
from tools.repository import ROOT, read_yaml

WORKFLOWS = {path.stem: path for path in (ROOT / ".github/workflows").glob("*.yml")}
STACKS = {path.stem.removeprefix("Pulumi.") for path in ROOT.glob("Pulumi.*.yaml")}
PINNED = re.compile(r"^[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$")

CREDENTIALS = "aws-actions/configure-aws-credentials"


@cache
def read(workflow: str) -> dict[Any, Any]:
    return read_yaml(WORKFLOWS[workflow])


def jobs() -> Iterator[tuple[str, str, dict[str, Any]]]:
    for workflow in sorted(WORKFLOWS):
        for name, job in read(workflow)["jobs"].items():
            yield workflow, name, job


def scripts(job: dict[str, Any]) -> str:
    """A job's shell commands, continued lines joined."""
    text = "\n".join(each.get("run", "") for each in job["steps"])
    return re.sub(r"\\\n\s*", "", text)


def commands(job: dict[str, Any]) -> list[str]:
    """Pulumi commands that plan or deploy."""
    return re.findall(r"pulumi (?:preview|up|destroy|refresh).*", scripts(job))


def stacks(job: dict[str, Any]) -> list[str]:
    stack = job["env"]["STACK"]
    return job["strategy"]["matrix"]["stack"] if stack == "${{ matrix.stack }}" else [stack]


JOBS = [pytest.param(job, id=f"{workflow}/{name}") for workflow, name, job in jobs()]
PULUMI_JOBS = [
    pytest.param(job, id=f"{workflow}/{name}") for workflow, name, job in jobs() if commands(job)
]


@pytest.mark.parametrize("workflow", WORKFLOWS)
def test_every_action_is_pinned_by_its_commit_and_names_its_version(workflow: str) -> None:
    used = re.findall(r"uses: (.*)", WORKFLOWS[workflow].read_text(encoding="utf-8"))
    assert used
    assert [each for each in used if not PINNED.match(each)] == []


@pytest.mark.parametrize("workflow", WORKFLOWS)
def test_a_workflow_grants_nothing_and_each_job_names_its_permissions(workflow: str) -> None:
    content = read(workflow)
    assert content["permissions"] == {}
    granted = [job["permissions"] for job in content["jobs"].values()]
    assert [each["contents"] for each in granted] == ["read"] * len(granted)


@pytest.mark.parametrize("job", JOBS)
def test_a_job_has_a_time_limit_and_keeps_no_credentials(job: dict[str, Any]) -> None:
    assert job["timeout-minutes"] <= (330 if "drill restore" in scripts(job) else 180)
    checkouts = [each for each in job["steps"] if "actions/checkout@" in each.get("uses", "")]
    assert [each["with"]["persist-credentials"] for each in checkouts] == [False]


@pytest.mark.parametrize("job", PULUMI_JOBS)
def test_every_plan_and_deployment_is_judged_with_the_configuration_of_its_stack(
    job: dict[str, Any],
) -> None:
    (command,) = commands(job)
    assert '--stack "$STACK"' in command
    # A drift check applies nothing.
    configuration = "policy_pack/config/$STACK.json"
    if "--expect-no-changes" not in command:
        lines = [line for each in job["steps"] for line in each.get("run", "").splitlines()]
        assert '.ci/keep-data "$STACK" > "$RUNNER_TEMP/policies.json"' in lines
        configuration = "$RUNNER_TEMP/policies.json"
    assert f'--policy-pack policy_pack --policy-pack-config "{configuration}"' in command
    # An update without its preview would create resources before the stack policies see them.
    assert "--skip-preview" not in command
    for stack in stacks(job):
        assert (ROOT / f"policy_pack/config/{stack}.json").exists()


@pytest.mark.parametrize("job", PULUMI_JOBS)
def test_the_cli_is_installed_before_the_job_has_credentials(job: dict[str, Any]) -> None:
    runs = [each.get("run") or each["uses"].partition("@")[0] for each in job["steps"]]
    credentials = runs.index(CREDENTIALS)
    assert runs.index(".ci/pulumi version") < credentials
    assert all(
        "pulumi preview" not in each and "pulumi up" not in each for each in runs[:credentials]
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


def test_every_stack_has_its_own_environment_and_prod_follows_its_plan() -> None:
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


def test_only_branches_of_this_repository_get_credentials() -> None:
    row = read("pull-request")["jobs"]["preview"]
    assert "github.event.pull_request.head.repo.full_name == github.repository" in row["if"]
    assert read("pull-request").get(True) == {"pull_request": None}


def test_the_drift_check_compares_after_a_refresh_and_fails_on_a_difference() -> None:
    content = read("drift")
    assert "schedule" in content[True]
    (command,) = commands(content["jobs"]["preview"])
    assert command.startswith("pulumi preview --refresh --expect-no-changes ")
    # The plan goes through tee, which would hide that it failed.
    assert "set -o pipefail" in scripts(content["jobs"]["preview"])


def step_names(job: dict[str, Any]) -> list[str]:
    return [step.get("name") or step["uses"].partition("@")[0] for step in job["steps"]]


def step(job: dict[str, Any], name: str) -> dict[str, Any]:
    return job["steps"][step_names(job).index(name)]


def test_deployments_and_drift_checks_of_a_stack_queue_in_one_group_and_none_is_canceled() -> None:
    rows = read("deploy")["jobs"]
    for stack in STACKS:
        assert rows[stack]["concurrency"] == {"group": f"stack-{stack}", "queue": "max"}
    drift = read("drift")["jobs"]["preview"]
    assert drift["concurrency"] == {"group": "stack-${{ matrix.stack }}", "queue": "max"}


def test_no_job_blocks_another_stack_while_it_waits_for_reviewers() -> None:
    assert [name for name in ("deploy", "drift") if "concurrency" in read(name)] == []
    groups = [job["concurrency"]["group"] for job in read("deploy")["jobs"].values()]
    assert len(groups) == len(set(groups))


def test_prod_checks_its_reviewers_before_it_requests_credentials() -> None:
    prod = read("deploy")["jobs"]["prod"]
    names = step_names(prod)
    assert names.index("Require reviewers") < names.index(CREDENTIALS)
    assert step(prod, "Require reviewers")["run"] == f".ci/require-reviewers {prod['environment']}"
    assert prod["permissions"]["actions"] == "read"


@pytest.mark.parametrize("job", PULUMI_JOBS)
def test_credentials_last_as_long_as_the_job_may_run(job: dict[str, Any]) -> None:
    seconds = step(job, CREDENTIALS)["with"].get("role-duration-seconds", 3600)
    assert seconds >= job["timeout-minutes"] * 60


def test_a_deployment_may_run_longer_than_the_longest_wait_of_the_provider() -> None:
    # terraform-provider-aws, internal/service/rds/cluster.go: 120 minutes to create, update, delete.
    rows = read("deploy")["jobs"]
    assert all(rows[stack]["timeout-minutes"] > 120 for stack in STACKS)


def test_a_drill_that_is_killed_is_swept_by_its_job_before_the_jobs_own_limit() -> None:
    job = read("restore-drill")["jobs"]["drill"]
    names = step_names(job)
    restore, sweep = step(job, "Restore"), step(job, "Remove what this drill left behind")
    # For the cluster and its instance, the logins, and the removal of both.
    assert restore["timeout-minutes"] * 60 >= 4 * WAIT_SECONDS + LOGIN_SECONDS + 300
    assert LIFETIME.total_seconds() > restore["timeout-minutes"] * 60
    limits = [each["timeout-minutes"] for each in job["steps"] if "timeout-minutes" in each]
    assert limits == [20, 255, 30]
    assert job["timeout-minutes"] - sum(limits) >= 20, "for the other steps"
    assert job["timeout-minutes"] < 360, "the longest job of a GitHub-hosted runner"
    ended = (
        "${{ always() && steps.drill.outcome != 'skipped' && steps.drill.outcome != 'success' }}"
    )
    again = job["steps"][names.index("Request credentials again")]
    assert (sweep["if"], again["if"]) == (ended, ended)
    assert again["uses"].partition("@")[0] == CREDENTIALS
    assert names[-2:] == ["Request credentials again", "Remove what this drill left behind"]
    assert sweep["run"].splitlines() == [
        'cluster=$(.ci/pulumi stack output clusterIdentifier --stack "$STACK")',
        '.ci/operations drill sweep --stack "$STACK" --unexpired --confirm "$cluster"',
    ]
    for each in (step(job, CREDENTIALS), again):
        assert each["with"]["role-duration-seconds"] == job["timeout-minutes"] * 60


def test_expired_clusters_of_drills_are_deleted_every_night() -> None:
    job = read("drift")["jobs"]["sweep"]
    drill = read("restore-drill")["jobs"]["drill"]
    assert '.ci/operations drill sweep --stack "$STACK" --apply' in scripts(job)
    assert (job["if"], job["environment"]) == (drill["if"], drill["environment"])
    assert set(stacks(job)) == STACKS
    assert job["timeout-minutes"] * 60 < 3600, "the credentials' duration"


PLANNING_JOBS = [
    pytest.param(job, id=f"{workflow}/{name}")
    for workflow, name, job in jobs()
    if any(command.startswith("pulumi preview") for command in commands(job))
]


@pytest.mark.parametrize("job", PLANNING_JOBS)
def test_every_plan_is_kept_whole_as_an_artifact_even_if_the_preview_fails(
    job: dict[str, Any],
) -> None:
    kept = step(job, "Keep the whole plan")
    assert kept["uses"].startswith("actions/upload-artifact@")
    assert kept["with"]["path"] == "${{ runner.temp }}/plan.txt"
    assert '| tee "$RUNNER_TEMP/plan.txt"' in scripts(job)
    assert kept["if"] == "${{ !cancelled() && steps.preview.outcome != 'skipped' }}"


def test_a_drift_check_reports_the_failure_of_any_of_its_steps() -> None:
    job = read("drift")["jobs"]["preview"]
    report = step(job, "Report")
    assert job["steps"][-1] is report
    assert report["if"] == "${{ !cancelled() }}"
    assert report["env"]["OUTCOME"] == "${{ job.status }}"
    # A job that reaches its own limit is cancelled and reports nothing.
    assert step(job, "Compare with what is deployed")["timeout-minutes"] < job["timeout-minutes"]
