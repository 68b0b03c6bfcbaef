"""Point-in-time recovery: the data as it was created, and all write-ahead log since then."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from emulator.postgresql.errors import FolderError
from emulator.postgresql.folders import copy_folder, link_folder

KEPT = {"wal_keep_size": "4096"}
"""Megabytes of log that a server keeps for recovery; an older time cannot be recovered."""

_AUTO = "postgresql.auto.conf"
_SIGNAL = "recovery.signal"


def keep(data: Path, template: Path | None, base: Path) -> None:
    """Copy the data of a server that has never run.

    Args:
        data: The data folder.
        template: The folder that the data was copied from, if any.
        base: Where the copy is kept.

    Raises:
        FolderError: the copy failed.
    """
    if template is None:
        copy_folder(data, base)
    else:
        link_folder(template, base)


def recover(base: Path, source: Path, data: Path, until: datetime | None) -> None:
    """Prepare a data folder whose server recovers another server's data when it starts.

    Args:
        base: The copy of the source's data.
        source: The source's data folder, with its log; its server may be running.
        data: The new data folder, empty.
        until: The time to recover to, a moment before the source's last commit. Default: the end
            of the log.

    Raises:
        FolderError: there is no copy, as for a server that was itself restored, or it cannot be
            copied to the new folder.
    """
    if not base.exists():
        message = f"{source} was restored, and the emulator keeps no history of restored databases"
        raise FolderError(message)
    copy_folder(base, data)
    settings = {
        "restore_command": f'cp "{source}/pg_wal/%f" "%p"',
        # Otherwise the source's values of some parameters would be needed.
        "hot_standby": "off",
        "recovery_target_action": "promote",
    }
    if until is not None:
        settings["recovery_target_time"] = f"{until.astimezone(UTC):%Y-%m-%d %H:%M:%S.%f}+00"
    (data / _AUTO).write_text(_lines(settings), encoding="utf-8")
    (data / _SIGNAL).touch()


def finish(data: Path) -> None:
    """Forget how a server was recovered, once it accepts connections.

    Args:
        data: The data folder.
    """
    (data / _AUTO).write_text("", encoding="utf-8")


def _lines(settings: Mapping[str, str]) -> str:
    return "".join(f"{name} = '{value}'\n" for name, value in settings.items())
