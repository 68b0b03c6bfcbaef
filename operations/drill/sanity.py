"""Sanity queries of a restore drill, on the source and on the restored cluster."""

from collections.abc import Sequence
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
    def is_equal(self) -> bool:
        """Whether both answered the same."""
        return self.source == self.restored

    @property
    def failed(self) -> bool:
        """Whether the restored cluster did not answer although the source did."""
        return self.restored.startswith(ERROR) and not self.source.startswith(ERROR)


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
    queries = {**_STRUCTURE, **_counts(restored), **{each: each for each in statements}}
    before, after = _answers(source, queries), _answers(restored, queries)
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


def _answers(login: Login, queries: dict[str, str]) -> dict[str, str]:
    with session(login) as connection:
        return {name: _answer(connection, text) for name, text in queries.items()}


def _answer(connection: psycopg.Connection, query: str) -> str:
    try:
        cursor = connection.execute(query.encode())
        rows: list[tuple[Any, ...]] = cursor.fetchall() if cursor.description else []
    except psycopg.Error as error:
        return f"{ERROR}{str(error).splitlines()[0]}"
    return "; ".join(", ".join(map(str, row)) for row in rows)
