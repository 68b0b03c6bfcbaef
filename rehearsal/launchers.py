"""Scripts that run a command against the emulated AWS, whatever the user's environment contains."""

import shlex
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from emulator.isolation import NO_PROXY_VARIABLES, NO_USER_FILES, USER_SETTINGS

_OPERATIONS_SETTINGS = ("OPERATIONS_", "PG")
"""Prefixes of variables that `operations` and libpq read."""


def write_pulumi(
    launcher: Path, pulumi: Path, folder: Path | None, environment: Mapping[str, str]
) -> None:
    """Write the script that runs the rehearsal's `pulumi`.

    Args:
        launcher: The script.
        pulumi: The Pulumi CLI.
        folder: The project's folder; None to run in the caller's.
        environment: Variables of the rehearsal.
    """
    _write(
        launcher,
        f"runs pulumi against the emulated AWS, in {folder or 'the folder of the caller'}",
        USER_SETTINGS,
        environment,
        [
            *([f"cd {shlex.quote(str(folder))} || exit 1"] if folder else []),
            f'exec {shlex.quote(str(pulumi))} "$@"',
        ],
    )


def write_operations(
    launcher: Path,
    repository: Path,
    *,
    pulumi: Path,
    url: str,
    certificates: Path,
    environment: Mapping[str, str],
) -> None:
    """Write the script that runs `python -m operations` against the emulated AWS.

    It stays in the caller's folder, so that `--outputs` and `--evidence` name files there.

    Args:
        launcher: The script.
        repository: The folder of the package `operations`.
        pulumi: The launcher of pulumi.
        url: URL of the emulated AWS.
        certificates: CA certificate of the emulated databases.
        environment: Variables of the rehearsal.
    """
    own = {
        **{name: environment[name] for name in NO_PROXY_VARIABLES},
        **NO_USER_FILES,
        "AWS_ACCESS_KEY_ID": "rehearsal",
        "AWS_SECRET_ACCESS_KEY": "rehearsal",
        "AWS_ENDPOINT_URL": url,
        "OPERATIONS_PULUMI": str(pulumi),
        "PGSSLROOTCERT": str(certificates),
        "PYTHONPATH": str(repository),
    }
    command = f'exec {shlex.quote(sys.executable)} -m operations "$@"'
    comment = "runs the day-2 commands against the emulated AWS"
    _write(launcher, comment, (*USER_SETTINGS, *_OPERATIONS_SETTINGS), own, [command])


def _write(
    launcher: Path,
    comment: str,
    removed: Sequence[str],
    environment: Mapping[str, str],
    commands: Sequence[str],
) -> None:
    prefixes = " ".join(f"-e '/^{start}/p'" for start in removed)
    exports = [f"export {key}={shlex.quote(environment[key])}" for key in sorted(environment)]
    lines = [
        "#!/bin/sh",
        f"# Written by `make rehearse`: {comment}.",
        f'for name in $(env | cut -d= -f1 | sed -n {prefixes}); do unset "$name"; done',
        *exports,
        *commands,
    ]
    launcher.write_text("\n".join(lines) + "\n", encoding="utf-8")
    launcher.chmod(0o755)
