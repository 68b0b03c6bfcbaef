"""The versions of one secret, as one rotation sees them."""

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from typing import Any, Protocol

from botocore.exceptions import BotoCoreError, ClientError

from components.database_functions.errors import NotRotatableError, SecretsManagerError
from components.database_functions.rotation.credential import Credential

CURRENT, PENDING, PREVIOUS = "AWSCURRENT", "AWSPENDING", "AWSPREVIOUS"


class SecretsManager(Protocol):
    """What is used of boto3's client."""

    def describe_secret(self, *, SecretId: str) -> Mapping[str, Any]:  # noqa: N803 - boto3's names
        """Return labels and rotation."""
        ...

    def get_secret_value(self, **members: str) -> Mapping[str, Any]:
        """Return a version's value."""
        ...

    def put_secret_value(self, **members: Any) -> Mapping[str, Any]:
        """Give a version its value."""
        ...

    def update_secret_version_stage(self, **members: str) -> Mapping[str, Any]:
        """Move a label."""
        ...


class SecretVersions:
    """Reads and labels the versions of a secret on behalf of one rotation.

    Args:
        client: Secrets Manager.
        secret_id: ARN or name.
        token: The rotation's ClientRequestToken, which is the id of the version that it makes.
    """

    def __init__(self, client: SecretsManager, secret_id: str, token: str) -> None:
        self._client = client
        self._secret = secret_id
        self._token = token

    def is_promoted(self) -> bool:
        """Whether this rotation has been completed.

        Raises:
            NotRotatableError: it has not, and it is not the one that is going on.
        """
        with answers():
            secret = self._client.describe_secret(SecretId=self._secret)
        labels = secret.get("VersionIdsToStages", {}).get(self._token)
        if not secret.get("RotationEnabled"):
            message = f"rotation is not enabled for {self._secret}"
            raise NotRotatableError(message)
        if labels is None:
            message = f"{self._secret} has no version {self._token}"
            raise NotRotatableError(message)
        if CURRENT not in labels and PENDING not in labels:
            message = f"version {self._token} of {self._secret} is not labelled {PENDING}"
            raise NotRotatableError(message)
        return CURRENT in labels

    def current(self) -> Credential:
        """Return what clients use now.

        Raises:
            NotRotatableError: there is none.
        """
        found = self._read(CURRENT)
        if found is None:
            message = f"{self._secret} has no {CURRENT} version"
            raise NotRotatableError(message)
        return found

    def previous(self) -> Credential | None:
        """Return what clients used before, or None."""
        return self._read(PREVIOUS)

    def pending(self) -> Credential | None:
        """Return the value that this rotation has made, or None while it has none."""
        return self._read(PENDING, VersionId=self._token)

    def put_pending(self, credential: Credential) -> None:
        """Store this rotation's value, unless another run of the same step just has."""
        with answers(unless="ResourceExistsException"):
            self._client.put_secret_value(
                SecretId=self._secret,
                ClientRequestToken=self._token,
                SecretString=credential.dump(),
                VersionStages=[PENDING],
            )

    def current_id(self) -> str:
        """Return the id of the current version."""
        with answers():
            secret = self._client.describe_secret(SecretId=self._secret)
        labelled: Mapping[str, list[str]] = secret["VersionIdsToStages"]
        return next(version for version, labels in labelled.items() if CURRENT in labels)

    def promote(self, replaced: str) -> None:
        """Make this rotation's version the current one; AWS moves AWSPREVIOUS by itself.

        Args:
            replaced: The version that was current before this one was found to open the database.
                AWS refuses if another one is by now: its password would be the right one.
        """
        with answers():
            self._client.update_secret_version_stage(
                SecretId=self._secret,
                VersionStage=CURRENT,
                MoveToVersionId=self._token,
                RemoveFromVersionId=replaced,
            )
            # Left here, it would make AWS take this rotation for unfinished, and refuse the next
            # one, as soon as somebody puts another value.
            self._client.update_secret_version_stage(
                SecretId=self._secret, VersionStage=PENDING, RemoveFromVersionId=self._token
            )

    def _read(self, label: str, **version: str) -> Credential | None:
        return read(self._client, self._secret, label, **version)


def read(
    client: SecretsManager, secret_id: str, label: str = CURRENT, **version: str
) -> Credential | None:
    """Return the value of a labelled version, or None if there is none.

    Raises:
        SecretFormatError: it is no database secret.
        SecretsManagerError: it could not be read.
    """
    with answers(unless="ResourceNotFoundException"):
        got = client.get_secret_value(SecretId=secret_id, VersionStage=label, **version)
        return Credential.parse(str(got.get("SecretString", "")), label)
    return None


@contextmanager
def answers(unless: str = "") -> Generator[None]:
    """Tell failures of a call without what was sent."""
    try:
        yield
    except ClientError as failure:
        error: Mapping[str, str] = failure.response.get("Error", {})  # pyright: ignore[reportAssignmentType]
        if error.get("Code") == unless:
            return
        message = f"{failure.operation_name}: {error.get('Code')}: {error.get('Message')}"
        raise SecretsManagerError(message) from None
    except BotoCoreError as failure:
        # Some of botocore's texts quote the parameters of the call.
        message = f"Secrets Manager was not reached: {type(failure).__name__}"
        raise SecretsManagerError(message) from None
