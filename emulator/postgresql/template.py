"""The data of a new server, which `initdb` creates once per machine and each server copies.

`initdb` takes a second, a copy a twentieth of it. All servers therefore have the same system
identifier, which only matters between servers that replicate each other.
"""

import hashlib
import os
import subprocess
import tempfile
from contextlib import suppress
from functools import cache
from pathlib import Path

from emulator.cache import cache_root
from emulator.postgresql.configuration import SUPERUSER
from emulator.postgresql.errors import FolderError
from emulator.postgresql.folders import copy_folder
from emulator.postgresql.programs import tool
from emulator.postgresql.server_user import ServerUser

_OPTIONS = (
    *("--username", SUPERUSER, "--encoding", "UTF8", "--no-sync"),
    *("--locale-provider", "builtin", "--builtin-locale", "C.UTF-8", "--locale", "C"),
    *("--auth-host", "reject", "--auth-local", "peer", "--no-instructions"),
    # The first segment would be two fifths of the data; nothing depends on the size.
    *("--wal-segsize", "1"),
)


def create(data: Path, user: ServerUser) -> Path | None:
    """Create the data of a server in an empty folder.

    Args:
        data: The folder.
        user: Its owner.

    Returns:
        The folder that was copied and never changes; None if `initdb` created the data.

    Raises:
        PostgresqlError: `initdb` or the copy failed.
    """
    template = _folder()
    # Another user of the same home may have created it.
    if os.access(template, os.R_OK | os.X_OK):
        copy_folder(template, data)
        user.own(data)
        return template
    user.run(tool("initdb"), "--pgdata", str(data), *_OPTIONS)
    # Without a cache that can be written, every server costs a second.
    with suppress(OSError, FolderError):
        _keep(data, template)
    return None


@cache
def _folder() -> Path:
    """Return where this machine keeps the data of this `initdb`, with these options."""
    program = tool("initdb")
    version = subprocess.run([program, "--version"], check=True, capture_output=True).stdout
    size = Path(program).stat().st_size
    digest = hashlib.sha256(f"{version} {size} {_OPTIONS}".encode()).hexdigest()
    return cache_root() / "postgresql" / digest[:16]


def _keep(data: Path, template: Path) -> None:
    """Keep a copy, which appears in one step: other processes may create one at the same time."""
    template.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=template.parent) as temporary:
        copied = Path(temporary, "data")
        copy_folder(data, copied)
        copied.rename(template)
