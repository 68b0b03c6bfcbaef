"""Record of `make compare-cfn-lint`, and its comparison with the accepted differences."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Literal, NamedTuple, TypeAlias

from pydantic import BaseModel, ConfigDict

from emulator.provider.contract import PropertyContract, load
from tools.compare_cfn_lint.mapping import NAMES, property_name
from tools.repository import read_yaml

_FOLDER = Path(__file__).parent
RESULT = _FOLDER / "result.json"

Replaces: TypeAlias = Literal["always", "sometimes", "never", "absent"]
"""Whether a change of a property replaces the resource; absent if there is no such property."""


class _Data(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Finding(_Data):
    """A finding of cfn-lint.

    Attributes:
        template: Name of the template.
        rule: Identifier of the rule.
        resource: Logical id of the resource.
        path: Path of the property in the resource.
        message: Message of the rule.
    """

    template: str
    rule: str
    resource: str
    path: str
    message: str


class Schema(_Data):
    """What the schema of a resource type states about its properties.

    Attributes:
        properties: Names of all properties.
        create_only: Properties whose change replaces the resource.
        conditional: Properties whose change can replace the resource.
    """

    properties: tuple[str, ...]
    create_only: tuple[str, ...]
    conditional: tuple[str, ...]

    def replaces(self, name: str) -> Replaces:
        """Return whether a change of a property replaces the resource."""
        if name in self.create_only:
            return "always"
        if name in self.conditional:
            return "sometimes"
        return "never" if name in self.properties else "absent"


class Result(_Data):
    """Result of a run.

    Attributes:
        version: Version of cfn-lint.
        templates: SHA-256 digests of the templates by stack or example.
        findings: Findings in these templates.
        violations: Rules that each change of `violations.yaml` violates.
        schemas: Schemas of the resource types, by CloudFormation's name.
    """

    version: str
    templates: dict[str, str]
    findings: tuple[Finding, ...]
    violations: dict[str, tuple[str, ...]]
    schemas: dict[str, Schema]


class Violation(_Data):
    """A change that cfn-lint must find; `violations.yaml` describes the fields."""

    resource: str
    properties: Mapping[str, Any]
    rule: str


class AcceptedFinding(_Data):
    """Findings of a rule that are accepted."""

    rule: str
    resources: tuple[str, ...]
    reason: str


class AcceptedReplacement(_Data):
    """Properties on whose replacement CloudFormation and the provider differ.

    Attributes:
        types: Pulumi type tokens; empty for every type.
        properties: CloudFormation's names.
        cloudformation: What CloudFormation's schema states.
        provider: What the provider does.
        reason: Why they differ.
    """

    types: tuple[str, ...] = ()
    properties: tuple[str, ...]
    cloudformation: Replaces
    provider: Replaces
    reason: str


class Differences(_Data):
    """The content of `differences.yaml`."""

    findings: tuple[AcceptedFinding, ...]
    replacements: tuple[AcceptedReplacement, ...]


class Replacement(NamedTuple):
    """A property on whose replacement the two differ."""

    type: str
    property: str
    cloudformation: Replaces
    provider: Replaces

    def is_accepted_by(self, row: AcceptedReplacement) -> bool:
        """Return whether a row lists the difference."""
        return (
            (not row.types or self.type in row.types)
            and self.property in row.properties
            and (self.cloudformation, self.provider) == (row.cloudformation, row.provider)
        )


@cache
def result() -> Result:
    """Return the recorded run."""
    return Result.model_validate_json(RESULT.read_text(encoding="utf-8"))


@cache
def differences() -> Differences:
    """Return the accepted differences."""
    return Differences.model_validate(_load("differences.yaml"))


@cache
def violations() -> Mapping[str, Violation]:
    """Return the changes that cfn-lint must find, by name."""
    return {name: Violation.model_validate(row) for name, row in _load("violations.yaml").items()}


def _load(name: str) -> Any:
    return read_yaml(_FOLDER / name)


def compared_properties(
    schemas: Mapping[str, Schema],
) -> list[Replacement]:
    """Return what both state about every property of the resource types in the template.

    A property that only one of them has is included if its change always replaces the resource.
    """
    contracts = load()
    found: list[Replacement] = []
    for token, kind in NAMES.types.items():
        schema = schemas[kind.type]
        provider: dict[str, Replaces] = {
            property_name(name, kind.names): _replaces(each)
            for name, each in contracts[token].properties.items()
        }
        for name in sorted({*schema.properties, *provider}):
            row = Replacement(token, name, schema.replaces(name), provider.get(name, "absent"))
            if "absent" not in row[2:] or "always" in row[2:]:
                found.append(row)
    return found


def replacements(schemas: Mapping[str, Schema]) -> list[Replacement]:
    """Return the properties on whose replacement CloudFormation and the provider differ."""
    return [row for row in compared_properties(schemas) if row.cloudformation != row.provider]


def complaints(run: Result, accepted: Differences) -> list[str]:
    """Return a message per unlisted difference and per listed one that does not occur."""
    return sorted(
        [
            *_about_findings(run.findings, accepted.findings),
            *_about_violations(run.violations),
            *_about_replacements(replacements(run.schemas), accepted.replacements),
        ]
    )


def _about_findings(
    findings: Iterable[Finding], accepted: Iterable[AcceptedFinding]
) -> Iterator[str]:
    listed = {(row.rule, resource) for row in accepted for resource in row.resources}
    found = {(each.rule, each.resource) for each in findings}
    for each in findings:
        if (each.rule, each.resource) not in listed:
            yield f"{each.rule} {each.template} {each.resource} {each.path}: {each.message}"
    for rule, resource in listed - found:
        yield f"{rule} {resource}: listed, but not found"


def _about_violations(found: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    for name, violation in violations().items():
        rules = found.get(name, ())
        if rules != (violation.rule,):
            yield f"{name}: expected {violation.rule}, found {', '.join(rules) or 'nothing'}"


def _about_replacements(
    found: list[Replacement], accepted: Iterable[AcceptedReplacement]
) -> Iterator[str]:
    rows = list(accepted)
    for each in found:
        if not any(map(each.is_accepted_by, rows)):
            yield (
                f"{each.type} {each.property}: a change replaces the resource {each.cloudformation}"
                f" in CloudFormation, {each.provider} with the provider"
            )
    for row in rows:
        for token in row.types or ("",):
            for name in row.properties:
                if not any(
                    each.is_accepted_by(row) and each.property == name and token in ("", each.type)
                    for each in found
                ):
                    yield f"{token} {name}: listed, but not found".strip()


def _replaces(contract: PropertyContract) -> Replaces:
    if contract.replaces:
        return "always"
    return "sometimes" if contract.replaces_if else "never"
