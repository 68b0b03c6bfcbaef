"""The catalogue: every control as data, from which policies, docs and coverage are made."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Literal, TypeAlias

import yaml
from pydantic import BaseModel, ConfigDict, Field, JsonValue

Level: TypeAlias = Literal["mandatory", "advisory", "disabled"]
Severity: TypeAlias = Literal["low", "medium", "high", "critical"]
Profile: TypeAlias = Literal["dev", "prod"]

PROFILES: tuple[Profile, ...] = ("dev", "prod")
REQUIREMENT = "requirement"
"""Framework of a control that no public rule set knows."""

_FOLDER = Path(__file__).parent
SERVICES: tuple[str, ...] = tuple(sorted(path.stem for path in _FOLDER.glob("*.yaml")))
"""Names of the catalogue's parts; the module of the same name holds the checks."""


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Parameter(_Entry):
    """A value that a policy configuration may set.

    Attributes:
        default: Value in prod, and wherever no configuration sets it.
        dev: Value in dev; the default unless given.
    """

    description: str
    schema_: dict[str, JsonValue] = Field(alias="schema")
    default: JsonValue
    dev: JsonValue = None

    def value(self, profile: Profile) -> JsonValue:
        """The value in a profile."""
        return self.dev if profile == "dev" and self.dev is not None else self.default


class Levels(_Entry):
    """Enforcement level by profile."""

    dev: Level
    prod: Level


class Control(_Entry):
    """One control.

    Attributes:
        id: Short, stable identifier; exemptions name it.
        name: Name of the policy, as Pulumi and its configuration files know it.
        title: What a person calls it.
        scope: Whether one resource is judged or the relations of a whole stack.
        resources: Type tokens of what is judged.
        condition: What must hold, in words.
        rules: Identifiers of the public rules that it implies, by framework; the first is primary.
        locked: Neither configuration nor exemption can switch it off on a production stack.
        remediation: How to comply, in this project's configuration.
        link: Where the reason is told.
        note: Why it differs from what a reader of those rules would expect.
    """

    id: str
    name: str
    title: str
    scope: Literal["resource", "stack"] = "resource"
    resources: tuple[str, ...]
    condition: str
    severity: Severity
    levels: Levels
    locked: bool = False
    rules: dict[str, tuple[str, ...]] = {}
    parameters: dict[str, Parameter] = {}
    remediation: str
    link: str
    note: str = ""

    def level(self, profile: Profile) -> Level:
        """Enforcement level in a profile."""
        return self.levels.dev if profile == "dev" else self.levels.prod

    def defaults(self, profile: Profile = "prod") -> dict[str, JsonValue]:
        """Values of the parameters in a profile."""
        return {name: row.value(profile) for name, row in self.parameters.items()}

    @property
    def rule_ids(self) -> tuple[tuple[str, str], ...]:
        """Framework and identifier of every public rule, the primary one first."""
        pairs = ((framework, rule) for framework, ids in self.rules.items() for rule in ids)
        return tuple(pairs) or ((REQUIREMENT, self.id),)


@cache
def catalogue() -> Mapping[str, Control]:
    """Every control by its identifier, in their order.

    Raises:
        ValueError: Two controls share an identifier or a name.
    """
    controls: dict[str, Control] = {}
    names: set[str] = set()
    for service in SERVICES:
        text = (_FOLDER / f"{service}.yaml").read_text(encoding="utf-8")
        for row in yaml.safe_load(text):
            control = Control.model_validate(row)
            if control.id in controls or control.name in names:
                message = f"{service}: {control.id} {control.name} is not unique"
                raise ValueError(message)
            controls[control.id] = control
            names.add(control.name)
    return dict(sorted(controls.items()))


def policy_configuration(profile: Profile) -> dict[str, dict[str, JsonValue]]:
    """What `--policy-pack-config` takes for a profile: level and parameters of every policy."""
    return {
        control.name: {"enforcementLevel": control.level(profile), **control.defaults(profile)}
        for control in catalogue().values()
    }
