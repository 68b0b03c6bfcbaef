"""Resource types: a table of properties and four operations each."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Generic, TypeVar

from emulator.provider.protocol.comparisons import same_value
from emulator.provider.protocol.properties import Properties


@dataclass(frozen=True)
class Property:
    """An input property of a resource type.

    Attributes:
        request: The member of AWS's requests; empty if an operation handles the property.
        answer: The path in AWS's description, `A.B` or `A[].B`; None if it equals `request`, empty
            if an operation fills it in.
        replaces: Whether a change replaces the resource.
        computed: Whether AWS chooses a value that the program does not set.
        required: Whether the program must set it.
        default: The official provider's default.
        empty: The value to send when the program removes the property.
        write_only: Whether AWS never returns it.
        same: Compares two values as AWS does.
        to_aws: Converts the program's value to AWS's.
        from_aws: Converts AWS's value to the program's.
    """

    request: str = ""
    answer: str | None = None
    replaces: bool = False
    computed: bool = False
    required: bool = False
    default: Any = None
    empty: Any = None
    write_only: bool = False
    same: Callable[[Any, Any], bool] = same_value
    to_aws: Callable[[Any], Any] = lambda value: value
    from_aws: Callable[[Any], Any] = lambda value: value

    @property
    def path(self) -> str:
        """The property's path in AWS's description; empty if it is not there."""
        if self.write_only:
            return ""
        return self.request if self.answer is None else self.answer

    def is_default(self, value: Any) -> bool:
        """Return whether a value from AWS equals leaving the property out."""
        return value in (None, "", [], {}, self.default, self.empty)


@dataclass(frozen=True)
class Naming:
    """Autonaming of a resource that the program does not name.

    Attributes:
        name: The property that holds the name.
        prefix: The property that holds a name prefix; empty if there is none.
        stem: The prefix that AWS requires of every name.
    """

    name: str
    prefix: str = ""
    stem: str = ""


@dataclass(frozen=True)
class Created:
    """A created resource.

    Attributes:
        resource_id: The resource's id.
        extra_outputs: What only creation returns; `read` receives it with the inputs.
    """

    resource_id: str
    extra_outputs: Properties = field(default_factory=dict[str, Any])


SessionT = TypeVar("SessionT")


class ResourceType(ABC, Generic[SessionT]):
    """One type of resource; SessionT is the session of its operations.

    Attributes:
        token: Pulumi's type token.
        inputs: The input properties.
        outputs: Properties that only AWS sets, and their paths in its description (see
            Property.answer).
        volatile: For an input, the outputs that are unknown until its change is applied.
        secrets: Properties that are always secret.
        naming: The type's autonaming, if it has a name.
    """

    token: ClassVar[str]
    inputs: ClassVar[Mapping[str, Property]]
    outputs: ClassVar[Mapping[str, str]]
    volatile: ClassVar[Mapping[str, tuple[str, ...]]] = {}
    secrets: ClassVar[frozenset[str]] = frozenset()
    naming: ClassVar[Naming | None] = None

    def complete(self, session: SessionT, inputs: Properties) -> Properties:  # noqa: ARG002
        """Add the provider configuration's values to checked inputs."""
        return inputs

    def failures(self, inputs: Properties) -> list[tuple[str, str]]:  # noqa: ARG002
        """Return what a preview can reject: pairs of property and reason."""
        return []

    def replaces_if(self, name: str, inputs: Properties) -> bool:  # noqa: ARG002
        """Return whether a change of one input replaces the resource with these new inputs.

        Only for conditions; `Property.replaces` declares the inputs that always do.
        """
        return False

    @abstractmethod
    def create(self, session: SessionT, inputs: Properties) -> Created:
        """Create.

        Raises:
            PartiallyCreatedError: the resource exists, but a later step was rejected.
        """

    @abstractmethod
    def read(self, session: SessionT, resource_id: str, known: Properties) -> Properties | None:
        """Read every property that can be read; return None if the resource does not exist.

        Args:
            session: The session.
            resource_id: The id, or what the user imports.
            known: The known inputs or state; empty for an import.
        """

    @abstractmethod
    def update(
        self,
        session: SessionT,
        resource_id: str,
        inputs: Properties,
        changed: frozenset[str],
        state: Properties,
    ) -> Properties:
        """Change in place.

        Args:
            session: The session.
            resource_id: The id.
            inputs: The new inputs; a removed one has its `empty` value.
            changed: Names of inputs that differ.
            state: The old state.

        Returns:
            What only the update returns; `read` receives it with the inputs.
        """

    @abstractmethod
    def delete(self, session: SessionT, resource_id: str, state: Properties) -> None:
        """Delete the resource; succeed if it does not exist."""
