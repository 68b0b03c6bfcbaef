"""What a check sees: resources with plain properties, and the parameters of its control."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from pulumi_policy import PolicyResource, ResourceValidationArgs

from .values import Value, describe, get, items, number, plain

if TYPE_CHECKING:
    from .exemptions import Exemptions


@dataclass(frozen=True)
class Parameters:
    """Values of a control's parameters."""

    values: Mapping[str, Value]

    def number(self, name: str) -> float:
        """A parameter that is a number."""
        amount = number(self.values[name])
        if amount is None:
            message = f"{name} of the policy configuration is not a number"
            raise TypeError(message)
        return amount

    def text(self, name: str) -> str:
        """A parameter that is text."""
        return str(self.values[name])

    def flag(self, name: str) -> bool:
        """A parameter that is on or off."""
        return self.values[name] is True

    def words(self, name: str) -> frozenset[str]:
        """A parameter that is a list of words."""
        return frozenset(each for each in items(self.values[name]) if isinstance(each, str))

    def numbers(self, name: str) -> frozenset[float]:
        """A parameter that is a list of numbers."""
        amounts = (number(each) for each in items(self.values[name]))
        return frozenset(each for each in amounts if each is not None)

    def records(self, name: str) -> Sequence[Value]:
        """A parameter that is a list of objects."""
        return list(items(self.values[name]))


@dataclass(frozen=True)
class Resource:
    """A resource as one control judges it.

    Attributes:
        declared: Its properties as the policy SDK has them.
    """

    type: str
    urn: str
    name: str
    declared: object
    parameters: Parameters
    protect: bool = False
    default_tags: Value = None
    dependencies: frozenset[str] = frozenset()
    property_dependencies: Mapping[str, frozenset[str]] = field(
        default_factory=dict[str, frozenset[str]]
    )

    @cached_property
    def properties(self) -> Value:
        """The properties in plain, made when they are asked for: most of a stack never are."""
        return plain(self.declared)

    def __getitem__(self, path: str) -> Value:
        return get(self.properties, path)

    def finding(self, path: str, required: str, found: str | None = None) -> "Finding":
        """That the value at a path is not what is required.

        Args:
            path: Path of the property.
            required: What it must be, to follow "must be".
            found: What it is; told from the property unless given.
        """
        return Finding(self, path, describe(self[path]) if found is None else found, required)


@dataclass(frozen=True)
class Finding:
    """A fault of a resource."""

    resource: Resource
    path: str
    found: str
    required: str

    def __str__(self) -> str:
        return f"{self.resource.name}: {self.path} is {self.found}, must be {self.required}"


@dataclass(frozen=True)
class Stack:
    """All resources of a stack."""

    resources: tuple[Resource, ...]
    parameters: Parameters
    exemptions: "Exemptions"

    def of_type(self, *types: str) -> list[Resource]:
        """Resources of these types."""
        return [each for each in self.resources if each.type in types]

    def dependents(self, resource: Resource, *types: str) -> list[Resource]:
        """Resources of these types that depend on a resource."""
        return [each for each in self.of_type(*types) if resource.urn in each.dependencies]


def judged_resource(args: ResourceValidationArgs, parameters: Parameters) -> Resource:
    """The resource that a resource policy is called with."""
    provider = args.provider
    return Resource(
        type=args.resource_type,
        urn=args.urn,
        name=args.name,
        declared=args.props,
        parameters=parameters,
        protect=bool(args.opts.protect),
        default_tags=None if provider is None else get(plain(provider.props), "defaultTags"),
    )


def stack_resource(
    resource: PolicyResource, properties: Mapping[str, object], parameters: Parameters
) -> Resource:
    """A resource that a stack policy is called with, with the properties it is judged by."""
    return Resource(
        type=resource.resource_type,
        urn=resource.urn,
        name=resource.name,
        declared=properties,
        parameters=parameters,
        protect=bool(resource.opts.protect),
        dependencies=frozenset(each.urn for each in resource.dependencies),
        property_dependencies={
            path: frozenset(each.urn for each in found)
            for path, found in resource.property_dependencies.items()
        },
    )
