"""docs/ci.md against the workflows and scripts that it describes."""

import re
from typing import Any

from tools.repository import ROOT, read_yaml

GUIDE = (ROOT / "docs/ci.md").read_text(encoding="utf-8")


def workflow(name: str) -> dict[Any, Any]:
    return read_yaml(ROOT / f".github/workflows/{name}.yml")


def environments() -> set[str]:
    """Every GitHub environment of the workflows."""
    found: set[str] = set()
    for name in ("pull-request", "deploy", "drift", "restore-drill"):
        for job in workflow(name)["jobs"].values():
            stacks = job.get("strategy", {}).get("matrix", {}).get("stack", [""])
            environment = job.get("environment", "")
            found |= {environment.replace("${{ matrix.stack }}", each) for each in stacks}
    return found - {""}


def test_the_guide_creates_the_environments_of_the_workflows() -> None:
    (listed, restricted) = re.findall(r"for environment in (.*); do", GUIDE)
    assert set(listed.split()) == environments()
    previews = {each for each in environments() if each.endswith("-preview")}
    assert set(restricted.split()) == environments() - previews


def test_the_guide_sets_the_variables_that_the_workflows_read() -> None:
    text = "".join(
        path.read_text(encoding="utf-8") for path in (ROOT / ".github/workflows").glob("*.yml")
    )
    used = set(re.findall(r"\bvars\.(\w+)", text))
    assert used == set(re.findall(r"gh variable set (\w+)", GUIDE))


def test_steps_that_scripts_and_workflows_mention_exist() -> None:
    steps = dict(re.findall(r"^### (\d)\. (.*)$", GUIDE, re.MULTILINE))
    assert [*steps] == [str(number) for number in range(1, 8)]
    reviewers = (ROOT / ".ci/require-reviewers").read_text(encoding="utf-8")
    assert "docs/ci.md, step 5" in reviewers
    assert steps["5"] == "Require reviewers for prod"
    pull_request = (ROOT / ".github/workflows/pull-request.yml").read_text(encoding="utf-8")
    assert "step 6 of docs/ci.md" in pull_request
    assert steps["6"] == "Set the variables"


def test_files_and_scripts_that_the_guide_names_exist() -> None:
    links = re.findall(r"\]\((ci/[^)]+)\)", GUIDE)
    scripts = re.findall(r"(\.ci/[a-z-]+)", GUIDE)
    assert len(links) == 6
    assert [link for link in links if not (ROOT / "docs" / link).exists()] == []
    assert [script for script in scripts if not (ROOT / script).exists()] == []


def test_the_roles_are_created_for_the_duration_that_deployments_request() -> None:
    script = (ROOT / ".ci/create-roles").read_text(encoding="utf-8")
    (longest, drill) = re.findall(r"^    seconds=(\d+)$", script, re.MULTILINE)

    def requested(name: str) -> set[int]:
        return {
            step["with"]["role-duration-seconds"]
            for job in workflow(name)["jobs"].values()
            for step in job["steps"]
            if "role-duration-seconds" in step.get("with", {})
        }

    assert requested("deploy") == {int(longest)}
    assert requested("restore-drill") == {int(drill)}
    assert f"maximum session duration to {longest} seconds" in GUIDE


def test_the_guide_names_the_time_of_the_drift_check() -> None:
    (schedule,) = workflow("drift")[True]["schedule"]
    minute, hour, *_ = schedule["cron"].split()
    assert f"every night at {int(hour):02}:{int(minute):02} UTC" in GUIDE
