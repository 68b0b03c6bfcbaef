"""Previews under the policy pack that must keep the data of a deployed stack."""

import subprocess
import sys
from pathlib import Path

PACK = Path(__file__).resolve().parents[1] / "policy_pack"


def keep_data(launcher: Path, stack: str, profile: str, file: Path, *allowed: str) -> Path:
    """Write a configuration of the pack under which a plan must keep a stack's data.

    Args:
        launcher: The script that runs `pulumi`.
        stack: Name of the stack; nothing needs to be kept if it is not deployed.
        profile: Profile of the pack's configuration.
        file: The file to write.
        allowed: Logical names of resources that a plan may lose.

    Raises:
        subprocess.CalledProcessError: The state cannot be exported, or a name is unknown.
    """
    state = subprocess.run(
        [launcher, "stack", "export", "--stack", stack], stdout=subprocess.PIPE, check=True
    ).stdout
    words = [word for name in allowed for word in ("--allow", name)]
    configuration = PACK / "config" / f"{profile}.json"
    file.write_bytes(
        subprocess.run(
            [sys.executable, PACK / "keep_data.py", configuration, *words],
            input=state,
            stdout=subprocess.PIPE,
            check=True,
        ).stdout
    )
    return file


def preview(launcher: Path, stack: str, configuration: Path) -> int:
    """Preview a stack under the pack; return the exit code.

    Args:
        launcher: The script that runs `pulumi`.
        stack: Name of the stack.
        configuration: File with the pack's configuration.
    """
    pack = ["--policy-pack", PACK, "--policy-pack-config", configuration]
    return subprocess.run([launcher, "preview", "--stack", stack, *pack], check=False).returncode
