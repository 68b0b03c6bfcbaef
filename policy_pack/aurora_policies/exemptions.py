"""Exemptions: resources that a control does not apply to, for a reason and until a date.

Which exemptions were needed shows only when every other policy has run, so the two controls here
come last in the catalogue.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from fnmatch import fnmatchcase
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, field_validator

from .catalogue import catalogue
from .checks import Findings, stack_check
from .resources import Finding, Parameters, Resource, Stack

FILE = Path(__file__).parents[1] / "exemptions.yaml"


class Exemption(BaseModel):
    """One exemption.

    Attributes:
        control: Identifier of a control that is not locked.
        resource: URN of the resource; `*` stands for anything.
        reason: Why the control does not apply to it.
        expires: Last day of the exemption.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    control: str
    resource: str = Field(pattern=r"^urn:pulumi:.+::")
    reason: str = Field(min_length=10)
    expires: date

    @field_validator("control")
    @classmethod
    def _can_be_exempt(cls, control: str) -> str:
        if control not in catalogue():
            message = f"{control} is no control of the catalogue"
            raise ValueError(message)
        if catalogue()[control].locked:
            message = f"{control} is locked: no resource is exempt from it"
            raise ValueError(message)
        return control

    def applies_to(self, stack: str) -> bool:
        """Whether it may apply to resources of a stack, by the start of their URNs."""
        return fnmatchcase(stack, self.resource.partition("::")[0])


_ENTRIES = TypeAdapter(list[Exemption])


class Exemptions:
    """The exemptions of a run, and which of them were needed.

    Args:
        entries: All exemptions.
        today: Day of the run.
    """

    def __init__(self, entries: Iterable[Exemption] = (), today: date | None = None) -> None:
        self._today = today or datetime.now(UTC).date()
        self.entries = tuple(entries)
        self.used: dict[Exemption, dict[str, Resource]] = {}

    def admit(self, control_id: str, resource: Resource) -> bool:
        """Whether a resource is exempt from a control; the exemption counts as needed then."""
        for entry in self.entries:
            matches = entry.control == control_id and fnmatchcase(resource.urn, entry.resource)
            if matches and not self.has_expired(entry):
                self.used.setdefault(entry, {})[resource.urn] = resource
                return True
        return False

    def has_expired(self, entry: Exemption) -> bool:
        """Whether the last day of an exemption is past."""
        return entry.expires < self._today


def read_exemptions(path: Path = FILE) -> Exemptions:
    """The exemptions of a file.

    Raises:
        ValueError: The file is malformed, or exempts from a control that is locked or unknown.
    """
    rows = yaml.safe_load(path.read_text(encoding="utf-8"))
    return Exemptions(_ENTRIES.validate_python(rows))


@stack_check("Z01")
def tells_used_exemptions(stack: Stack) -> Findings:
    """Whoever reads the plan learns what is not being held to the rules."""
    for entry, resources in stack.exemptions.used.items():
        for resource in resources.values():
            found = f"in use ({entry.reason})"
            yield Finding(
                resource, f"exemption from {entry.control}", found, f"gone after {entry.expires}"
            )


@stack_check("Z02")
def has_valid_exemptions_only(stack: Stack) -> Findings:
    """No exemption outlives its date or its need."""
    stacks = {each.urn.partition("::")[0] for each in stack.resources}
    for entry in stack.exemptions.entries:
        file = Resource("", "", FILE.name, None, Parameters({}))
        path = f"exemption of {entry.resource} from {entry.control}"
        if stack.exemptions.has_expired(entry):
            yield Finding(file, path, "expired", f"renewed or removed since {entry.expires}")
        elif entry not in stack.exemptions.used and any(map(entry.applies_to, stacks)):
            yield Finding(file, path, "not needed", "removed")
