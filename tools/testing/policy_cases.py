"""Test cases of controls, from `tests/policy_pack/controls/cases`.

An entry is a control with a compliant base and changes to it:

- `compliant`: properties of one resource, or with `resources` a small stack, in which `depends`
  names other resources by property;
- `also`: further compliant cases, each a change of the base;
- `violating`: changes of the base, each with the exact findings;
- `dev`: findings of the dev profile in the base, if it is not compliant there;
- `absent`: the findings when a property of the base is left out, for every property;
- `not_applicable`: changes for which the control reports why it does not apply.

A change has `set` (properties, in a stack as `resource.property`; null removes one), and optionally
`without` (names of resources), `config` (parameters), `secrets` (secret stack configuration),
`type` and `types` (other types of resources), `aliases` (URNs by resource). `finds` lists the
findings of the prod profile; `dev` those of the dev profile if they differ.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

from policy_pack.aurora_policies.pack.catalogue import (
    Control,
    Profile,
    catalogue,
)
from tools.repository import ROOT, read_yaml
from tools.testing.policies import Analyzer, Declared

CASES = ROOT / "tests/policy_pack/controls/cases"
SUBJECT = "subject"

Stack = dict[str, dict[str, Any]]
Others = Callable[[Mapping[str, Any]], Iterable[tuple[Any, Mapping[str, Any]]]]


@dataclass(frozen=True)
class Case:
    """One case of one control."""

    control: Control
    kind: str
    label: str
    stack: Stack
    config: Mapping[str, Any] = field(default_factory=dict[str, Any])
    secrets: Mapping[str, str] = field(default_factory=dict[str, str])
    findings: Mapping[Profile, list[str]] = field(default_factory=dict[Profile, list[str]])

    @property
    def resources(self) -> list[Declared]:
        """The resources of the case, as the engine sends them."""
        return declare(self.stack)

    def __str__(self) -> str:
        return f"{self.control.name} {self.kind}: {self.label}"

    def variants(self, others: Others) -> Iterator[tuple[Any, list[Declared]]]:
        """Yield variants of the case in which one resource has other properties.

        Args:
            others: Returns variants of a resource's properties, each with a description.
        """
        resources = {each.name: each for each in self.resources}
        for name, resource in resources.items():
            for description, inputs in others(resource.inputs):
                changed = resources | {name: replace(resource, inputs=inputs)}
                yield description, list(changed.values())


def urn_of(type_: str, name: str) -> str:
    """Return the URN of a resource of a case, in a stack that is not production."""
    return f"urn:pulumi:test::cases::{type_}::{name}"


def declare(stack: Stack) -> list[Declared]:
    """Return the resources of a case as the engine sends them."""
    return [
        Declared(
            type=row["type"],
            name=name,
            urn=urn_of(row["type"], name),
            inputs=row["properties"],
            protect=row.get("protect", False),
            dependencies={path: tuple(urns) for path, urns in row.get("urns", {}).items()},
            aliases=tuple(row.get("aliases", ())),
        )
        for name, row in stack.items()
    ]


@cache
def entries() -> dict[str, dict[str, Any]]:
    """Return the entries of all case files by control."""
    found: dict[str, dict[str, Any]] = {}
    for path in sorted(CASES.rglob("*.yaml")):
        # The loader written in C takes a tenth of the time.
        found |= read_yaml(path)
    return found


def base(control: Control) -> Stack:
    """Return the compliant stack of a control."""
    entry = entries()[control.name]
    rows = entry.get("resources") or {
        SUBJECT: {
            "type": entry.get("type", control.resources[0]),
            "properties": entry["compliant"],
            "protect": entry.get("protect", False),
        }
    }
    return {name: {"properties": {}, **deepcopy(row)} for name, row in rows.items()}


def changed(stack: Stack, change: Mapping[str, Any]) -> Stack:
    """Return a stack with the change of a case."""
    stack = {
        name: deepcopy(row) for name, row in stack.items() if name not in change.get("without", ())
    }
    for path, value in change.get("set", {}).items():
        name, _, key = path.rpartition(".") if SUBJECT not in stack else (SUBJECT, "", path)
        properties = stack[name]["properties"]
        if value is None:
            properties.pop(key, None)
        else:
            properties[key] = value
    if "type" in change:
        stack[SUBJECT]["type"] = change["type"]
    for name, type_ in change.get("types", {}).items():
        stack[name]["type"] = type_
    for name, urns in change.get("aliases", {}).items():
        stack[name]["aliases"] = urns
    if "protect" in change:
        stack[SUBJECT]["protect"] = change["protect"]
    return _linked(stack)


def cases(*kinds: str) -> list[Case]:
    """Return the cases of these kinds: `compliant`, `violating`, `absent`, `not_applicable`."""
    return [
        Case(
            control=catalogue()[control_name],
            kind=kind,
            label=change.get("label") or str(change.get("set")),
            stack=changed(base(catalogue()[control_name]), change),
            config=change.get("config", {}),
            secrets=change.get("secrets", {}),
            findings={
                "prod": change.get("finds", []),
                "dev": change.get("dev", change.get("finds", [])),
            },
        )
        for control_name, entry in entries().items()
        for kind, change in _changes(entry)
        if kind in kinds
    ]


def by_control(*kinds: str) -> dict[str, list[Case]]:
    """Return the cases of these kinds by control."""
    found: dict[str, list[Case]] = {}
    for case in cases(*kinds):
        found.setdefault(case.control.name, []).append(case)
    return found


def _changes(entry: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    yield "compliant", {"label": "base", "dev": entry.get("dev", [])}
    for each in entry.get("also", []):
        yield "compliant", each
    for each in entry["violating"]:
        yield "violating", each
    for path, row in entry.get("absent", {}).items():
        yield "absent", {"set": {path: None}, "label": path, **row}
    for each in entry.get("not_applicable", []):
        yield "not_applicable", each


def _linked(stack: Stack) -> Stack:
    for row in stack.values():
        row["urns"] = {
            path: [urn_of(stack[name]["type"], name) for name in names if name in stack]
            for path, names in row.get("depends", {}).items()
        }
    return stack


def case_analyzer(case: Case, profile: Profile, **levels: str) -> Analyzer:
    """Return an analyzer with the control of a case only, configured for a profile and the case."""
    name = case.control.name
    configuration = {**case.control.configuration(profile), **case.config, **levels}
    return Analyzer(profile, configuration={name: configuration}, only=[name], secrets=case.secrets)
