"""Queries as the master user, in sessions that reject writes."""

from collections.abc import Sequence
from dataclasses import replace

import psycopg

from operations.context import Context
from operations.database.login import (
    LoginRejectedError,
    UnavailableError,
    UnreachableError,
    session,
)
from operations.database.queries import Query
from operations.database.secret import login_of, read_secret
from operations.errors import CannotRunError

Rows = tuple[list[str], list[tuple[object, ...]]]
"""Names of columns, and rows."""


def run_query(context: Context, query: Query, *, reader: bool = False) -> Rows:
    """Run a query in the initial database.

    Args:
        context: The stack.
        query: The query.
        reader: Use the reader endpoint.

    Raises:
        CannotRunError: the database cannot be reached, rejects the login or the query.
    """
    (rows,) = run_queries(context, [query], reader=reader)
    return rows


def run_queries(
    context: Context,
    queries: Sequence[Query],
    *,
    database: str | None = None,
    reader: bool = False,
) -> list[Rows]:
    """Run queries in one session.

    Args:
        context: The stack.
        queries: The queries.
        database: The database. Default: the initial one.
        reader: Use the reader endpoint.

    Raises:
        CannotRunError: the database cannot be reached, rejects the login or a query.
    """
    value = read_secret(context.aws, context.outputs.master_secret_arn)
    login = login_of(context.outputs, value, reader=reader)
    try:
        with session(replace(login, database=database or login.database)) as connection:
            return [_rows(connection, query) for query in queries]
    except LoginRejectedError as refused:
        message = (
            f"the database refuses the login of the master user: {refused}. "
            f"`verify --only login-current --stack {context.stack}` finds the cause"
        )
        raise CannotRunError(message) from None
    except UnavailableError as error:
        raise CannotRunError(str(error)) from None
    except UnreachableError as error:
        message = f"{error}. Run the command where the database can be reached, inside the VPC"
        raise CannotRunError(message) from None
    except psycopg.errors.UndefinedTable as error:
        message = (
            f"{str(error).splitlines()[0]}: as the master user, run "
            "`CREATE EXTENSION pg_stat_statements` in this database"
        )
        raise CannotRunError(message) from None
    except psycopg.Error as error:
        message = f"the query failed: {str(error).splitlines()[0]}"
        raise CannotRunError(message) from None


def _rows(connection: psycopg.Connection, query: Query) -> Rows:
    cursor = connection.execute(query.sql.encode())
    columns = [column.name for column in cursor.description or ()]
    return columns, cursor.fetchall()
