"""Exemptions: resources that a control does not apply to, with a reason and an expiry date."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from fnmatch import fnmatchcase
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, field_validator

from ..reading.data_files import read_data
from ..reading.resources import Resource
from .catalogue import catalogue

FILE = Path(__file__).parents[2] / "exemptions.yaml"


class Exemption(BaseModel):
    """One exemption.

    Attributes:
        control: Name of a control that is not locked.
        resource: URN of the resource; `*` matches any text.
        reason: Why the control does not apply to the resource.
        expires: Last day of the exemption.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    control: str
    resource: str = Field(pattern=r"^urn:pulumi:.+::")
    reason: str = Field(min_length=10)
    expires: date

    @field_validator("control")
    @classmethod
    def _can_be_exempted_from(cls, control: str) -> str:
        if control not in catalogue():
            message = f"{control} is not a control of the catalogue"
            raise ValueError(message)
        if catalogue()[control].locked:
            message = f"{control} is locked: no resource can be exempted from it"
            raise ValueError(message)
        return control

    def applies_to(self, stack: str) -> bool:
        """Return whether it can apply to resources of a stack, given the start of their URNs."""
        return fnmatchcase(stack, self.resource.partition("::")[0])


_ENTRIES = TypeAdapter(list[Exemption])


class Exemptions:
    """The exemptions of a run, and which of them are in use.

    Args:
        entries: All exemptions.
        today: Date of the run.
    """

    def __init__(self, entries: Iterable[Exemption] = (), today: date | None = None) -> None:
        self._today = today or datetime.now(UTC).date()
        self.entries = tuple(entries)
        self.used: dict[Exemption, dict[str, Resource]] = {}

    def exempts(self, control: str, resource: Resource) -> bool:
        """Return whether a resource is exempt from a control, and record the exemption as used."""
        for entry in self.entries:
            matches = entry.control == control and fnmatchcase(resource.urn, entry.resource)
            if matches and not self.has_expired(entry):
                self.used.setdefault(entry, {})[resource.urn] = resource
                return True
        return False

    def has_expired(self, entry: Exemption) -> bool:
        """Return whether the last day of an exemption has passed."""
        return entry.expires < self._today


def read_exemptions(path: Path = FILE) -> Exemptions:
    """Read the exemptions of a file.

    Raises:
        ValueError: The file is malformed, or exempts from a locked or unknown control.
    """
    return Exemptions(_ENTRIES.validate_python(read_data(path)))
