"""Registry of checks: maps each control of the catalogue to the function that checks it."""

from collections.abc import Callable, Iterator
from typing import NoReturn, TypeAlias, TypeVar

from ..reading.resources import Finding, Resource
from ..reading.values import Predicate
from .catalogue import catalogue
from .stack import Stack

Findings: TypeAlias = Iterator[Finding]
ResourceCheck: TypeAlias = Callable[[Resource], Findings]
StackCheck: TypeAlias = Callable[[Stack], Findings]
Check = TypeVar("Check", ResourceCheck, StackCheck)

RESOURCE_CHECKS: dict[str, ResourceCheck] = {}
STACK_CHECKS: dict[str, StackCheck] = {}


class NotApplicable(Exception):  # noqa: N818 - an outcome, not an error
    """The control does not apply to this resource, for the reason given."""


def not_applicable(reason: str) -> NoReturn:
    """End the check of a resource that the control does not apply to."""
    raise NotApplicable(reason)


def resource_check(name: str) -> Callable[[ResourceCheck], ResourceCheck]:
    """Register a function as the check of a resource control."""
    return _register(name, "resource", RESOURCE_CHECKS)


def stack_check(name: str) -> Callable[[StackCheck], StackCheck]:
    """Register a function as the check of a stack control."""
    return _register(name, "stack", STACK_CHECKS)


def property_check(name: str, path: str, allowed: Predicate, required: str) -> None:
    """Register a control that is about the value of one property.

    Args:
        name: Name of the control.
        path: Path of the property.
        allowed: Whether a value complies.
        required: What complies, to follow "must be".
    """

    @resource_check(name)
    def check(resource: Resource) -> Findings:  # pyright: ignore[reportUnusedFunction]
        if not allowed(resource[path]):
            yield resource.finding(path, required)


def _register(name: str, scope: str, registry: dict[str, Check]) -> Callable[[Check], Check]:
    control = catalogue().get(name)
    if control is None or control.scope != scope or name in registry:
        message = f"{name} is not an unchecked {scope} control of the catalogue"
        raise ValueError(message)

    def register(check: Check) -> Check:
        registry[name] = check
        return check

    return register
