"""The state of AWS Backup that moto does not store."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypeVar, cast

from moto.backup.models import BackupBackend, Vault

from emulator.aws.errors import reject
from emulator.aws.moto_adapter.backends import Backends
from emulator.aws.moto_adapter.call import Call

Document = dict[str, Any]
Key = TypeVar("Key")
Stored = TypeVar("Stored")
_ATTRIBUTE = "emulated"
"""Attribute of moto's state, which moto empties with the rest."""


@dataclass
class BackupState:
    """The state of one account and region.

    Attributes:
        selections: Selections by plan and selection ID.
        testing_plans: Restore testing plans by name.
        testing_selections: Their selections by the names of plan and selection.
        jobs: Backup jobs by ID.
        copy_jobs: Copy jobs by ID.
        recovery_points: Recovery points by vault and ARN.
    """

    selections: dict[tuple[str, str], Document] = field(
        default_factory=dict[tuple[str, str], Document]
    )
    testing_plans: dict[str, Document] = field(default_factory=dict[str, Document])
    testing_selections: dict[tuple[str, str], Document] = field(
        default_factory=dict[tuple[str, str], Document]
    )
    jobs: dict[str, Document] = field(default_factory=dict[str, Document])
    copy_jobs: dict[str, Document] = field(default_factory=dict[str, Document])
    recovery_points: dict[tuple[str, str], Document] = field(
        default_factory=dict[tuple[str, str], Document]
    )

    def points_of(self, vault: str) -> list[Document]:
        """Return the recovery points of a vault."""
        return [point for (name, _), point in self.recovery_points.items() if name == vault]


def state_of(place: Backends) -> BackupState:
    """Return the state of an account and region."""
    backend: BackupBackend = place.backup
    return cast("BackupState", backend.__dict__.setdefault(_ATTRIBUTE, BackupState()))


def vault_of(place: Backends, name: str) -> Vault:
    """Return a vault of an account and region.

    Raises:
        ServiceError: ResourceNotFoundException.
    """
    return existing(place.backup.vaults, name, f"Backup vault {name}")


def existing(stored: Mapping[Key, Stored], key: Key, what: str) -> Stored:
    """Return what a request refers to.

    Args:
        stored: Everything of its kind.
        key: Its key.
        what: Kind and name, for the message.

    Raises:
        ServiceError: ResourceNotFoundException.
    """
    if key not in stored:
        reject("ResourceNotFoundException", f"{what} not found")
    return stored[key]


def require_assumable_role(call: Call, arn: str) -> None:
    """Reject a role that is unknown or does not trust AWS Backup.

    Raises:
        ServiceError: InvalidParameterValueException.
    """
    trusting = [
        role
        for role in call.iam.get_roles()
        if role.arn == arn and "backup.amazonaws.com" in role.assume_role_policy_document
    ]
    if not trusting:
        reject("InvalidParameterValueException", f"IAM Role {arn} cannot be assumed by AWS Backup")


def now() -> datetime:
    """Return the time of what happens now."""
    return datetime.now(UTC)
