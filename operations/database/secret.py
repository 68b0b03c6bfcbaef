"""Versions of a database secret, and the logins that they are for."""

import json
from dataclasses import dataclass, field
from typing import Any, cast

from operations.aws.clients import AwsClients
from operations.aws.errors import AwsCallError
from operations.database.login import Login, connect_seconds
from operations.outputs import StackOutputs

CURRENT, PENDING, PREVIOUS = "AWSCURRENT", "AWSPENDING", "AWSPREVIOUS"
STAGES = (CURRENT, PENDING, PREVIOUS)
_INVALID_REQUEST = "InvalidRequestException"
_MARKED = "marked for deletion"
_READ = "secretsmanager:GetSecretValue"


class SecretDeletedError(AwsCallError):
    """The secret is scheduled for deletion; until it is restored, nobody can read or rotate it."""

    def __init__(self, arn: str) -> None:
        super().__init__(_READ, _INVALID_REQUEST, f"{arn} is scheduled for deletion")
        self.arn = arn

    def __str__(self) -> str:
        """Return what is wrong, and the command that repairs it."""
        return (
            f"the secret {self.arn.rpartition(':')[2]} is scheduled for deletion: restore it with "
            f"`aws secretsmanager restore-secret --secret-id {self.arn}`"
        )


@dataclass(frozen=True)
class SecretValue:
    """One version of a database secret.

    Attributes:
        version: Version ID.
        content: The JSON object; None if the value is something else.
    """

    version: str
    content: dict[str, Any] | None = field(repr=False)

    @property
    def password(self) -> str | None:
        """The password; None without one."""
        found = self.content.get("password") if self.content else None
        return str(found) if found else None


def read_secret(aws: AwsClients, arn: str, stage: str = CURRENT) -> SecretValue:
    """Read a version of a secret.

    Args:
        aws: Clients of the secret's region.
        arn: The secret.
        stage: Staging label of the version.

    Raises:
        SecretDeletedError: the secret is scheduled for deletion.
        AwsCallError: AWS rejected the call, for example because no version has the label.
    """
    try:
        answer = aws.call("secretsmanager", "get_secret_value", SecretId=arn, VersionStage=stage)
    except AwsCallError as error:
        if error.code == _INVALID_REQUEST and _MARKED in error.reason:
            raise SecretDeletedError(arn) from None
        raise
    return SecretValue(answer["VersionId"], _content(answer.get("SecretString", "")))


def login_of(outputs: StackOutputs, value: SecretValue, *, reader: bool = False) -> Login:
    """Return the login at the stack's own endpoint, whatever host the secret names.

    Args:
        outputs: The stack.
        value: Version of a secret with a JSON object.
        reader: Use the reader endpoint.
    """
    content = value.content or {}
    return Login(
        outputs.reader_endpoint if reader else outputs.cluster_endpoint,
        outputs.port,
        outputs.database_name,
        str(content.get("username", "")),
        value.password or "",
        connect_seconds(outputs),
    )


def is_scheduled_for_deletion(secret: dict[str, Any]) -> bool:
    """Return whether a secret is in its recovery window.

    Args:
        secret: Response of DescribeSecret.
    """
    return secret.get("DeletedDate") is not None


def holders(secret: dict[str, Any]) -> dict[str, str]:
    """Return the version that has each staging label.

    Args:
        secret: Response of DescribeSecret.
    """
    return {
        stage: version
        for version, stages in secret.get("VersionIdsToStages", {}).items()
        for stage in stages
    }


def _content(value: str) -> dict[str, Any] | None:
    try:
        content: object = json.loads(value)
    except ValueError:
        return None
    return cast("dict[str, Any]", content) if isinstance(content, dict) else None
