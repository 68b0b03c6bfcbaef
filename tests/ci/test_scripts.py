"""The scripts that the workflows run, with a fake `gh`."""

import json
import os
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

from emulator.engine import cache_folder
from tests.ci.fake_commands import environment, fake_gh
from tools.repository import ROOT

PLAN = """\
Previewing update (prod):
    aurora-policies@v0.1.0 [mandatory] [severity: high]  rds-cluster-backup-retention  (aws:rds:Cluster: aurora-cluster)Backups reach back.
[R04] aurora-cluster: backupRetentionPeriod is 3, must be 30 to 35.
    aurora-policies@v0.1.0 [advisory] [severity: low]  rds-cluster-non-default-port  (aws:rds:Cluster: aurora-cluster)Port.
[R10] aurora-cluster: port is 5432, must be set, and not 5432.
error: unable to replace resource "urn:pulumi:prod::p::aws:rds/cluster:Cluster::aurora-cluster"
as it is currently marked for protection.
    +-aws:rds/cluster:Cluster: (replace) 🔒
        [id=prod-aurora-cluster-ue2]
        [urn=urn:pulumi:prod::p::aws:rds/cluster:Cluster::aurora-cluster]
        [provider=urn:pulumi:prod::p::pulumi:providers:aws::default]
      ~ databaseName         : "trialfinder" => "other"
    - aws:sns/topic:Topic: (delete)
        [id=arn:aws:sns:us-east-2:123456789012:old]
    ~ aws:iam/policy:Policy: (update)
        [id=arn:aws:iam::123456789012:policy/connect]
    ++aws:rds/subnetGroup:SubnetGroup: (create-replacement)
    --aws:rds/subnetGroup:SubnetGroup: (delete-replaced)
"""
"""Output of `pulumi preview --diff` with the policy pack (CLI 3.274.1), abridged."""

IMPORTANT = """\
    aurora-policies@v0.1.0 [mandatory] [severity: high]  rds-cluster-backup-retention  (aws:rds:Cluster: aurora-cluster)Backups reach back.
[R04] aurora-cluster: backupRetentionPeriod is 3, must be 30 to 35.
error: unable to replace resource "urn:pulumi:prod::p::aws:rds/cluster:Cluster::aurora-cluster"
as it is currently marked for protection.
    +-aws:rds/cluster:Cluster: (replace) 🔒
        [id=prod-aurora-cluster-ue2]
        [urn=urn:pulumi:prod::p::aws:rds/cluster:Cluster::aurora-cluster]
    - aws:sns/topic:Topic: (delete)
        [id=arn:aws:sns:us-east-2:123456789012:old]
    ++aws:rds/subnetGroup:SubnetGroup: (create-replacement)
    --aws:rds/subnetGroup:SubnetGroup: (delete-replaced)
"""


def run(
    folder: Path, script: str, *arguments: str, answer: str = "", plan: str = "the plan\n"
) -> tuple[list[str], str]:
    """Run a script; return the calls of `gh`, and the body that the last one received."""
    fake_gh(folder)
    if plan:
        (folder / "plan.txt").write_text(plan, encoding="utf-8")
    stack, *rest = arguments
    command = [ROOT / ".ci" / script, stack, folder / "plan.txt", *rest]
    subprocess.run(command, check=True, env=environment(folder, answer))
    body = folder / "calls.body"
    calls = (folder / "calls").read_text().splitlines()
    return calls, body.read_text("utf-8") if body.exists() else ""


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


def test_a_long_plan_keeps_violations_errors_replacements_deletions_and_its_last_40_lines(
    tmp_path: Path,
) -> None:
    update = "    ~ aws:x/y:Z: (update)\n"
    last = "".join(f"line {number} of the end\n" for number in range(40))
    _, body = run(tmp_path, "comment-plan", "dev", plan=update * 4000 + PLAN + update * 4000 + last)
    assert len(body) <= 65_536
    _, important, beginning, end = body.split("````text\n")
    assert important.partition("\n````\n")[0] == IMPORTANT
    assert beginning.startswith(update * 1500)
    assert end == (
        f"{last}\n````\n\nShortened. The whole output is an artifact of "
        "[the run](https://github.com/owner/name/actions/runs/5).\n"
    )


def test_a_plan_of_long_lines_and_many_violations_still_fits_in_a_comment(tmp_path: Path) -> None:
    violation = f"    p@v1.0.0 [mandatory]  name{'é' * 5000}\n"
    _, body = run(tmp_path, "comment-plan", "dev", plan=violation * 100)
    assert 59_000 < len(body.encode()) < 65_536
    assert body.count("```") == 6


def test_a_plan_that_fits_is_shown_whole(tmp_path: Path) -> None:
    _, body = run(tmp_path, "comment-plan", "dev", plan=PLAN)
    assert f"\n\n````text\n{PLAN}\n````\n" in body


