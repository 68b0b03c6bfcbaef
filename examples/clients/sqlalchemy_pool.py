"""A SQLAlchemy pool whose new connections log in with the current secret."""

from sqlalchemy import Engine, create_engine

from examples.clients.secret_login import SecretLogin


def engine_for(login: SecretLogin) -> Engine:
    """Return an engine whose pool connects through `login`.

    Open connections survive a rotation. `pool_pre_ping` replaces connections that a failover has
    closed; `pool_recycle` limits their age to an hour.
    """
    return create_engine(
        "postgresql+psycopg://", creator=login.connect, pool_pre_ping=True, pool_recycle=3600
    )
