"""The policy pack run by the engine, and what its report says."""

import re
import subprocess

import yaml

from rehearsal import Rehearsal
from tools.repository import ROOT

PACK = ROOT / "policy_pack"


def judge(rehearsal: Rehearsal, command: str, stack: str, profile: str) -> tuple[int, str]:
    """Exit code and output of `pulumi COMMAND` under the pack with a profile's configuration.

    Args:
        rehearsal: Where the stack is; it is the last that was asked for.
        command: `preview`, or `policy analyze` for what is deployed.
        stack: Name of the stack.
        profile: Whose configuration the pack gets.
    """
    pack = ["--policy-pack", str(PACK)]
    config = ["--policy-pack-config", str(PACK / "config" / f"{profile}.json")]
    done = subprocess.run(
        [
            *(rehearsal.launcher, *command.split()),
            *("--non-interactive", "--stack", stack, *pack, *config),
        ],
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
        (ROOT / "tests/policy_pack/platform_findings.yaml").read_text(encoding="utf-8")
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
