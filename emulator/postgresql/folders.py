"""Copies of folders with a server's data."""

import subprocess
from pathlib import Path

from emulator.postgresql.errors import FolderError


def copy_folder(source: Path, target: Path) -> None:
    """Copy a folder's content, permissions and times; as root, also its owners.

    `shutil.copytree` takes ten times as long for the thousand small files of a database.

    Args:
        source: The folder.
        target: The copy: a folder that is empty or does not exist.

    Raises:
        FolderError: the copy failed, for example because the disk is full.
    """
    target.mkdir(parents=True, exist_ok=True)
    done = subprocess.run(
        ["cp", "-Rp", f"{source}/.", str(target)], capture_output=True, text=True, check=False
    )
    if done.returncode:
        message = f"{source} cannot be copied to {target}: {done.stderr.strip()}"
        raise FolderError(message)