@pytest.mark.parametrize(
    ("outcome", "answer", "expected"),
    [
        ("success", "", None),
        ("success", "5", "issue close 5 --comment The stack matches the program again."),
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


@pytest.mark.parametrize("outcome", ["failure", "cancelled"])
def test_a_drift_check_that_fails_before_its_preview_opens_an_issue(
    tmp_path: Path, outcome: str
) -> None:
    (_, created), body = run(tmp_path, "report-drift", "prod", outcome, plan="")
    assert created.startswith("issue create --title Drift in prod --body-file ")
    assert body == (
        "The check of prod failed before it compared anything: see "
        "[the run](https://github.com/owner/name/actions/runs/5).\n"
    )


REVIEWERS = {
    "type": "required_reviewers",
    "prevent_self_review": True,
    "reviewers": [{"type": "Team", "reviewer": {"id": 1}}],
}
SELF_REVIEW = "::warning::self-review is allowed in environment prod\n"
BYPASS = "::warning::administrators can bypass the reviewers of environment prod\n"
NO_REVIEWERS = "::error::environment prod has no required reviewers: see docs/ci.md, step 5\n"


@pytest.mark.parametrize(
    ("rules", "admins", "expected"),
    [
        ([REVIEWERS, {"type": "branch_policy"}], False, (0, "")),
        ([REVIEWERS], True, (0, BYPASS)),
        ([REVIEWERS | {"prevent_self_review": False}], True, (0, SELF_REVIEW + BYPASS)),
        ([REVIEWERS | {"reviewers": []}], False, (1, NO_REVIEWERS)),
        ([{"type": "branch_policy"}], False, (1, NO_REVIEWERS)),
        ([], False, (1, NO_REVIEWERS)),
    ],
)
def test_an_environment_without_required_reviewers_is_rejected(
    tmp_path: Path, rules: list[Any], admins: bool, expected: tuple[int, str]
) -> None:
    fake_gh(tmp_path)
    answer = json.dumps({"name": "prod", "can_admins_bypass": admins, "protection_rules": rules})
    done = subprocess.run(
        [ROOT / ".ci/require-reviewers", "prod"],
        check=False,
        capture_output=True,
        text=True,
        env=environment(tmp_path, answer),
    )
    assert (done.returncode, done.stdout) == expected
    assert (tmp_path / "calls").read_text() == "api repos/owner/name/environments/prod\n"


def test_reviewers_that_cannot_be_read_fail_the_check(tmp_path: Path) -> None:
    fake_gh(tmp_path, "#!/bin/sh\necho 'HTTP 403' >&2\nexit 1\n")
    done = subprocess.run(
        [ROOT / ".ci/require-reviewers", "prod"], check=False, env=environment(tmp_path, "")
    )
    assert done.returncode == 1


def test_a_runners_older_pulumi_is_not_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:{os.environ['PATH']}")
    cached = cache_folder() / "build/bin/pulumi"
    for path, version in ((tmp_path / "bin/pulumi", "v3.258.0"), (cached, "v3.999.0")):
        path.parent.mkdir(parents=True)
        path.write_text(f"#!/bin/sh\necho {version}\n")
        path.chmod(0o755)
    done = subprocess.run(
        [ROOT / ".ci/pulumi", "version"], check=True, capture_output=True, text=True
    )
    assert done.stdout == "v3.999.0\n"


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


def keep_data(folder: Path, pulumi: str, *words: str) -> subprocess.CompletedProcess[str]:
    """Run the script with another `pulumi` first on the PATH."""
    script = folder / "keep-data"
    script.write_bytes((ROOT / ".ci/keep-data").read_bytes())
    (folder / "pulumi").write_text(f"#!/bin/sh\n{pulumi}\n")
    for each in (script, folder / "pulumi"):
        each.chmod(0o755)
    return subprocess.run(
        [script, *words],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        env=environment(folder, ""),
    )


def test_the_plan_guard_reads_the_state_of_the_stack(tmp_path: Path) -> None:
    row = {
        "urn": "urn:pulumi:prod::shop::aws:kms/key:Key::key",
        "type": "aws:kms/key:Key",
        "outputs": {"arn": "arn:key"},
    }
    state = json.dumps({"deployment": {"resources": [row]}})
    pulumi = f"[ \"$*\" = 'stack export --stack prod' ] && echo '{state}'"
    done = keep_data(tmp_path, pulumi, "prod")
    kept = json.loads(done.stdout)["data-is-kept"]["kept"]
    assert kept == [{"name": "key", "type": "aws:kms/key:Key", "urn": row["urn"], "arn": "arn:key"}]
    assert (
        json.loads(keep_data(tmp_path, pulumi, "prod", "--allow", "key").stdout)["data-is-kept"][
            "kept"
        ]
        == []
    )


def test_the_plan_guard_fails_if_the_state_cannot_be_read(tmp_path: Path) -> None:
    done = keep_data(tmp_path, "exit 255", "prod")
    assert (done.returncode, done.stdout) == (255, "")
