"""Runs of the policy pack by the engine, and parsers of its report."""

import re
import subprocess
from pathlib import Path

import yaml

from rehearsal import Rehearsal
from rehearsal.policies import PACK
from tools.repository import ROOT, read_yaml


def program(rehearsal: Rehearsal, folder: Path, name: str, text: str) -> Rehearsal:
    """Return a rehearsal of another program against the same emulated AWS."""
    (folder / "__main__.py").write_text(text)
    options = {"toolchain": "pip", "virtualenv": ".venv"}
    project = {"name": name, "runtime": {"name": "python", "options": options}}
    (folder / "Pulumi.yaml").write_text(yaml.safe_dump(project))
    (folder / f"Pulumi.{name}.yaml").write_text("config: {aws:region: us-east-2}\n")
    return Rehearsal(rehearsal.folder, folder, project_folder=name)


def run_pack(
    rehearsal: Rehearsal,
    command: str,
    stack: str,
    profile: str,
    configuration: Path | None = None,
) -> tuple[int, str]:
    """Return the exit code and output of `pulumi COMMAND` with the pack.

    Args:
        rehearsal: Rehearsal that the stack belongs to.
        command: `preview`, or `policy analyze` for deployed resources.
        stack: Name of the stack.
        profile: Profile of the pack's configuration.
        configuration: File with the configuration. Default: the profile's.
    """
    pack = ["--policy-pack", str(PACK)]
    file = configuration or PACK / "config" / f"{profile}.json"
    config = ["--policy-pack-config", str(file)]
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


def found(report: str, level: str) -> set[str]:
    """Return the names of the controls that are violated at an enforcement level."""
    return set(
        re.findall(
            rf"^ +- \[{level}\](?: \[severity: \w+\])? +([\w-]+)", report, flags=re.MULTILINE
        )
    )


def expected(stack: str) -> set[str]:
    """Return the documented advisory violations of the platform."""
    findings = read_yaml(ROOT / "tests/policy_pack/platform/findings.yaml")
    levels = read_yaml(PACK / "config" / f"{stack}.json")
    return {
        control
        for control, row in findings["accepted"].items()
        if stack in row["stacks"] and levels[control]["enforcementLevel"] == "advisory"
    }
