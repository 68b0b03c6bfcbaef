"""Sanity queries of a restore drill, on the source and on the restored cluster."""

from collections.abc import Container, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from operations.database.login import Login, session
from operations.errors import CannotRunError

_TABLES = (
    "SELECT schemaname, relname FROM pg_stat_user_tables "
    "ORDER BY pg_total_relation_size(relid) DESC, schemaname, relname LIMIT 20"
)
_STRUCTURE = {
    "tables": "SELECT count(*) FROM pg_stat_user_tables",
    "roles": "SELECT count(*) FROM pg_roles WHERE rolname !~ '^pg_'",
    "extensions": "SELECT string_agg(extname, ', ' ORDER BY extname) FROM pg_extension",
}
"""Queries of every drill."""

ERROR = "error: "
"""Start of the answer of a query that failed."""

NO_TABLE = "no such table"
"""The source's number of rows of a table that was dropped after the restored time."""


@dataclass(frozen=True)
class Answer:
    """A query, and its answers as text.

    Attributes:
        query: Name or text of the query.
        source: Answer of the source, now.
        restored: Answer of the restored cluster.
    """

    query: str
    source: str
    restored: str

    @property
    def failed(self) -> bool:
        """Whether one of them did not answer: such a query compares nothing."""
        return self.source.startswith(ERROR) or self.restored.startswith(ERROR)

    @property
    def is_equal(self) -> bool:
        """Whether both answered, and the same."""
        return self.source == self.restored and not self.failed

    @property
    def both(self) -> str:
        """Both answers in one line."""
        return f"source {self.source or 'nothing'}, restored {self.restored or 'nothing'}"


def read_statements(file: Path | None) -> list[str]:
    """Return the statements of a file, separated by semicolons.

    Args:
        file: The file; None for no statements.

    Raises:
        CannotRunError: the file cannot be read, or is empty.
    """
    if file is None:
        return []
    try:
        text = file.read_text(encoding="utf-8")
    except OSError as error:
        message = f"--sql {file}: {error.strerror}"
        raise CannotRunError(message) from None
    statements = [each.strip() for each in text.split(";") if each.strip()]
    if not statements:
        message = f"--sql {file}: contains no statement"
        raise CannotRunError(message)
    return statements


def compare(source: Login, restored: Login, statements: Sequence[str]) -> list[Answer]:
    """Run the sanity queries and the user's statements on both, in sessions that only read.

    Args:
        source: Login to the source.
        restored: Login to the restored cluster.
        statements: Further statements.

    Raises:
        UnreachableError: one of them cannot be reached.
        LoginRejectedError: one of them rejects the login.
    """
    counts = _counts(restored)
    queries = {**_STRUCTURE, **counts, **{each: each for each in statements}}
    before, after = _answers(source, queries, counts), _answers(restored, queries, counts)
    return [Answer(name, before[name], after[name]) for name in queries]


def _counts(login: Login) -> dict[str, str]:
    """Return a query for the number of rows of each of the largest tables."""
    with session(login) as connection:
        tables = connection.execute(_TABLES).fetchall()
        return {
            f"rows of {schema}.{table}": sql.SQL("SELECT count(*) FROM {}")
            .format(sql.Identifier(schema, table))
            .as_string(connection)
            for schema, table in tables
        }


def _answers(login: Login, queries: dict[str, str], counts: Container[str]) -> dict[str, str]:
    with session(login) as connection:
        return {
            name: _answer(connection, text, is_count=name in counts)
            for name, text in queries.items()
        }


def _answer(connection: psycopg.Connection, query: str, *, is_count: bool) -> str:
    try:
        cursor = connection.execute(query.encode())
        rows: list[tuple[Any, ...]] = cursor.fetchall() if cursor.description else []
    except psycopg.Error as error:
        if is_count and isinstance(error, psycopg.errors.UndefinedTable):
            return NO_TABLE
        return f"{ERROR}{str(error).splitlines()[0]}"
    return "; ".join(", ".join(map(str, row)) for row in rows)
