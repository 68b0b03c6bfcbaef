"""Runs a migration tool while holding an advisory lock: `python -m orders.locked COMMAND...`.

Two deployments at the same time so migrate one after the other. Any tool fits that connects by
libpq's variables (PGHOST, PGUSER, PGPASSWORD, ...), which ECS sets from the task definition.
"""

import subprocess
import sys
import time

import psycopg

LOCK = 7_252_026
"""The lock's key; every tool that migrates this database must use the same."""
PATIENCE = 600.0
PAUSE = 1.0


def main(command: list[str], patience: float = PATIENCE) -> int:
    """Run the command when no other migration runs, and return its exit status.

    Args:
        command: The migration tool.
        patience: How long another migration is waited for, in seconds.
    """
    deadline = time.monotonic() + patience
    # In autocommit mode the session is idle, and never idle in a transaction, while the tool runs.
    with psycopg.connect(autocommit=True, application_name="migrations") as connection:
        while not _lock(connection):
            if time.monotonic() > deadline:
                print(f"another migration has run for {patience:.0f} s", file=sys.stderr)
                return 1
            time.sleep(PAUSE)
        return subprocess.run(command, check=False).returncode


def _lock(connection: psycopg.Connection) -> bool:
    # Not pg_advisory_lock, which statement_timeout would end.
    row = connection.execute("SELECT pg_try_advisory_lock(%s)", (LOCK,)).fetchone()
    return row == (True,)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
