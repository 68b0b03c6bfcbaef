"""The service's connections: by IAM token, or by a secret that is read again after a rotation."""

import os
from collections.abc import Mapping
from functools import partial

from sqlalchemy import Engine

from examples.clients import iam_login
from examples.clients.secret_login import SecretLogin
from examples.clients.sqlalchemy_pool import engine_for


def open_pool(environment: Mapping[str, str] = os.environ) -> Engine:
    """Return a pool of connections.

    Args:
        environment: The variables of the task definition, and PGSSLROOTCERT of the image.
    """
    certificates = environment["PGSSLROOTCERT"]
    secret = environment.get("DATABASE_SECRET_ARN")
    if secret:
        return engine_for(SecretLogin(secret, certificates).connect)
    return engine_for(
        partial(
            iam_login.connect,
            host=environment["PGHOST"],
            port=int(environment["PGPORT"]),
            user=environment["PGUSER"],
            database=environment["PGDATABASE"],
            region=environment["AWS_REGION"],
            certificates=certificates,
        )
    )
