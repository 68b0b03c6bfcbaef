"""Registers what each control checks; `policies` turns the checks into Pulumi's policies."""

from collections.abc import Callable, Iterator
from typing import NoReturn, TypeAlias, TypeVar

from .catalogue import catalogue
from .resources import Finding, Resource, Stack
from .values import Predicate

Findings: TypeAlias = Iterator[Finding]
ResourceCheck: TypeAlias = Callable[[Resource], Findings]
StackCheck: TypeAlias = Callable[[Stack], Findings]
Check = TypeVar("Check", ResourceCheck, StackCheck)

RESOURCE_CHECKS: dict[str, ResourceCheck] = {}
STACK_CHECKS: dict[str, StackCheck] = {}


class NotApplicable(Exception):  # noqa: N818 - an outcome, not an error
    """The control has nothing to say about this resource, for the reason given."""


def not_applicable(reason: str) -> NoReturn:
    """Ends a check of a resource that the control does not apply to."""
    raise NotApplicable(reason)


def resource_check(control_id: str) -> Callable[[ResourceCheck], ResourceCheck]:
    """Registers a function as what a control checks on each of its resources."""
    return _register(control_id, "resource", RESOURCE_CHECKS)


def stack_check(control_id: str) -> Callable[[StackCheck], StackCheck]:
    """Registers a function as what a control checks on the stack."""
    return _register(control_id, "stack", STACK_CHECKS)


def property_check(control_id: str, path: str, allowed: Predicate, required: str) -> None:
    """Registers a control that is about the value of one property.

    Args:
        control_id: Identifier in the catalogue.
        path: Path of the property.
        allowed: Whether a value complies.
        required: What complies, to follow "must be".
    """

    @resource_check(control_id)
    def check(resource: Resource) -> Findings:  # pyright: ignore[reportUnusedFunction]
        if not allowed(resource[path]):
            yield resource.finding(path, required)


def _register(control_id: str, scope: str, registry: dict[str, Check]) -> Callable[[Check], Check]:
    control = catalogue().get(control_id)
    if control is None or control.scope != scope or control_id in registry:
        message = f"{control_id} is not one unchecked {scope} control of the catalogue"
        raise ValueError(message)

    def register(check: Check) -> Check:
        registry[control_id] = check
        return check

    return register
