"""The operating system's user that a server runs as: PostgreSQL refuses to run as root."""

import getpass
import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path

from emulator.postgresql.errors import FolderError, PostgresqlError

UNPRIVILEGED = "nobody"
"""Stands in for root; every Unix has it."""


@dataclass(frozen=True)
class ServerUser:
    """Who owns a server's files and runs its processes.

    Attributes:
        name: Login name.
        user: Its id for `subprocess`; None if that is who we are.
        group: The id of its group, likewise.
        extra_groups: No other groups, likewise.
    """

    name: str
    user: int | None = None
    group: int | None = None
    extra_groups: tuple[int, ...] | None = None

    @classmethod
    def of_this_process(cls) -> "ServerUser":
        """Return this process's user, or one without rights if this is root."""
        if os.geteuid() != 0:
            return cls(getpass.getuser())
        entry = pwd.getpwnam(UNPRIVILEGED)
        return cls(UNPRIVILEGED, entry.pw_uid, entry.pw_gid, ())

    def run(self, *command: str) -> str:
        """Run a program of PostgreSQL to its end and return what it printed.

        Raises:
            PostgresqlError: it failed; the text quotes it.
        """
        # The folder of the caller may be closed to the user that the program becomes.
        done = subprocess.run(
            command,
            cwd="/",
            env=ENVIRONMENT,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            user=self.user,
            group=self.group,
            extra_groups=self.extra_groups,
        )
        if done.returncode:
            message = f"{Path(command[0]).name} failed: {done.stderr.strip()}"
            raise PostgresqlError(message)
        return done.stdout

    def own(self, folder: Path) -> None:
        """Make this user the owner of a folder and of everything below it.

        Raises:
            FolderError: the user could not reach it.
        """
        if self.user is None or self.group is None:
            return
        closed = [
            parent for parent in folder.resolve().parents if not parent.stat().st_mode & 0o001
        ]
        if closed:
            message = (
                f"PostgreSQL does not run as root, and {self.name}, who runs it instead, cannot "
                f"pass {closed[-1]}: choose another folder"
            )
            raise FolderError(message)
        for path in (folder, *folder.rglob("*")):
            os.chown(path, self.user, self.group, follow_symlinks=False)


ENVIRONMENT = {"LC_ALL": "C.UTF-8", "PATH": "/usr/bin:/bin"}
"""Of every server and tool: a user's own `PG...` variables must not reach them."""
