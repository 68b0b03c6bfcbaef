"""The operating system user that a server runs as: PostgreSQL does not run as root."""

import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path

from emulator.postgresql.errors import FolderError, PostgresqlError

UNPRIVILEGED = "nobody"
"""The user instead of root; every Unix has it."""


def effective_user_name() -> str:
    """Return the login name of the effective user, whatever USER and LOGNAME say."""
    return pwd.getpwuid(os.geteuid()).pw_name


@dataclass(frozen=True)
class ServerUser:
    """The owner of a server's files and processes.

    Attributes:
        name: Login name.
        user: User id for `subprocess`; None if it is this process's user.
        group: Group id for `subprocess`, or None.
        extra_groups: Supplementary groups for `subprocess`, or None.
    """

    name: str
    user: int | None = None
    group: int | None = None
    extra_groups: tuple[int, ...] | None = None

    @classmethod
    def of_this_process(cls) -> "ServerUser":
        """Return this process's effective user, or an unprivileged one if that is root."""
        if os.geteuid() != 0:
            return cls(effective_user_name())
        entry = pwd.getpwnam(UNPRIVILEGED)
        return cls(UNPRIVILEGED, entry.pw_uid, entry.pw_gid, ())

    def run(self, *command: str) -> str:
        """Run a PostgreSQL program and return its output.

        Raises:
            PostgresqlError: it failed; the message quotes its error output.
        """
        # The program's user may not have access to the caller's folder.
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
            said = done.stderr.strip() or f"exit status {done.returncode}"
            message = f"{Path(command[0]).name} failed: {said}"
            raise PostgresqlError(message)
        return done.stdout

    def own(self, folder: Path) -> None:
        """Make this user the owner of a folder and its contents.

        Raises:
            FolderError: the user has no access to it.
        """
        if self.user is None or self.group is None:
            return
        closed = [
            parent for parent in folder.resolve().parents if not parent.stat().st_mode & 0o001
        ]
        if closed:
            message = (
                f"PostgreSQL does not run as root, and {self.name}, who runs it instead, "
                f"has no access to {closed[-1]}: choose another folder"
            )
            raise FolderError(message)
        for path in (folder, *folder.rglob("*")):
            self.own_file(path)

    def own_file(self, path: Path) -> None:
        """Make this user the owner of a file in a folder that belongs to it."""
        if self.user is not None and self.group is not None:
            os.chown(path, self.user, self.group, follow_symlinks=False)


ENVIRONMENT = {"LC_ALL": "C.UTF-8", "PATH": "/usr/bin:/bin"}
"""The environment of every server and tool, without the user's own `PG...` variables."""
