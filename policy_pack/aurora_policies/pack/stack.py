"""The stack as a check sees it: all resources, and the exemptions of the run."""

from dataclasses import dataclass

from ..reading.resources import Parameters, Resource
from .exemptions import Exemptions


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
