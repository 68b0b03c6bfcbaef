"""Custom endpoints: connection endpoints of some of the instances."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from components.aurora_data_platform.errors import ConfigIssue
from components.aurora_data_platform.settings.types import SettingsObject, WholeNumber, setting

MAX_CUSTOM_ENDPOINTS = 5
"""Amazon Aurora User Guide, Custom endpoints: per cluster."""
EndpointName = Annotated[str, Field(pattern=r"^[a-z](-?[a-z0-9])*$", max_length=24)]
_MEMBERS = "a list of instance numbers from 1 to instanceCount, each once"


class CustomEndpointType(StrEnum):
    """Kind of instances that a custom endpoint can connect to (RDS API, EndpointType)."""

    READER = "READER"
    ANY = "ANY"


class CustomEndpoint(SettingsObject):
    """A custom endpoint."""

    type: Annotated[CustomEndpointType, setting("READER or ANY")] = CustomEndpointType.READER
    """`READER` connects to an instance only while it is a reader, `ANY` also while it is the
    writer."""
    static_members: Annotated[
        tuple[WholeNumber, ...],
        setting(_MEMBERS, "RDS API, StaticMembers", config_type="array"),
    ] = ()
    """Instances to connect to, by number; later ones are not added."""
    excluded_members: Annotated[
        tuple[WholeNumber, ...],
        setting(_MEMBERS, "RDS API, ExcludedMembers", config_type="array"),
    ] = ()
    """Instances not to connect to, by number; later ones are added."""

    def members(self, instance_count: int) -> list[int]:
        """Return the numbers of the instances that the endpoint connects to.

        Args:
            instance_count: Number of instances.
        """
        numbers = self.static_members or range(1, instance_count + 1)
        return [number for number in numbers if number not in self.excluded_members]


def custom_endpoint_issues(
    endpoints: Mapping[str, CustomEndpoint], instance_count: int
) -> Iterable[ConfigIssue]:
    """Return the issues of custom endpoints of a cluster with `instance_count` instances."""
    for name, endpoint in endpoints.items():
        key = f"customEndpoints.{name}"
        lists = {
            "staticMembers": endpoint.static_members,
            "excludedMembers": endpoint.excluded_members,
        }
        for member, numbers in lists.items():
            known = all(1 <= number <= instance_count for number in numbers)
            if not known or len(set(numbers)) < len(numbers):
                allowed = f"instance numbers from 1 to instanceCount ({instance_count}), each once"
                yield ConfigIssue(f"{key}.{member}", list(numbers), allowed)
        if endpoint.static_members and endpoint.excluded_members:
            yield ConfigIssue(
                f"{key}.excludedMembers",
                list(endpoint.excluded_members),
                "unset with staticMembers",
                "an endpoint has only one list (Amazon Aurora User Guide, Custom endpoints)",
            )
        elif not endpoint.members(instance_count):
            excluded = list(endpoint.excluded_members)
            yield ConfigIssue(f"{key}.excludedMembers", excluded, "not every instance")
        if endpoint.type is CustomEndpointType.READER and instance_count == 1:
            yield ConfigIssue(
                f"{key}.type",
                str(endpoint.type),
                "ANY while instanceCount is 1",
                "a cluster with one instance has no reader",
            )
