"""Connect with psycopg and a secret, which is read again when a login is rejected."""

import json
import time
from typing import Any, cast

import boto3
import psycopg

PATIENCE = 30.0
"""Seconds between the changes of the database and of the secret, with a single user."""
PAUSE = 0.5


class SecretLogin:
    """Opens connections to the database that a secret is for.

    Args:
        secret_id: Stack output `users.USER.secretArn`; for administration `masterSecretArn`.
        certificates: RDS's certificate bundle, https://truststore.pki.rds.amazonaws.com/.
        patience: How long a rejected login is retried, in seconds.
    """

    def __init__(self, secret_id: str, certificates: str, patience: float = PATIENCE) -> None:
        self._secret_id, self._certificates = secret_id, certificates
        self._patience = patience
        self._client = cast("Any", boto3).client("secretsmanager")
        self._secret: dict[str, Any] | None = None

    def connect(self) -> psycopg.Connection:
        """Log in; read the secret the first time and after a rejected login only.

        Raises:
            psycopg.OperationalError: No server answers, or the login is still rejected at the end.
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
                # psycopg has no SQLSTATE of a rejected login (28P01), only the server's message.
                if "authentication failed" not in str(failure) or time.monotonic() > deadline:
                    raise
            rejected, secret = secret, self._read()
            if secret == rejected:
                # The rotation has changed the database but not yet the secret.
                time.sleep(PAUSE)

    def _read(self) -> dict[str, Any]:
        answer = self._client.get_secret_value(SecretId=self._secret_id)
        self._secret = json.loads(answer["SecretString"])
        return json.loads(answer["SecretString"])
