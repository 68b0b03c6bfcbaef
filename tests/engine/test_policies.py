"""The policy pack, enforced by the real engine."""

import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from emulator.rehearsal import Rehearsal
from tests.support.recorder import REPOSITORY

PACK = REPOSITORY / "policy_pack"

BAD_PROGRAM = """
import pulumi

pulumi.CustomResource(
    "aws:rds/cluster:Cluster",
    "open-house",
    {
        "clusterIdentifier": "open-house",
        "engine": "aurora-postgresql",
        "masterUsername": "postgres",
        "masterPassword": pulumi.Output.secret("not-to-be-shown"),
        "backupRetentionPeriod": 1,
        "skipFinalSnapshot": True,
    },
)
pulumi.CustomResource(
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
    "open-door",
    {
        "securityGroupId": "sg-1",
        "cidrIpv4": "0.0.0.0/0",
        "ipProtocol": "tcp",
        "fromPort": 0,
        "toPort": 65535,
        "description": "everybody",
    },
)
"""


def preview(rehearsal: Rehearsal, stack: str, profile: str) -> tuple[int, str]:
    pack = ["--policy-pack", str(PACK)]
    config = ["--policy-pack-config", str(PACK / "config" / f"{profile}.json")]
    done = subprocess.run(
        [rehearsal.launcher, "preview", "--non-interactive", "--stack", stack, *pack, *config],
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def found(told: str, level: str) -> set[str]:
    """Ids of the controls that were violated at a level."""
    blocks = re.split(r"^ +- (?=\[)", told, flags=re.MULTILINE)
    return {
        control
        for block in blocks
        if block.startswith(f"[{level}]")
        for control in re.findall(r"^ +\[([A-Z]\d\d)\]", block, flags=re.MULTILINE)
    }


def expected(stack: str) -> set[str]:
    """What the platform is known to be advised about (docs/policies.md)."""
    findings = yaml.safe_load(
        (REPOSITORY / "tests/policy_pack/platform_findings.yaml").read_text(encoding="utf-8")
    )
    levels = yaml.safe_load((PACK / "config" / f"{stack}.json").read_text(encoding="utf-8"))
    names = control_names()
    return {
        control
        for control, row in findings["accepted"].items()
        if stack in row["stacks"] and levels[names[control]]["enforcementLevel"] == "advisory"
    }


def control_names() -> dict[str, str]:
    rows = [
        row
        for path in (PACK / "aurora_policies").glob("*.yaml")
        for row in yaml.safe_load(path.read_text(encoding="utf-8"))
    ]
    return {row["id"]: row["name"] for row in rows}


@pytest.mark.parametrize("stack", ["dev", "prod"])
def test_the_platform_passes_with_the_documented_advice_only(
    rehearsal: Rehearsal, stack: str
) -> None:
    rehearsal.stack(stack)
    code, told = preview(rehearsal, stack, stack)
    assert code == 0, told
    assert found(told, "mandatory") == set()
    assert found(told, "advisory") == expected(stack)


def test_a_bad_program_is_stopped_with_the_exact_controls_and_creates_nothing(
    rehearsal: Rehearsal, client: Callable[[str], Any], tmp_path: Path
) -> None:
    (tmp_path / "__main__.py").write_text(BAD_PROGRAM)
    options = {"toolchain": "pip", "virtualenv": ".venv"}
    project = {"name": "bad", "runtime": {"name": "python", "options": options}}
    (tmp_path / "Pulumi.yaml").write_text(yaml.safe_dump(project))
    (tmp_path / "Pulumi.bad.yaml").write_text("config: {aws:region: us-east-2}\n")
    other = Rehearsal(rehearsal.folder, tmp_path, project_folder="bad")
    other.stack("bad")
    code, told = preview(other, "bad", "prod")
    assert code != 0
    assert found(told, "mandatory") == {
        *("G01", "N01", "N02", "R01", "R02", "R03", "R04", "R05", "R06", "R07"),
        *("R08", "R09", "R11", "R12", "R15", "R16", "R18", "R20", "X01"),
    }
    assert "not-to-be-shown" not in told
    clusters = client("rds").describe_db_clusters()["DBClusters"]
    assert "open-house" not in {row["DBClusterIdentifier"] for row in clusters}
