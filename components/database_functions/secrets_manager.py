"""Secrets Manager: the client that is used, its errors, and the value of a labeled version."""

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from typing import Any, Protocol

from botocore.exceptions import BotoCoreError, ClientError

from components.database_functions.credential import Credential
from components.database_functions.errors import SecretsManagerError

CURRENT, PENDING, PREVIOUS = "AWSCURRENT", "AWSPENDING", "AWSPREVIOUS"


class SecretsManager(Protocol):
    """The part of boto3's client that is used."""

    def describe_secret(self, *, SecretId: str) -> Mapping[str, Any]:  # noqa: N803 - boto3's names
        """Return labels and rotation state."""
        ...

    def get_secret_value(self, **members: str) -> Mapping[str, Any]:
        """Return a version's value."""
        ...

    def put_secret_value(self, **members: Any) -> Mapping[str, Any]:
        """Store a version's value."""
        ...

    def update_secret_version_stage(self, **members: str) -> Mapping[str, Any]:
        """Move a label."""
        ...


def read(
    client: SecretsManager, secret_id: str, label: str = CURRENT, **version: str
) -> Credential | None:
    """Return the value of a labeled version, or None if there is none.

    Raises:
        SecretFormatError: The value is not a database secret.
        SecretsManagerError: The value cannot be read.
    """
    with translate_client_errors(ignore="ResourceNotFoundException"):
        found = client.get_secret_value(SecretId=secret_id, VersionStage=label, **version)
        return Credential.parse(
            str(found.get("SecretString", "")), f"the {label} version of {secret_id}"
        )
    return None


@contextmanager
def translate_client_errors(ignore: str = "") -> Generator[None]:
    """Translate errors of AWS calls, without the parameters that were sent.

    Args:
        ignore: Error code that is not an error.

    Raises:
        SecretsManagerError: The call failed.
    """
    try:
        yield
    except ClientError as failure:
        error: Mapping[str, str] = failure.response.get("Error", {})  # pyright: ignore[reportAssignmentType]
        if error.get("Code") == ignore:
            return
        message = f"{failure.operation_name}: {error.get('Code')}: {error.get('Message')}"
        raise SecretsManagerError(message) from None
    except BotoCoreError as failure:
        # Some of botocore's texts quote the parameters of the call.
        message = f"Secrets Manager could not be reached: {type(failure).__name__}"
        raise SecretsManagerError(message) from None
