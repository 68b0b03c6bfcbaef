"""Check, diff, preview and state of any resource, computed from its type's table."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from emulator.provider.protocol.properties import (
    UNKNOWN,
    Properties,
    SecretValue,
    is_object,
    is_unknown,
    plain,
)
from emulator.provider.protocol.resource_type import Naming, Property, ResourceType

ChangeKind = Literal["ADD", "DELETE", "UPDATE"]

AnyResourceType = ResourceType[Any]

DEFAULTS = "__defaults"
"""The input in which Pulumi's Terraform bridge lists the inputs that Check filled in."""


@dataclass(frozen=True)
class Change:
    """A difference between old and new inputs.

    Attributes:
        path: The property, or a key inside it: `tags.Environment`, `tags["cost.center"]`.
        kind: Kind of the difference.
        replaces: Whether it requires a replacement.
    """

    path: str
    kind: ChangeKind
    replaces: bool

    @property
    def property_name(self) -> str:
        """The top-level property."""
        return self.path.partition(".")[0].partition("[")[0]


def check(
    resource: AnyResourceType, name: str, news: Properties, olds: Properties, seed: bytes
) -> tuple[Properties, list[tuple[str, str]]]:
    """Apply defaults and names, and find invalid inputs.

    Args:
        resource: The type.
        name: Logical name of the resource.
        news: The program's inputs, possibly with secrets and unknown values.
        olds: The inputs of the last update; empty for a new resource.
        seed: Random bytes that stay the same for this resource.

    Returns:
        The completed inputs, and pairs of property and reason.
    """
    inputs = {key: value for key, value in news.items() if value is not None}
    given = frozenset(inputs)
    failures = [
        (key, f"the emulated provider does not support {key} of {resource.token}")
        for key in inputs
        if key not in resource.inputs
    ]
    for key, item in resource.inputs.items():
        if key not in inputs and item.default is not None:
            inputs[key] = item.default
        if item.required and key not in inputs:
            failures.append((key, f"{key} is required"))
    if resource.naming is not None:
        inputs.update(_named(resource.naming, name, inputs, olds, seed))
    failures += resource.failures(plain(inputs))
    inputs[DEFAULTS] = sorted(inputs.keys() - given)
    return inputs, failures


def given_by_program(inputs: Properties) -> frozenset[str]:
    """Return the inputs that Check did not fill in; all if Check did not record it."""
    filled: list[str] = inputs.get(DEFAULTS) or []
    return frozenset(inputs) - {DEFAULTS, *filled}


def diff(resource: AnyResourceType, olds: Properties, news: Properties) -> list[Change]:
    """Compare old inputs with new ones, as AWS understands them."""
    changes: list[Change] = []
    for key, item in resource.inputs.items():
        replaces = item.replaces or resource.replaces_if(key, news)
        changes.extend(_differences(key, item, olds.get(key), news.get(key), replaces=replaces))
    return changes


def preview_outputs(
    resource: AnyResourceType, inputs: Properties, state: Properties, changed: frozenset[str]
) -> Properties:
    """Return a resource's outputs as far as a preview knows them; the others are UNKNOWN.

    Args:
        resource: The type.
        inputs: Checked inputs.
        state: The old state; empty for a new resource.
        changed: Names of inputs that differ.
    """
    chosen_by_aws = set(resource.outputs) | {
        key for key, item in resource.inputs.items() if item.computed
    }
    unknown = {output for key in changed for output in resource.volatile.get(key, ())}
    kept = {key: UNKNOWN if key in unknown else state.get(key, UNKNOWN) for key in chosen_by_aws}
    expected = {**kept, **inputs}
    expected.pop(DEFAULTS, None)
    return mark_secrets(resource, expected)


def outputs_of(
    resource: AnyResourceType, observed: Properties, known: Mapping[str, Any]
) -> Properties:
    """Return a resource's state: what AWS returns, in the program's spelling if that is equivalent.

    Args:
        resource: The type.
        observed: What `read` found.
        known: Inputs, without secrets.
    """
    state = {key: value for key, value in observed.items() if key != DEFAULTS}
    for key, item in resource.inputs.items():
        if key not in known:
            continue
        if item.write_only or _equivalent(item, observed.get(key), known[key]):
            state[key] = known[key]
    return state


