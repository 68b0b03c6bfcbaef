"""The script that creates the roles of a stack, with fake `aws` and `gh`."""

import json
import re
import subprocess
from fnmatch import fnmatchcase
from pathlib import Path

import pytest

from tests.ci.fake_commands import environment, fake_gh
from tools.repository import ROOT

FAKE_AWS = """#!/usr/bin/env bash
# Records each call, with control characters after its arguments; roles exist if $EXISTING is set.
printf '%s\\037' "$@" >> "$CALLS"
printf '\\036' >> "$CALLS"
case "$1 $2" in
  'sts get-caller-identity') printf '123456789012\\tarn:aws-us-gov:iam::123456789012:user/me\\n' ;;
  'iam get-role') test -n "$EXISTING" ;;
esac
"""
SUBJECTS = ["repo:owner/name:environment:", "repo:owner@7/name@8:environment:"]


def create_roles(folder: Path, *, existing: bool) -> tuple[list[list[str]], str]:
    """Calls of `aws`, as lists of arguments, and what is printed."""
    fake_gh(folder, "#!/bin/sh\necho repo:owner@7/name@8\n")
    aws = folder / "bin/aws"
    aws.write_text(FAKE_AWS)
    aws.chmod(0o755)
    settings = {
        "AWS_REGION": "us-gov-west-1",
        "EXISTING": "yes" if existing else "",
        "STATE_BUCKET": "the-state",
        "STATE_KEY_ID": "the-key",
    }
    done = subprocess.run(
        [ROOT / ".ci/create-roles", "prod"],
        check=True,
        capture_output=True,
        text=True,
        env=environment(folder, "") | settings,
    )
    calls = (folder / "calls").read_text(encoding="utf-8").split("\x1e")[:-1]
    return [call.split("\x1f")[:-1] for call in calls], done.stdout


@pytest.fixture(scope="module")
def existing_roles(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[list[str]], str]:
    """Calls and output where the roles exist."""
    return create_roles(tmp_path_factory.mktemp("existing"), existing=True)


def option(call: list[str], name: str) -> str:
    return call[call.index(name) + 1]


def test_the_roles_of_a_stack_are_created_with_their_environments(tmp_path: Path) -> None:
    calls, printed = create_roles(tmp_path, existing=False)
    created = [call for call in calls if call[:2] == ["iam", "create-role"]]
    names = ["prod-preview", "prod-drift", "prod", "prod-drill"]
    assert printed.splitlines() == [
        f"{name} arn:aws-us-gov:iam::123456789012:role/github-aurora-{name}" for name in names
    ]
    assert [option(call, "--role-name") for call in created] == [
        f"github-aurora-{n}" for n in names
    ]
    durations = [option(call, "--max-session-duration") for call in created]
    assert durations == ["3600", "3600", "10800", "19800"]
    for call, name in zip(created, names, strict=True):
        (statement,) = json.loads(option(call, "--assume-role-policy-document"))["Statement"]
        condition = statement["Condition"]["StringEquals"]
        assert condition["token.actions.githubusercontent.com:sub"] == [
            f"{subject}{name}" for subject in SUBJECTS
        ]


def test_the_policies_of_a_stack_have_no_placeholder_left(
    existing_roles: tuple[list[list[str]], str],
) -> None:
    calls, _ = existing_roles
    put = [call for call in calls if call[:2] == ["iam", "put-role-policy"]]
    policies = [option(call, "--policy-document") for call in put]
    assert len(policies) == 4
    for policy in policies:
        assert json.loads(policy)["Version"] == "2012-10-17"
        assert not re.search(r"\b[A-Z]{3,}(_[A-Z]+)*\b", policy)
        assert "arn:aws:" not in policy
    assert "arn:aws-us-gov:s3:::the-state/.pulumi/stacks/aurora-data-platform/prod.*" in policies[0]
    assert "arn:aws-us-gov:kms:us-gov-west-1:123456789012:key/the-key" in policies[0]


def test_existing_roles_are_updated_in_place(
    existing_roles: tuple[list[list[str]], str],
) -> None:
    calls, _ = existing_roles
    changed = [call[1] for call in calls if call[1] not in ("get-caller-identity", "get-role")]
    assert changed == ["update-assume-role-policy", "update-role", "put-role-policy"] * 4


def test_no_role_may_change_a_role_of_ci(
    existing_roles: tuple[list[list[str]], str],
) -> None:
    calls, printed = existing_roles
    roles = [line.split()[1] for line in printed.splitlines()]
    for call in calls:
        if call[1] == "put-role-policy":
            rows = json.loads(option(call, "--policy-document"))["Statement"]
            resources = {
                pattern
                for row in rows
                # Reads of any role are allowed.
                if row["Sid"] != "Describe"
                and any(each.startswith("iam:") for each in row["Action"])
                for pattern in row["Resource"]
            }
            assert [role for role in roles for each in resources if fnmatchcase(role, each)] == []
