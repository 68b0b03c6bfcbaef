"""Resources as checks see them: plain properties, and the parameters of the control."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pulumi_policy import PolicyResource, ResourceValidationArgs

from .values import Value, describe, get, items, number, plain


@dataclass(frozen=True)
class Parameters:
    """Values of a control's parameters."""

    values: Mapping[str, Value]

    def number(self, name: str) -> float:
        """Return a parameter that is a number.

        Raises:
            TypeError: The policy configuration sets something else.
        """
        amount = number(self.values[name])
        if amount is None:
            message = f"{name} of the policy configuration is not a number"
            raise TypeError(message)
        return amount

    def text(self, name: str) -> str:
        """Return a parameter that is text."""
        return str(self.values[name])

    def flag(self, name: str) -> bool:
        """Return a parameter that is a boolean."""
        return self.values[name] is True

    def words(self, name: str) -> frozenset[str]:
        """Return a parameter that is a list of words."""
        return frozenset(each for each in items(self.values[name]) if isinstance(each, str))

    def numbers(self, name: str) -> frozenset[float]:
        """Return a parameter that is a list of numbers."""
        amounts = (number(each) for each in items(self.values[name]))
        return frozenset(each for each in amounts if each is not None)

    def records(self, name: str) -> Sequence[Value]:
        """Return a parameter that is a list of objects."""
        return list(items(self.values[name]))


@dataclass(frozen=True)
class Resource:
    """A resource as one control checks it.

    Attributes:
        properties: Its inputs.
        outputs: Its outputs; only stack policies have them.
        aliases: URN in the state that it continues under another one; empty if its own is there.
    """

    type: str
    urn: str
    name: str
    properties: Value
    parameters: Parameters
    protect: bool = False
    default_tags: Value = None
    outputs: Value = None
    aliases: frozenset[str] = frozenset()
    dependencies: frozenset[str] = frozenset()
    property_dependencies: Mapping[str, frozenset[str]] = field(
        default_factory=dict[str, frozenset[str]]
    )

    def __getitem__(self, path: str) -> Value:
        return get(self.properties, path)

    def finding(self, path: str, required: str, found: str | None = None) -> "Finding":
        """Return the finding that the value at a path is not what is required.

        Args:
            path: Path of the property.
            required: What it must be, to follow "must be".
            found: What it is; by default a description of the property's value.
        """
        return Finding(self, path, describe(self[path]) if found is None else found, required)


@dataclass(frozen=True)
class Finding:
    """A property of a resource that violates a control."""

    resource: Resource
    path: str
    found: str
    required: str

    def __str__(self) -> str:
        return f"{self.resource.name}: {self.path} is {self.found}, must be {self.required}"


def resource_from_args(
    args: ResourceValidationArgs, inputs: Value, parameters: Parameters
) -> Resource:
    """Return the resource that a resource policy is called with."""
    provider = args.provider
    return Resource(
        type=args.resource_type,
        urn=args.urn,
        name=args.name,
        properties=inputs,
        parameters=parameters,
        protect=bool(args.opts.protect),
        default_tags=None if provider is None else get(plain(provider.props), "defaultTags"),
    )


def resource_of_stack(
    resource: PolicyResource, inputs: Value, outputs: Value, parameters: Parameters
) -> Resource:
    """Return a resource that a stack policy is called with."""
    return Resource(
        type=resource.resource_type,
        urn=resource.urn,
        name=resource.name,
        properties=inputs,
        outputs=outputs,
        parameters=parameters,
        protect=bool(resource.opts.protect),
        aliases=frozenset(resource.opts.aliases),
        dependencies=frozenset(each.urn for each in resource.dependencies),
        property_dependencies={
            path: frozenset(each.urn for each in found)
            for path, found in resource.property_dependencies.items()
        },
    )