def inputs_of(resource: AnyResourceType, observed: Properties, known: Properties) -> Properties:
    """Return the inputs that correspond to what AWS returns, so that a difference shows as drift.

    Args:
        resource: The type.
        observed: What `read` found.
        known: The inputs of the last update, without secrets; empty for an import.
    """
    inputs: Properties = {}
    for key, item in resource.inputs.items():
        if item.write_only:
            inputs[key] = known.get(key, item.default)
        elif key in known and _equivalent(item, observed.get(key), known[key]):
            inputs[key] = known[key]
        elif key in known or not item.is_default(observed.get(key)):
            # A value that AWS chose is not an input, except for an import.
            if key in known or not known or not item.computed:
                inputs[key] = observed.get(key)
        elif item.default is not None:
            inputs[key] = item.default
    return {
        **{key: value for key, value in inputs.items() if value is not None},
        DEFAULTS: known.get(DEFAULTS, []),
    }


def recorded_inputs(resource: AnyResourceType, state: Properties, inputs: Properties) -> Properties:
    """Return the old inputs to compare with, as far as the state confirms them.

    The official provider compares new inputs with the state. They differ from the old inputs after
    a creation that failed halfway, and where AWS does not store what it was sent.
    """
    return inputs_of(resource, state, inputs) if state else inputs


def with_empties(
    resource: AnyResourceType, inputs: Properties, changed: frozenset[str]
) -> Properties:
    """Add the `empty` values of removed properties."""
    dropped = {key: resource.inputs[key].empty for key in changed if key not in inputs}
    return {**inputs, **dropped}


def mark_secrets(resource: AnyResourceType, properties: Properties) -> Properties:
    """Mark the type's secret properties as secret."""
    return {
        key: SecretValue(plain(value)) if key in resource.secrets else value
        for key, value in properties.items()
    }


def _differences(
    key: str, item: Property, old: Any, new: Any, *, replaces: bool
) -> Iterator[Change]:
    if is_unknown(new):
        yield Change(key, "ADD" if old is None else "UPDATE", replaces)
    elif new is None:
        if old is not None and not item.computed and not item.is_default(old):
            yield Change(key, "DELETE", replaces)
    elif old is None:
        if not item.is_default(new) and not item.same(old, new):
            yield Change(key, "ADD", replaces)
    elif not item.same(old, new):
        yield from _deepest(key, old, new, replaces=replaces)


def _deepest(path: str, old: Any, new: Any, *, replaces: bool) -> Iterator[Change]:
    if not (is_object(old) and is_object(new)):
        yield Change(path, "UPDATE", replaces)
        return
    for key in sorted(old.keys() | new.keys()):
        # Otherwise a key with a dot would be read as a path.
        inner = f'{path}["{key}"]' if "." in key else f"{path}.{key}"
        if key not in new:
            yield Change(inner, "DELETE", replaces)
        elif key not in old:
            yield Change(inner, "ADD", replaces)
        elif old[key] != new[key]:
            yield from _deepest(inner, old[key], new[key], replaces=replaces)


def _equivalent(item: Property, old: Any, new: Any) -> bool:
    if old is None:
        return item.is_default(new)
    return item.same(old, new)


def _named(
    naming: Naming, name: str, inputs: Properties, olds: Properties, seed: bytes
) -> Properties:
    if naming.name in inputs:
        return {}
    if inputs.get(naming.prefix) == olds.get(naming.prefix) and olds.get(naming.name):
        return {naming.name: olds[naming.name]}
    if inputs.get(naming.prefix):
        return {naming.name: f"{plain(inputs[naming.prefix])}{seed.hex()[:26]}"}
    return {naming.name: f"{naming.stem}{name}-{seed.hex()[:7]}"}
