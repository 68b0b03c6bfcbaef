"""Stacks as checks see them: all resources, and the exemptions of the run."""

from dataclasses import dataclass

from ..reading.resource_types import GENERATORS
from ..reading.resources import Parameters, Resource
from ..reading.values import get, is_known, texts
from .exemptions import Exemptions

_DISTINCTIVE = 8
"""Length from which on a secret is recognized inside a longer value."""


@dataclass(frozen=True)
class Stack:
    """All resources of a stack.

    Attributes:
        configured_secrets: Values of the stack configuration that are stored as secrets.
    """

    resources: tuple[Resource, ...]
    parameters: Parameters
    exemptions: Exemptions
    configured_secrets: frozenset[str] = frozenset()

    def of_type(self, *types: str) -> list[Resource]:
        """Return the resources of these types."""
        return [each for each in self.resources if each.type in types]

    def dependents(self, resource: Resource, *types: str) -> list[Resource]:
        """Return the resources of these types that depend on a resource."""
        return [each for each in self.of_type(*types) if resource.urn in each.dependencies]

    def refers(self, resource: Resource, path: str, other: Resource) -> bool:
        """Return whether a property refers to another resource, as a dependency or by its ARN."""
        urns = resource.property_dependencies.get(path, frozenset())
        return other.urn in urns or get(other.outputs, "arn") in texts(resource[path])

    def supplies(self, resource: Resource, path: str) -> bool:
        """Return whether a secret value is, or may be, supplied from outside the program's code.

        It is if it is unknown, if it comes from a resource that generates credentials, or if it is
        or contains a secret of the stack configuration.
        """
        sources = resource.property_dependencies.get(path, frozenset())
        if not is_known(resource[path]) or any(
            each.urn in sources for each in self.of_type(*GENERATORS)
        ):
            return True
        return any(
            value == secret or (len(secret) >= _DISTINCTIVE and secret in value)
            for value in texts(resource[path])
            for secret in self.configured_secrets
        )
