"""A setup: one run that brings databases and users in line with the declaration."""

import time
from contextlib import AbstractContextManager
from typing import Protocol

from components.database_functions.database import Session
from components.database_functions.errors import SetupBusyError
from components.database_functions.setup.changes import Report
from components.database_functions.setup.databases import (
    content_changes,
    creation,
    missing_databases,
)
from components.database_functions.setup.declaration import Declaration, DeclaredDatabase
from components.database_functions.setup.privileges import Privileges
from components.database_functions.setup.roles import Roles

LOCK = 0x6175726F7261
"""Key of the advisory lock: two setups never run at the same time."""
LOCK_RETRY_SECONDS = 0.5


class Administrator(Protocol):
    """Opens sessions of the master user."""

    def session(self, database: str = "") -> AbstractContextManager[Session]:
        """Open a session; the default is the initial database."""
        ...


def set_up(
    declaration: Declaration, administrator: Administrator, *, lock_limit: float, dry_run: bool
) -> Report:
    """Bring databases and users in line with the declaration.

    The roles change in one transaction, and each database in another. A failure rolls its
    transaction back; the next run continues.

    Args:
        declaration: The declaration.
        administrator: Opens sessions.
        lock_limit: Seconds to wait for another run.
        dry_run: Roll every transaction back and create no database.

    Raises:
        DeclarationError: What exists contradicts the declaration; nothing was changed.
        SetupBusyError: Another run did not end within the limit.
        StatementError: The database rejected a statement; the text names the object.
    """
    report = Report()
    with administrator.session() as session:
        _lock(session, lock_limit)
        missing = missing_databases(session, declaration.databases)
        with session.transaction(undo=dry_run):
            Roles(session, declaration).apply(report)
        if dry_run:
            report.changed += [creation(each).description for each in missing]
        elif missing:
            report.run(session, map(creation, missing))
            # Settings of users in databases that did not exist before.
            later = Report()
            with session.transaction():
                Roles(session, declaration).apply(later)
            report.changed += later.changed
        for database in declaration.databases:
            if not (dry_run and database in missing):
                with administrator.session(database.name) as inside:
                    _set_up_database(inside, declaration, database, report, undo=dry_run)
    return report


def _set_up_database(
    session: Session,
    declaration: Declaration,
    database: DeclaredDatabase,
    report: Report,
    *,
    undo: bool,
) -> None:
    with session.transaction(undo=undo):
        if undo:
            # The roles that the plan would create exist in this transaction only.
            Roles(session, declaration).apply(Report())
        report.run(session, content_changes(session, database))
        privileges = Privileges(session, database, Roles(session, declaration).managed)
        report.run(session, privileges.changes(report))


def _lock(session: Session, limit: float) -> None:
    """Wait for other setups; the lock ends with the session."""
    deadline = time.monotonic() + limit
    while session.run(f"SELECT pg_catalog.pg_try_advisory_lock({LOCK})") != [[True]]:
        if time.monotonic() + LOCK_RETRY_SECONDS >= deadline:
            message = f"another setup of this cluster did not end within {limit:g} s"
            raise SetupBusyError(message)
        time.sleep(LOCK_RETRY_SECONDS)
