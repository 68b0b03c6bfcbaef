"""Connect with psycopg and the secret, which is read again when a login is refused."""

import json
import time
from typing import Any, cast

import boto3
import psycopg

PATIENCE = 30.0
"""Seconds in which a rotation with one user gets from the database's change to the secret's."""
PAUSE = 0.5


class SecretLogin:
    """Opens connections to the database that a secret is for.

    Args:
        secret_id: The stack's output `secretArn` or `applicationSecretArn`.
        certificates: RDS's certificate bundle, https://truststore.pki.rds.amazonaws.com/.
        patience: How long a refused login is tried again.
    """

    def __init__(self, secret_id: str, certificates: str, patience: float = PATIENCE) -> None:
        self._secret_id, self._certificates = secret_id, certificates
        self._patience = patience
        self._client = cast("Any", boto3).client("secretsmanager")
        self._secret: dict[str, Any] | None = None

    def connect(self) -> psycopg.Connection:
        """Log in; read the secret the first time and after a refusal only.

        Raises:
            psycopg.OperationalError: no server answers, or the login is refused for good.
        """
        deadline = time.monotonic() + self._patience
        secret = self._secret or self._read()
        while True:
            try:
                return psycopg.connect(
                    host=secret["host"],
                    port=secret["port"],
                    user=secret["username"],
                    password=secret["password"],
                    dbname=secret["dbname"],
                    sslmode="verify-full",
                    sslrootcert=self._certificates,
                    connect_timeout=10,
                )
            except psycopg.OperationalError as failure:
                # psycopg has no SQLSTATE of a refused login (28P01), only the server's words.
                if "authentication failed" not in str(failure) or time.monotonic() > deadline:
                    raise
            refused, secret = secret, self._read()
            if secret == refused:
                # The rotation has changed the database and not yet the secret.
                time.sleep(PAUSE)

    def _read(self) -> dict[str, Any]:
        answer = self._client.get_secret_value(SecretId=self._secret_id)
        self._secret = json.loads(answer["SecretString"])
        return json.loads(answer["SecretString"])
