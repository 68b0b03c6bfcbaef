"""Breaking changes between two schemas of a Pulumi package.

What breaks a program depends on its language. The strictest counts: in Go, a property that begins
to accept outputs has another type.
"""

from collections.abc import Iterator, Mapping
from typing import Any

Json = Mapping[str, Any]


def breaking_changes(old: Json, new: Json) -> list[str]:
    """Return one line per breaking change, empty if there is none.

    Args:
        old: The schema that programs were written against.
        new: The schema that replaces it.
    """
    found: list[str] = []
    if old["name"] != new["name"]:
        found.append(f"name: {old['name']} became {new['name']}")
    for token, resource in old["resources"].items():
        if token not in new["resources"]:
            found.append(f"{token}: removed")
        else:
            found += _of_resource(_short(token), resource, new["resources"][token])
    for token, declared in old.get("types", {}).items():
        if token not in new.get("types", {}):
            found.append(f"{_short(token)}: removed")
        else:
            found += _of_type(_short(token), declared, new["types"][token])
    return found


def _of_resource(name: str, old: Json, new: Json) -> Iterator[str]:
    yield from _of_properties(f"{name}, input", old["inputProperties"], new["inputProperties"])
    yield from _newly_required(f"{name}, input", old["requiredInputs"], new["requiredInputs"])
    yield from _of_properties(f"{name}, output", old["properties"], new["properties"])
    for missing in sorted(set(old["required"]) - set(new["required"])):
        if missing in new["properties"]:
            yield f"{name}, output {missing}: may be missing now"


def _of_type(name: str, old: Json, new: Json) -> Iterator[str]:
    if old["type"] != new["type"] or ("enum" in old) != ("enum" in new):
        yield f"{name}: {_kind(old)} became {_kind(new)}"
        return
    values = {each["value"]: each["name"] for each in new.get("enum", ())}
    for each in old.get("enum", ()):
        if each["value"] not in values:
            yield f"{name}: value {each['value']} removed"
        elif each["name"] != values[each["value"]]:
            yield f"{name}: value {each['value']} was renamed to {values[each['value']]}"
    yield from _of_properties(name, old.get("properties", {}), new.get("properties", {}))
    yield from _newly_required(name, old.get("required", ()), new.get("required", ()))


def _of_properties(name: str, old: Json, new: Json) -> Iterator[str]:
    for key, declared in old.items():
        if key not in new:
            yield f"{name} {key}: removed"
        elif _type(declared) != _type(new[key]):
            yield f"{name} {key}: {_type(declared)} became {_type(new[key])}"


def _newly_required(name: str, old: Any, new: Any) -> Iterator[str]:
    for key in sorted(set(new) - set(old)):
        yield f"{name} {key}: required now"


def _type(declared: Json) -> str:
    """Return a type in words, for example `plain array of string`."""
    words = ["plain"] if declared.get("plain") else []
    words += ["secret"] if declared.get("secret") else []
    for container, preposition in (("items", "array"), ("additionalProperties", "map")):
        if container in declared:
            return " ".join([*words, preposition, "of", _type(declared[container])])
    if "oneOf" in declared:
        return " ".join([*words, " or ".join(map(_type, declared["oneOf"]))])
    return " ".join([*words, _short(declared.get("$ref") or declared["type"])])


def _kind(declared: Json) -> str:
    return "enum" if "enum" in declared else str(declared["type"])


def _short(token: str) -> str:
    return token.rpartition(":")[2].rpartition("/")[2]
