"""Statements of a setup, and what it reports."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from components.database_functions.database import Session
from components.database_functions.errors import StatementError


@dataclass(frozen=True)
class Change:
    """A statement that makes an object what the declaration says.

    Attributes:
        description: The object and what happens to it, for people; empty if the change before it
            says it.
        sql: The statement; it never contains a password.
    """

    description: str
    sql: str


@dataclass
class Report:
    """The result of a setup.

    Attributes:
        changed: What was changed, in order.
        warnings: What was changed and may surprise.
        remaining: What differs from the declaration and stays, with the remedy.
    """

    changed: list[str] = field(default_factory=list[str])
    warnings: list[str] = field(default_factory=list[str])
    remaining: list[str] = field(default_factory=list[str])

    def run(self, session: Session, changes: Iterable[Change]) -> None:
        """Run statements.

        Raises:
            StatementError: The database rejected one; the text names its object and the statement.
        """
        for change in changes:
            try:
                session.run(change.sql)
            except StatementError as failure:
                message = f"{change.description or 'setup'}: {change.sql}: {failure}"
                raise StatementError(message) from None
            if change.description:
                self.changed.append(change.description)

    def members(self) -> dict[str, Sequence[str]]:
        """Return the report as JSON members."""
        return {
            "changed": self.changed,
            "warnings": self.warnings,
            "remaining": self.remaining,
        }
