"""Catalogue of controls: the data behind policies, configuration files and documentation."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, JsonValue, field_validator

from ..reading.data_files import read_data
from ..reading.resource_types import GROUPS

Level: TypeAlias = Literal["mandatory", "advisory", "disabled"]
Severity: TypeAlias = Literal["low", "medium", "high", "critical"]
Profile: TypeAlias = Literal["dev", "prod"]

PROFILES: tuple[Profile, ...] = ("dev", "prod")
REQUIREMENT = "requirement"
"""Framework of a control that no public rule set contains."""

CONTROLS = Path(__file__).parents[1] / "controls"
SUBJECTS: tuple[str, ...] = (
    *("rds/clusters", "rds/availability", "rds/instances", "rds/groups", "rds/sharing"),
    *("security/secretsmanager", "security/kms", "security/iam"),
    *("security/trust", "security/access", "security/database_users"),
    "services/security_groups",
    *("services/lambda_functions", "services/cloudwatch", "services/sns"),
    *("stack/resource_options", "stack/kept_data", "stack/unchecked_types", "stack/exemption_use"),
)
"""Files of the catalogue below `controls`, without suffix, in the order in which policies run.

The module of the same name contains the checks. Exemptions come last: which of them are in use is
known only after all other policies have run.
"""


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Parameter(_Entry):
    """A value that a policy configuration can set.

    Attributes:
        default: Value in prod, and wherever no configuration sets it.
        dev: Value in dev, if it differs.
    """

    description: str
    schema_: dict[str, JsonValue] = Field(alias="schema")
    default: JsonValue
    dev: JsonValue = None

    def value(self, profile: Profile) -> JsonValue:
        """Return the value in a profile."""
        return self.dev if profile == "dev" and self.dev is not None else self.default


class Levels(_Entry):
    """Enforcement level by profile."""

    dev: Level
    prod: Level


class Control(_Entry):
    """One control.

    Attributes:
        name: Name of the policy in Pulumi, in policy configurations and in exemptions.
        scope: Whether the check examines one resource or the whole stack.
        resources: Type tokens of the resources that it examines.
        condition: What must hold, in words.
        rules: Identifiers of the public rules that it implies, by framework, primary one first.
        locked: Whether neither configuration nor exemption can lower its level in production.
        remediation: How to comply, in terms of the resource's properties.
        setting: Key of this repository's stack configuration that controls the property.
        link: Documentation of the reason.
        note: How it differs from what the public rules lead to expect.
    """

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
    setting: str = ""
    link: str
    note: str = ""

    @field_validator("resources")
    @classmethod
    def _with_groups_expanded(cls, resources: tuple[str, ...]) -> tuple[str, ...]:
        """Replace the name of a group, such as `identity policies`, by its types."""
        types = (type_ for each in resources for type_ in GROUPS.get(each, (each,)))
        return tuple(dict.fromkeys(types))

    def level(self, profile: Profile) -> Level:
        """Return the enforcement level in a profile."""
        return self.levels.dev if profile == "dev" else self.levels.prod

    def defaults(self, profile: Profile = "prod") -> dict[str, JsonValue]:
        """Return the values of the parameters in a profile."""
        return {name: row.value(profile) for name, row in self.parameters.items()}

    def configuration(self, profile: Profile) -> dict[str, JsonValue]:
        """Return its entry in a profile's configuration file: level and parameters."""
        return {"enforcementLevel": self.level(profile), **self.defaults(profile)}

    @property
    def rule_ids(self) -> tuple[tuple[str, str], ...]:
        """Framework and identifier of every public rule, the primary one first."""
        pairs = ((framework, rule) for framework, ids in self.rules.items() for rule in ids)
        return tuple(pairs) or ((REQUIREMENT, self.name),)


class Subject(_Entry):
    """Controls of one kind of resource."""

    title: str
    controls: tuple[Control, ...]


@cache
def subjects() -> tuple[Subject, ...]:
    """Return every part of the catalogue, in the order of `SUBJECTS`."""
    paths = (CONTROLS / f"{subject}.yaml" for subject in SUBJECTS)
    return tuple(Subject.model_validate(read_data(path)) for path in paths)


@cache
def catalogue() -> Mapping[str, Control]:
    """Return every control by its name, in the order in which policies run.

    Raises:
        ValueError: Two controls have the same name.
    """
    controls: dict[str, Control] = {}
    for subject in subjects():
        for control in subject.controls:
            if control.name in controls:
                message = f"{control.name} is defined twice"
                raise ValueError(message)
            controls[control.name] = control
    return controls


def policy_configuration(profile: Profile) -> dict[str, dict[str, JsonValue]]:
    """Return the content of a `--policy-pack-config` file: level and parameters of every policy."""
    return {control.name: control.configuration(profile) for control in catalogue().values()}
