"""Statements of a setup, and what it reports."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from components.database_functions.database import Session
from components.database_functions.errors import PermissionDeniedError, StatementError


@dataclass(frozen=True)
class Change:
    """A statement that brings an object in line with the declaration.

    Attributes:
        description: The object and what happens to it, for people; empty if the previous change
            already describes it.
        sql: The statement; it never contains a password.
    """

    description: str
    sql: str


@dataclass
class Report:
    """The result of a setup.

    Attributes:
        changed: What was changed, in order.
        warnings: Changes that may be unexpected.
        remaining: Differences that are not changed, each with the remedy.
    """

    changed: list[str] = field(default_factory=list[str])
    warnings: list[str] = field(default_factory=list[str])
    remaining: list[str] = field(default_factory=list[str])

    def run(self, session: Session, changes: Iterable[Change]) -> None:
        """Run statements.

        Raises:
            StatementError: The database rejected one; the text names its object and the statement.
                It is a PermissionDeniedError if the user lacks a privilege.
        """
        for change in changes:
            try:
                session.run(change.sql)
            except StatementError as failure:
                message = f"{change.description or 'setup'}: {change.sql}: {failure}"
                raise type(failure)(message) from None
            if change.description:
                self.changed.append(change.description)

    def attempt(self, session: Session, change: Change, is_made: str) -> bool:
        """Run a statement that the database may reject, or ignore with a warning.

        Args:
            session: A session in a transaction.
            change: The statement; it is reported if it had an effect.
            is_made: A query whose only value is whether it had.

        Returns:
            Whether it had an effect.
        """
        session.run("SAVEPOINT attempt")
        try:
            session.run(change.sql)
        except PermissionDeniedError:
            session.run("ROLLBACK TO SAVEPOINT attempt")
        ((made,),) = session.run(is_made)
        if made:
            self.changed.append(change.description)
        return made

    def members(self) -> dict[str, Sequence[str]]:
        """Return the report as JSON members."""
        return {
            "changed": self.changed,
            "warnings": self.warnings,
            "remaining": self.remaining,
        }
