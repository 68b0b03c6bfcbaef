"""The script that runs the day-2 commands against the emulated AWS."""

import shlex
import sys
from collections.abc import Mapping
from pathlib import Path

from emulator.isolation import NO_PROXY_VARIABLES, USER_SETTINGS, emulated_aws
from emulator.scripts import write_script

_OPERATIONS_SETTINGS = ("OPERATIONS_", "PG")
"""Prefixes of variables that `operations` and libpq read."""


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
        **emulated_aws(url),
        "OPERATIONS_PULUMI": str(pulumi),
        "PGSSLROOTCERT": str(certificates),
        "PYTHONPATH": str(repository),
    }
    command = f'exec {shlex.quote(sys.executable)} -m operations "$@"'
    comment = "runs the day-2 commands against the emulated AWS"
    write_script(launcher, comment, (*USER_SETTINGS, *_OPERATIONS_SETTINGS), own, [command])
