"""Resources as checks see them: plain properties, and the parameters of the control."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from pulumi.runtime.proto import analyzer_pb2
from pulumi_policy import ResourceValidationArgs

from .values import Value, describe, get, items, number, plain
from .wire import decoded


@dataclass(frozen=True)
class Parameters:
    """Values of a control's parameters."""

    values: Mapping[str, Value] = field(default_factory=dict[str, Value])

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
    """A resource as controls check it.

    Attributes:
        properties: Its inputs.
        parameters: Those of the control, of a resource that a resource policy checks.
        outputs: Its outputs; only stack policies have them.
        aliases: URN in the state that it continues under another one; empty if its own is there.
    """

    type: str
    urn: str
    name: str
    properties: Value
    parameters: Parameters = field(default_factory=Parameters)
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


def resources_of_stack(
    resources: Iterable[analyzer_pb2.AnalyzerResource], inputs: Mapping[str, Value]
) -> tuple[Resource, ...]:
    """Return the resources of a stack, which stack policies are given with their outputs.

    In outputs, AWS has filled in what the program left out. Therefore checks examine inputs.

    Args:
        resources: The resources as the engine sends them.
        inputs: Inputs by URN; outputs stand in for those that are not there.
    """
    sent = list(resources)
    urns = frozenset(each.urn for each in sent)
    return tuple(_resource_of_stack(each, inputs, urns) for each in sent)


def _resource_of_stack(
    resource: analyzer_pb2.AnalyzerResource, inputs: Mapping[str, Value], urns: frozenset[str]
) -> Resource:
    outputs = decoded(resource.properties)
    return Resource(
        type=resource.type,
        urn=resource.urn,
        name=resource.name,
        properties=inputs.get(resource.urn, outputs),
        outputs=outputs,
        protect=resource.options.protect,
        aliases=frozenset(resource.options.aliases),
        dependencies=urns.intersection(resource.dependencies),
        property_dependencies={
            path: urns.intersection(found.urns)
            for path, found in resource.propertyDependencies.items()
        },
    )
