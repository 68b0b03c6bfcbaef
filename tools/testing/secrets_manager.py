"""An in-memory Secrets Manager with AWS's rules for staging labels.

It allows a thousand rotations in a minute. Its responses follow the API reference;
tests/emulator/test_in_memory_secrets_manager.py compares them with the
emulated AWS.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NoReturn

from botocore.exceptions import ClientError

CURRENT, PENDING, PREVIOUS = "AWSCURRENT", "AWSPENDING", "AWSPREVIOUS"
NOT_FOUND = "ResourceNotFoundException"


@dataclass
class InMemoryVersion:
    value: str | None = None
    labels: set[str] = field(default_factory=set[str])


@dataclass
class InMemorySecret:
    versions: dict[str, InMemoryVersion] = field(default_factory=dict[str, InMemoryVersion])
    rotates: bool = True

    def holder(self, label: str) -> str | None:
        found = (key for key, version in self.versions.items() if label in version.labels)
        return next(found, None)

    def value(self, label: str) -> str | None:
        holder = self.holder(label)
        return None if holder is None else self.versions[holder].value

    def move(self, label: str, target: str) -> None:
        source = self.holder(label)
        if source == target:
            return
        if source is not None:
            self.versions[source].labels.discard(label)
            if label == CURRENT:
                self._leave_previous(source)
                self.versions[target].labels.discard(PREVIOUS)
        self.versions[target].labels.add(label)

    def _leave_previous(self, version_id: str) -> None:
        before = self.holder(PREVIOUS)
        if before is not None:
            self.versions[before].labels.discard(PREVIOUS)
        self.versions[version_id].labels.add(PREVIOUS)

    def stage(self, token: str) -> str:
        """Start a rotation as RotateSecret does, and return its version.

        An unfinished rotation is resumed instead.
        """
        unfinished = self.holder(PENDING)
        if unfinished is not None and unfinished != self.holder(CURRENT):
            return unfinished
        self.versions.setdefault(token, InMemoryVersion())
        self.move(PENDING, token)
        return token


class InMemorySecretsManager:
    """Secrets by ID."""

    def __init__(self) -> None:
        self.secrets: dict[str, InMemorySecret] = {}

    def create(self, secret_id: str, value: str, token: str) -> InMemorySecret:
        secret = self.secrets[secret_id] = InMemorySecret(
            {token: InMemoryVersion(value, {CURRENT})}
        )
        return secret

    def describe_secret(self, *, SecretId: str) -> Mapping[str, Any]:  # noqa: N803 - boto3's names
        secret = self._secret(SecretId, "DescribeSecret")
        labels = {key: sorted(version.labels) for key, version in secret.versions.items()}
        return {
            "RotationEnabled": secret.rotates,
            "VersionIdsToStages": {key: found for key, found in labels.items() if found},
        }

    def get_secret_value(self, **members: str) -> Mapping[str, Any]:
        secret = self._secret(members["SecretId"], "GetSecretValue")
        holder = secret.holder(members.get("VersionStage", CURRENT))
        wanted = members.get("VersionId", holder)
        if wanted in secret.versions and wanted != holder:
            _reject("GetSecretValue", "InvalidRequestException")
        value = secret.versions[holder].value if holder and holder == wanted else None
        if value is None:
            _reject("GetSecretValue", NOT_FOUND)
        return {"SecretString": value}

    def put_secret_value(self, **members: Any) -> Mapping[str, Any]:
        secret, token = (
            self._secret(members["SecretId"], "PutSecretValue"),
            members["ClientRequestToken"],
        )
        stored = secret.versions.get(token)
        if stored is not None and stored.value is not None:
            if stored.value != members["SecretString"]:
                _reject("PutSecretValue", "ResourceExistsException")
            return {}
        # AWS deletes a version without labels after a day or more; here it stays.
        secret.versions.setdefault(token, InMemoryVersion()).value = members["SecretString"]
        for label in members["VersionStages"]:
            secret.move(label, token)
        return {}

    def update_secret_version_stage(self, **members: str) -> Mapping[str, Any]:
        secret = self._secret(members["SecretId"], "UpdateSecretVersionStage")
        label = members["VersionStage"]
        source, target = members.get("RemoveFromVersionId"), members.get("MoveToVersionId")
        holder = secret.holder(label)
        if any(key and key not in secret.versions for key in (source, target)):
            _reject("UpdateSecretVersionStage", NOT_FOUND)
        if holder not in (None, source, target) or (source and source != holder):
            _reject("UpdateSecretVersionStage", "InvalidParameterException")
        if target:
            secret.move(label, target)
        elif holder and label != CURRENT:
            secret.versions[holder].labels.discard(label)
        else:
            _reject("UpdateSecretVersionStage", "InvalidParameterException")
        return {}

    def _secret(self, secret_id: str, operation: str) -> InMemorySecret:
        if secret_id not in self.secrets:
            _reject(operation, NOT_FOUND)
        return self.secrets[secret_id]


def _reject(operation: str, code: str) -> NoReturn:
    raise ClientError({"Error": {"Code": code, "Message": "as AWS would report"}}, operation)
