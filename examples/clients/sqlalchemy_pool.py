"""A SQLAlchemy pool in which each new connection logs in with fresh credentials."""

from collections.abc import Callable

import psycopg
from sqlalchemy import Engine, create_engine


def engine_for(connect: Callable[[], psycopg.Connection]) -> Engine:
    """Return an engine whose pool opens its connections with `connect`.

    Open connections survive a rotation and the end of a token. `pool_pre_ping` replaces connections
    that a failover has closed; `pool_recycle` limits their age to an hour.

    Args:
        connect: `SecretLogin(...).connect`, or `functools.partial(iam_login.connect, ...)`.
    """
    return create_engine(
        "postgresql+psycopg://", creator=connect, pool_pre_ping=True, pool_recycle=3600
    )
