"""Terraform plans, as JSON that checkov reads, of the resources of a Pulumi program.

A value that comes from another resource is unknown in a first plan: it is null, and the plan's
configuration contains the reference. Attributes that are not set are omitted, whereas Terraform
itself would write null.
"""

import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, TypeAlias, cast

from policy_pack.aurora_policies.reading.values import plain
from tools.repository import read_yaml
from tools.testing.policies import Declared

_DATA: dict[str, Any] = read_yaml(Path(__file__).parent / "terraform.yaml")
TYPES: Mapping[str, str] = _DATA["types"]
_RENAMED: Mapping[str, Mapping[str, str]] = _DATA["renamed"]
_MAPS = frozenset[str](_DATA["maps"])
_ARCHIVE = "function.zip"

Values: TypeAlias = dict[str, Any]
References: TypeAlias = dict[str, str]
"""Addresses of attributes, by the value that they will have."""


def plan(resources: Iterable[Declared]) -> Values:
    """Return the plan that would create resources, without components."""
    declared = {each.urn: each for each in resources if each.type in TYPES}
    references = {urn: _references(each) for urn, each in declared.items()}
    planned: list[Values] = []
    configured: list[Values] = []
    changes: list[Values] = []
    for resource in declared.values():
        head = {
            "address": address(resource),
            "mode": "managed",
            "type": TYPES[resource.type],
            "name": resource.name,
        }
        values, expressions = _attributes(resource, references)
        planned.append({**head, "schema_version": 0, "values": values})
        configured.append({**head, "expressions": expressions, "schema_version": 0})
        changes.append({**head, "change": {"actions": ["create"], "before": None, "after": values}})
    return {
        "format_version": "1.2",
        "terraform_version": "1.9.0",
        "planned_values": {"root_module": {"resources": planned}},
        "resource_changes": changes,
        "configuration": {"root_module": {"resources": configured}},
    }


def address(resource: Declared) -> str:
    """Return the address of a resource in Terraform."""
    return f"{TYPES[resource.type]}.{resource.name}"


def snake_case(name: str) -> str:
    """Return the name of a property in Terraform."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


def _references(resource: Declared) -> References:
    """Return the attributes that others can refer to, by the values that the mocks gave them."""
    own = address(resource)
    identities = {
        value: f"{own}.{snake_case(key)}"
        for key, value in resource.outputs.items()
        if isinstance(value, str) and re.search("(^name|Identifier|Id|arn)$", key)
    }
    return {**identities, f"{resource.name}-id": f"{own}.id"}


def _attributes(resource: Declared, references: Mapping[str, References]) -> tuple[Values, Values]:
    kind = TYPES[resource.type]
    values: Values = {}
    expressions: Values = {}
    for path, property_ in cast("Values", plain(resource.inputs)).items():
        known: References = {}
        for urn in resource.dependencies.get(path, ()):
            known |= references.get(urn, {})
        name = _name(kind, path)
        values[name], expressions[name] = _value(kind, path, property_, known)
    for path, urns in resource.dependencies.items():
        # A resource of `mutations.yaml` has dependencies without a value for them.
        if path and path not in resource.inputs:
            found = [next(reversed(references[urn].values())) for urn in urns if urn in references]
            values[_name(kind, path)] = None
            expressions[_name(kind, path)] = {"references": found}
    return values, expressions


def _name(kind: str, path: str) -> str:
    name = snake_case(path)
    return _RENAMED.get(kind, {}).get(name, name)


def _value(kind: str, path: str, value: Any, known: References) -> tuple[Any, Any]:
    """Return value and expression of a property, with blocks as lists and references as null."""
    if _name(kind, path) == "filename":
        return _ARCHIVE, {}
    if isinstance(value, dict) and snake_case(path) not in _MAPS:
        value = [value]
    members = cast("list[Any]", value if isinstance(value, list) else [value])
    if isinstance(value, list) and members and isinstance(members[0], dict):
        pairs = [_block(kind, cast("Values", each), known) for each in members]
        return [block for block, _ in pairs], [expressions for _, expressions in pairs]
    found = [known[each] for each in members if isinstance(each, str) and each in known]
    if found:
        return None, {"references": found}
    whole = [_whole(each) for each in members]
    return (whole if isinstance(value, list) else whole[0]), {}


def _block(kind: str, block: Values, known: References) -> tuple[Values, Values]:
    pairs = {snake_case(path): _value(kind, path, value, known) for path, value in block.items()}
    values = {name: value for name, (value, _) in pairs.items()}
    return values, {name: expression for name, (_, expression) in pairs.items()}


def _whole(value: Any) -> Any:
    """Return an integer where possible: the protocol has floating-point numbers only."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def text(resources: Iterable[Declared]) -> str:
    """Return the plan as the text of a file."""
    return json.dumps(plan(resources), indent=1, sort_keys=True)
