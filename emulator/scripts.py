"""Scripts that run a command against the emulated AWS, whatever the user's environment contains."""

import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path

from emulator.isolation import USER_SETTINGS

__all__ = ["write_pulumi", "write_script"]


def write_pulumi(
    script: Path, pulumi: Path, folder: Path | None, environment: Mapping[str, str]
) -> None:
    """Write a script that runs `pulumi`.

    Args:
        script: The script.
        pulumi: The Pulumi CLI.
        folder: The project's folder; None to run in the caller's.
        environment: The variables that the CLI needs; see `Workspace.environment`.
    """
    write_script(
        script,
        f"runs pulumi against the emulated AWS, in {folder or 'the folder of the caller'}",
        USER_SETTINGS,
        environment,
        [
            *([f"cd {shlex.quote(str(folder))} || exit 1"] if folder else []),
            f'exec {shlex.quote(str(pulumi))} "$@"',
        ],
    )


def write_script(
    script: Path,
    comment: str,
    removed: Sequence[str],
    environment: Mapping[str, str],
    commands: Sequence[str],
) -> None:
    """Write an executable shell script.

    Args:
        script: The script.
        comment: What it does, on its second line.
        removed: Prefixes of variables that its commands do not see.
        environment: Variables of its commands.
        commands: Lines of the shell.
    """
    prefixes = " ".join(f"-e '/^{start}/p'" for start in removed)
    exports = [f"export {key}={shlex.quote(environment[key])}" for key in sorted(environment)]
    lines = [
        "#!/bin/sh",
        f"# Generated: {comment}.",
        f'for name in $(env | cut -d= -f1 | sed -n {prefixes}); do unset "$name"; done',
        *exports,
        *commands,
    ]
    script.write_text("\n".join(lines) + "\n", encoding="utf-8")
    script.chmod(0o755)
