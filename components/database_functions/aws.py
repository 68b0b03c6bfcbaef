"""Clients of AWS services."""

from typing import Any, cast

import boto3
from botocore.config import Config

from components.database_functions.secrets_manager import SecretsManager

_CALLS = Config(
    connect_timeout=5, read_timeout=10, retries={"mode": "standard", "total_max_attempts": 4}
)


def secrets_manager_client() -> SecretsManager:
    """Return a client of Secrets Manager that gives up early enough to report it."""
    session = cast("Any", boto3)
    return cast("SecretsManager", session.client("secretsmanager", config=_CALLS))
