"""The IAM policies in docs/ci, checked against Pulumi's calls to the emulated AWS.

The emulated AWS does not evaluate policies, and the emulated provider makes fewer calls than the
official one. These tests show that the policies allow every recorded call, and that the ARNs of all
deployed resources match the policies' resources.
"""

import json
import os
import subprocess
from collections.abc import Callable
from dataclasses import replace
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from pulumi.automation import Stack

from emulator.aws.plugin_host import HOST_VARIABLE, serve_plugins
from rehearsal import Rehearsal
from tools.deployment_roles.documents import load
from tools.deployment_roles.recorder import Recording, recording
from tools.repository import ROOT

NAME = "cipolicies"
BUCKET = "pulumi-state"
PLACEHOLDERS = {
    "ACCOUNT_ID": "123456789012",
    "REGION": "us-east-2",
    "STATE_BUCKET": BUCKET,
}


def statements(role: str, environment: str) -> list[dict[str, Any]]:
    text = (ROOT / f"docs/ci/{role}.json").read_text(encoding="utf-8")
    for word, value in {**PLACEHOLDERS, "ENVIRONMENT": environment}.items():
        text = text.replace(word, value)
    return json.loads(text)["Statement"]


def allows(rows: list[dict[str, Any]], action: str, arn: str | None) -> bool:
    """Return whether an action is allowed, on a resource if its ARN is known."""
    return any(
        action in row["Action"]
        and (arn is None or any(fnmatchcase(arn, pattern) for pattern in row["Resource"]))
        for row in rows
    )


def not_allowed(role: str, recorded: Recording) -> list[tuple[str, str]]:
    rows = statements(role, NAME)
    return sorted(
        (action, key)
        for action, key in recorded.calls
        if not allows(rows, action, f"arn:aws:s3:::{BUCKET}/{key}" if key else None)
    )


def test_the_policies_allow_every_call_of_previews_drift_checks_and_deployments(
    rehearsal: Rehearsal, client: Callable[[str], Any], scratch: Callable[..., Stack]
) -> None:
    client("s3").create_bucket(
        Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": PLACEHOLDERS["REGION"]}
    )
    project = Path(scratch(NAME, notificationEmails=["on-call@example.com"]).workspace.work_dir)
    stack_file = project / f"Pulumi.{NAME}.yaml"
    original = stack_file.read_text(encoding="utf-8")

    with (
        recording(rehearsal.aws.url) as recorded,
        # Those of the emulated AWS's own process would not call through the proxy.
        serve_plugins(recorded.url) as plugins,
    ):
        environment = {
            **os.environ,
            **rehearsal.environment(),
            "AWS_ACCESS_KEY_ID": "rehearsal",
            "AWS_SECRET_ACCESS_KEY": "rehearsal",
            "AWS_ENDPOINT_URL_KMS": recorded.url,
            "PULUMI_BACKEND_URL": f"s3://{BUCKET}?region=us-east-2&use_path_style=true"
            f"&endpoint={recorded.url}",
            HOST_VARIABLE: plugins,
        }

        def pulumi(*arguments: str) -> Recording:
            """Run a command with the state in S3, as CI does; return its calls."""
            recorded.calls.clear()
            subprocess.run(
                [rehearsal.engine.pulumi, *arguments, "--stack", NAME],
                cwd=project,
                env=environment,
                check=True,
                capture_output=True,
                text=True,
            )
            assert recorded.errors == []
            return replace(recorded, calls=set(recorded.calls))

        pulumi(
            "stack", "init", "--secrets-provider=awskms://alias/shared-database?region=us-east-2"
        )
        preview = pulumi("preview")
        up = pulumi("up", "--yes", "--skip-preview")
        drift = pulumi("preview", "--refresh")
        key = f".pulumi/stacks/aurora-data-platform/{NAME}.json"
        deployed = json.load(client("s3").get_object(Bucket=BUCKET, Key=key)["Body"])
        pulumi("config", "set", "--path", "aurora-data-platform:tags.Team", "platform")
        change = pulumi("up", "--yes", "--skip-preview")
        destroy = pulumi("destroy", "--yes", "--skip-preview")
    # The fixture removes the stack from another backend, with another secrets provider.
    stack_file.write_text(original, encoding="utf-8")

    assert {action for action in preview.actions if action.startswith("s3:")} == {
        "s3:GetObject",
        "s3:ListBucket",
    }
    assert not_allowed("preview", preview) == []
    assert not_allowed("drift", drift) == []
    for recorded in (up, change, destroy):
        assert not_allowed("deploy", recorded) == []
    # Some actions are called by updates only.
    assert {"rds:AddTagsToResource", "lambda:TagResource"} <= change.actions
    # The setup of databases and users.
    assert "lambda:InvokeFunction" in up.actions - drift.actions
    assert missing_permissions(deployed) == []


def missing_permissions(state: dict[str, Any]) -> list[tuple[str, str]]:
    """Return the deployed ARNs on which the deploy role lacks an action of their type."""
    rows = statements("deploy", "dev")
    types = load("actions.yaml")["types"]
    missing: list[tuple[str, str]] = []
    seen: set[str] = set()
    for resource in state["checkpoint"]["latest"]["resources"]:
        arn = resource.get("outputs", {}).get("arn", "")
        package, _, kind = resource["type"].partition(":")
        module, _, name = kind.partition("/")
        key = f"{'lambda_' if module == 'lambda' else module}.{name.partition(':')[2]}"
        if package != "aws" or not arn:
            continue
        seen.add(key)
        service = arn.split(":")[2]
        missing += [
            (action, arn)
            for action in types[key]["read"] + types[key]["write"]
            if action.startswith(f"{service}:") and not allows(rows, action, arn)
        ]
    assert len(seen) > 15
    return missing
