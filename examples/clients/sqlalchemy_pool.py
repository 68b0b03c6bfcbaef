"""A SQLAlchemy pool whose new connections log in with what the secret says."""

from sqlalchemy import Engine, create_engine

from examples.clients.secret_login import SecretLogin


def engine_for(login: SecretLogin) -> Engine:
    """Return an engine that asks `login` for every connection its pool opens.

    Connections that are open survive a rotation. `pool_pre_ping` replaces those that a failover
    has ended; `pool_recycle` lets none grow older than an hour.
    """
    return create_engine(
        "postgresql+psycopg://", creator=login.connect, pool_pre_ping=True, pool_recycle=3600
    )
