"""Connect without a stored password: an IAM token for each connection."""

from typing import Any, cast

import boto3
import psycopg


def connect(
    *, host: str, port: int, user: str, database: str, region: str, certificates: str
) -> psycopg.Connection:
    """Log in as a user with `authentication: iam`.

    The token is sent as a password, so the server must be verified over TLS.

    Args:
        host: Stack output `clusterEndpoint`; the token is valid for this name only.
        port: Output `port`.
        user: A key of output `users`.
        database: One of the databases of this user.
        region: The stack's region.
        certificates: RDS's certificate bundle, https://truststore.pki.rds.amazonaws.com/.
    """
    return psycopg.connect(
        host=host,
        port=port,
        user=user,
        password=new_token(host, port, user, region),
        dbname=database,
        sslmode="verify-full",
        sslrootcert=certificates,
        connect_timeout=10,
    )


def new_token(host: str, port: int, user: str, region: str) -> str:
    """Sign a token, without a call to AWS.

    It is valid for 15 minutes. Generate a new one for every connection.
    """
    client = cast("Any", boto3).client("rds", region_name=region)
    return client.generate_db_auth_token(DBHostname=host, Port=port, DBUsername=user)
