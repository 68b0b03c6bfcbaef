"""The versions of one secret, from the point of view of one rotation."""

import time
from collections.abc import Mapping
from typing import Any

from components.database_functions.credential import Credential
from components.database_functions.errors import NotRotatableError
from components.database_functions.secrets_manager import (
    CURRENT,
    PENDING,
    PREVIOUS,
    SecretsManager,
    read,
    translate_client_errors,
)

READ_ATTEMPTS = 5
READ_RETRY_SECONDS = 1.0
"""Secrets Manager is eventually consistent: a version that exists may not be readable yet."""


class SecretVersions:
    """Reads and labels the versions of a secret on behalf of one rotation.

    Args:
        client: Secrets Manager client.
        secret_id: ARN or name of the secret.
        token: ClientRequestToken of the rotation, which is the ID of its version.
    """

    def __init__(self, client: SecretsManager, secret_id: str, token: str) -> None:
        self._client = client
        self._secret = secret_id
        self._token = token

    def is_promoted(self) -> bool:
        """Return whether this rotation's version is the current one.

        Raises:
            NotRotatableError: It is not, and it is not the pending one either.
        """
        secret = self._describe()
        labels = secret.get("VersionIdsToStages", {}).get(self._token)
        if not secret.get("RotationEnabled"):
            message = f"rotation is not enabled for {self._secret}"
            raise NotRotatableError(message)
        if labels is None:
            message = f"{self._secret} has no version {self._token}"
            raise NotRotatableError(message)
        if CURRENT not in labels and PENDING not in labels:
            message = f"version {self._token} of {self._secret} is not labeled {PENDING}"
            raise NotRotatableError(message)
        return CURRENT in labels

    def current(self) -> Credential:
        """Return the current credentials.

        Raises:
            NotRotatableError: There is no current version.
        """
        found = self._read(CURRENT)
        if found is None:
            message = f"{self._secret} has no {CURRENT} version; store a database secret first"
            raise NotRotatableError(message)
        return found

    def previous(self) -> Credential | None:
        """Return the previous credentials, or None."""
        return self._read(PREVIOUS)

    def pending_or_none(self) -> Credential | None:
        """Return this rotation's credentials, or None while they have not been created."""
        return self._read(PENDING, VersionId=self._token)

    def pending(self) -> Credential:
        """Return this rotation's credentials, which an earlier step has created.

        Raises:
            NotRotatableError: They cannot be read within `READ_ATTEMPTS`.
        """
        for attempt in range(READ_ATTEMPTS):
            if attempt:
                time.sleep(READ_RETRY_SECONDS)
            found = self.pending_or_none()
            if found is not None:
                return found
        message = (
            f"version {self._token} of {self._secret} is labeled {PENDING} but has no readable "
            f"value after {READ_ATTEMPTS} attempts; createSecret stores it"
        )
        raise NotRotatableError(message)

    def put_pending(self, credential: Credential) -> None:
        """Store this rotation's credentials, unless a concurrent run already has."""
        with translate_client_errors(ignore="ResourceExistsException"):
            self._client.put_secret_value(
                SecretId=self._secret,
                ClientRequestToken=self._token,
                SecretString=credential.dump(),
                VersionStages=[PENDING],
            )

    def current_id(self) -> str:
        """Return the ID of the current version."""
        labels: Mapping[str, list[str]] = self._describe()["VersionIdsToStages"]
        return next(version for version, names in labels.items() if CURRENT in names)

    def promote(self, replaced: str) -> None:
        """Make this rotation's version the current one; AWS moves AWSPREVIOUS itself.

        Args:
            replaced: ID of the version that was current before this rotation's was tested. AWS
                rejects the call if another version has become current since, because that version
                would hold the valid password.
        """
        with translate_client_errors():
            self._client.update_secret_version_stage(
                SecretId=self._secret,
                VersionStage=CURRENT,
                MoveToVersionId=self._token,
                RemoveFromVersionId=replaced,
            )
        self._remove_pending_label()

    def remove_leftover_label(self) -> None:
        """Remove AWSPENDING from this rotation's version if an interrupted run left it there."""
        if PENDING in self._describe()["VersionIdsToStages"].get(self._token, ()):
            self._remove_pending_label()

    def _remove_pending_label(self) -> None:
        # With the label left on a version that is no longer current, Secrets Manager would consider
        # the rotation incomplete and reject the next one.
        with translate_client_errors():
            self._client.update_secret_version_stage(
                SecretId=self._secret, VersionStage=PENDING, RemoveFromVersionId=self._token
            )

    def _describe(self) -> Mapping[str, Any]:
        with translate_client_errors():
            return self._client.describe_secret(SecretId=self._secret)

    def _read(self, label: str, **version: str) -> Credential | None:
        return read(self._client, self._secret, label, **version)
