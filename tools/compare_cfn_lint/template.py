"""CloudFormation templates of the resources of a Pulumi program."""

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias, cast

from tools.compare_cfn_lint.mapping import NAMES, property_name
from tools.testing.policies import Declared
from tools.testing.recorder import SECRET_SIGNATURE

Values: TypeAlias = dict[str, Any]
_SHAPES = NAMES.shapes
_DYNAMIC_REFERENCE = "{{resolve:secretsmanager:password}}"
"""Stands for a secret, which a template must not contain."""


def template(resources: Iterable[Declared]) -> Values:
    """Return the template of resources, without components.

    Raises:
        KeyError: `cloudformation.yaml` does not contain a type.
    """
    declared = {
        each.urn: each for each in resources if not each.type.startswith("aurora-data-platform:")
    }
    found: Values = {
        logical_id(each): {
            "Type": NAMES.types[each.type].type,
            "Properties": _properties(each, NAMES.types[each.type].names, declared),
        }
        for each in declared.values()
        if each.type not in NAMES.without_type and each.type not in NAMES.members
    }
    for each in declared.values():
        if each.type in NAMES.members:
            member = NAMES.members[each.type]
            (owner,) = each.dependencies[member.owner]
            values = _properties(each, member.names, declared, without=member.owner)
            properties = found[logical_id(declared[owner])]["Properties"]
            properties.setdefault(member.property, []).append(values)
    return {"Parameters": _parameters(found), "Resources": found}


def logical_id(resource: Declared) -> str:
    """Return the logical id of a resource, which has letters and digits only."""
    return _alphanumeric(resource.name)


def text(content: Values) -> str:
    """Return a template as the text of a file."""
    return json.dumps(content, indent=1, sort_keys=True)


def _parameters(found: Values) -> Values:
    """Return the parameters to which resources refer."""
    content = json.dumps(found)
    return {
        _alphanumeric(value): {"Type": kind}
        for value, kind in NAMES.parameters.items()
        if json.dumps({"Ref": _alphanumeric(value)}) in content
    }


def _alphanumeric(name: str) -> str:
    return "".join(part.capitalize() for part in re.split("[^A-Za-z0-9]", name))


def _references(resource: Declared) -> Values:
    """Return references to the outputs of a resource, by the value that the mocks gave them."""
    if resource.type not in NAMES.types:
        return {}
    own = logical_id(resource)
    outputs = {**resource.outputs, "id": f"{resource.name}-id"}
    return {
        outputs[name]: {"Ref": own} if attribute == "Ref" else {"Fn::GetAtt": [own, attribute]}
        for name, attribute in NAMES.types[resource.type].references.items()
    }


def _properties(
    resource: Declared,
    names: Mapping[str, str],
    declared: Mapping[str, Declared],
    without: str = "",
) -> Values:
    kind = NAMES.types.get(resource.type)
    omitted = {without, *(kind.omitted if kind else ())}
    properties: Values = {}
    for path, value in resource.inputs.items():
        if path in omitted:
            continue
        known: Values = {each: {"Ref": _alphanumeric(each)} for each in NAMES.parameters}
        for urn in resource.dependencies.get(path, ()):
            if urn in declared:
                known |= _references(declared[urn])
        name = property_name(path, names)
        properties[name] = _value(path, value, names, known)
        if name in _SHAPES.lists:
            properties[name] = [properties[name]]
    return properties


def _value(path: str, value: Any, names: Mapping[str, str], known: Values) -> Any:
    """Return the value of a property in CloudFormation's shape, with references to resources."""
    last = path.rpartition(".")[2]
    if last in _SHAPES.constants:
        return dict(_SHAPES.constants[last])
    if last in _SHAPES.documents:
        return _resolved(json.loads(value), known)
    if last in _SHAPES.parameters:
        return {each["name"]: each["value"] for each in value}
    if isinstance(value, list):
        return [_value(path, each, names, known) for each in cast("list[Any]", value)]
    if not isinstance(value, dict) or last in _SHAPES.maps:
        return _resolved(value, known)
    members = cast("Values", value)
    if SECRET_SIGNATURE in members:
        return _DYNAMIC_REFERENCE
    if last in _SHAPES.pairs:
        key, content = _SHAPES.pairs[last]
        return [{key: each, content: _resolved(it, known)} for each, it in members.items()]
    return {
        property_name(f"{path}.{each}", names): _value(f"{path}.{each}", it, names, known)
        for each, it in members.items()
    }


def _resolved(value: Any, known: Values) -> Any:
    """Return a value with references, and with integers, which the protocol does not have."""
    if isinstance(value, dict):
        return {key: _resolved(it, known) for key, it in cast("Values", value).items()}
    if isinstance(value, list):
        return [_resolved(it, known) for it in cast("list[Any]", value)]
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return known.get(value, value) if isinstance(value, str) else value
