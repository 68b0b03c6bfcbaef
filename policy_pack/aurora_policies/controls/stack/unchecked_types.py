"""Checks of the pack's own limits: resource types of the stack that no control checks."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from ...pack.catalogue import catalogue
from ...pack.registry import Findings, stack_check
from ...pack.stack import Stack
from ...reading.data_files import read_data
from ...reading.patterns import matches_any
from ...reading.resources import Finding, Resource


class AccessTypes(BaseModel):
    """Resource types with policies or rules that no control checks, each with the reason.

    Attributes:
        can_open: Types that can give access that the controls deny; `*` matches any text.
        cannot_open: Types whose policies and rules give no access.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    can_open: Mapping[str, str]
    cannot_open: Mapping[str, str]


@cache
def access_types() -> AccessTypes:
    """Return the data file of such types."""
    path = Path(__file__).with_name("access_types.yaml")
    return AccessTypes.model_validate(read_data(path))


@cache
def checked_types() -> frozenset[str]:
    """Return every type that a control checks."""
    return frozenset(type_ for control in catalogue().values() for type_ in control.resources)


@stack_check("unchecked-access-type")
def has_no_unchecked_access(stack: Stack) -> Findings:
    """No resource can give access without being checked."""
    for resource in _unchecked(stack):
        if matches_any(resource.type, access_types().can_open):
            yield _finding(resource)


@stack_check("unchecked-type")
def has_no_unchecked_type(stack: Stack) -> Findings:
    """Every type of resource is checked or known to need no check."""
    known = [*access_types().cannot_open, *access_types().can_open]
    for resource in _unchecked(stack):
        if not matches_any(resource.type, known):
            yield _finding(resource)


def _unchecked(stack: Stack) -> Iterator[Resource]:
    """Yield the first resource of every type that is neither checked nor allowed."""
    allowed = stack.parameters.words("allowedTypes")
    for resource in _first_of_each_type(stack.resources):
        if resource.type not in checked_types() and not matches_any(resource.type, allowed):
            yield resource


def _first_of_each_type(resources: Iterable[Resource]) -> Iterator[Resource]:
    seen: set[str] = set()
    for resource in resources:
        if resource.type not in seen and _is_of_a_provider(resource.type):
            seen.add(resource.type)
            yield resource


def _is_of_a_provider(type_: str) -> bool:
    """Return whether a type is a provider's, not a component or a part of Pulumi."""
    package, _, rest = type_.partition(":")
    return package != "pulumi" and ("/" in rest or package == "aws-native")


def _finding(resource: Resource) -> Finding:
    return resource.finding("type", "checked, or listed in allowedTypes", resource.type)
