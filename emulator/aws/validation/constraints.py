"""Constraints of a service model: required members, enumerations, patterns, lengths and ranges.

botocore checks only required members, types and minimums before it sends a request.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, cast

from botocore.model import ListShape, MapShape, Shape, StructureShape

from emulator.aws.validation.patterns import compiled

_NUMBERS = ("integer", "long", "float", "double")


def violations(shape: StructureShape, params: Mapping[str, Any]) -> list[str]:
    """Return how a request violates its model, in the words of AWS's services.

    Args:
        shape: The operation's input.
        params: The request's members.
    """
    return list(_structure(shape, params, ""))


def summary(found: Sequence[str]) -> str:
    """Return AWS's message for violations."""
    plural = "" if len(found) == 1 else "s"
    return f"{len(found)} validation error{plural} detected: {'; '.join(found)}"


def _structure(shape: StructureShape, value: Mapping[str, Any], path: str) -> Iterator[str]:
    for name in shape.required_members:
        if value.get(name) is None:
            yield _violation(None, _join(path, name), "Member must not be null")
    for name, member in shape.members.items():
        if value.get(name) is not None:
            yield from _any(member, value[name], _join(path, name))


def _any(shape: Shape, value: Any, path: str) -> Iterator[str]:
    yield from _own(shape, value, path)
    if isinstance(shape, StructureShape):
        yield from _structure(shape, value, path)
    elif isinstance(shape, ListShape):
        for number, item in enumerate(value, start=1):
            yield from _any(shape.member, item, f"{path}.{number}.member")
    elif isinstance(shape, MapShape):
        for key, item in value.items():
            yield from _any(shape.key, key, f"{path}.{key}.key")
            yield from _any(shape.value, item, f"{path}.{key}.member")


def _own(shape: Shape, value: Any, path: str) -> Iterator[str]:
    shown = None if shape.metadata.get("sensitive") else value
    for constraint in _broken(shape, value):
        yield _violation(shown, path, constraint, sensitive=shown is not value)


def _broken(shape: Shape, value: Any) -> Iterator[str]:
    rules: Mapping[str, Any] = shape.metadata
    measure, noun = _measure(shape, value)
    low, high = rules.get("min"), rules.get("max")
    if measure is not None and low is not None and measure < low:
        yield f"Member must have {noun} greater than or equal to {low}"
    if measure is not None and high is not None and measure > high:
        yield f"Member must have {noun} less than or equal to {high}"
    if shape.type_name != "string":
        return
    names = rules.get("enum")
    if names and value not in names:
        yield f"Member must satisfy enum value set: [{', '.join(names)}]"
    pattern = rules.get("pattern")
    if pattern and not compiled(pattern).fullmatch(value):
        yield f"Member must satisfy regular expression pattern: {pattern}"


def _measure(shape: Shape, value: Any) -> tuple[float | None, str]:
    if shape.type_name in _NUMBERS:
        return value, "value"
    if shape.type_name in ("string", "blob", "list", "map"):
        return len(value), "length"
    return None, ""


def _violation(value: Any, path: str, constraint: str, *, sensitive: bool = False) -> str:
    if sensitive:
        shown = ""
    elif value is None:
        shown = " null"
    else:
        shown = f" '{_text(value)}'"
    return f"Value{shown} at '{path}' failed to satisfy constraint: {constraint}"


def _text(value: Any) -> str:
    """Return a value as Java's services print it."""
    if isinstance(value, list):
        return f"[{', '.join(map(_text, cast('list[Any]', value)))}]"
    return str(value)


def _join(path: str, name: str) -> str:
    own = name[:1].lower() + name[1:]
    return f"{path}.{own}" if path else own
