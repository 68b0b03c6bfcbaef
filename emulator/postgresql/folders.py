"""Copies of folders with a server's data."""

import shutil
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
    failure = _copy(source, target, "-Rp")
    if failure:
        message = f"{source} cannot be copied to {target}: {failure}"
        raise FolderError(message)


def link_folder(source: Path, target: Path) -> None:
    """Copy a folder whose files never change, by links to them if both have one file system.

    Args:
        source: The folder.
        target: The copy, which does not exist.

    Raises:
        FolderError: the copy failed.
    """
    if _copy(source, target, "-Rpl"):
        shutil.rmtree(target)
        copy_folder(source, target)


def _copy(source: Path, target: Path, options: str) -> str:
    """Copy a folder; return why it failed, or an empty text."""
    target.mkdir(parents=True, exist_ok=True)
    done = subprocess.run(
        ["cp", options, f"{source}/.", str(target)], capture_output=True, text=True, check=False
    )
    if done.returncode == 0:
        return ""
    return done.stderr.strip() or f"exit status {done.returncode}"
