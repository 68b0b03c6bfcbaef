"""What a resource type is: a table of properties and four verbs."""

import json
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Generic, TypeVar

from emulator.provider.properties import Properties, is_list, is_object


def same_value(old: Any, new: Any) -> bool:
    """Compare as they are."""
    return old == new


def same_members(old: Any, new: Any) -> bool:
    """Compare lists whose order means nothing."""
    return _sorted(old) == _sorted(new)


def same_json(old: Any, new: Any) -> bool:
    """Compare JSON documents written in different ways, such as IAM policies.

    In IAM's language a list of one is its element and a list's order means nothing.
    """
    return _document(old) == _document(new)


def same_json_values(old: Any, new: Any) -> bool:
    """Compare JSON documents written in different ways; the order of a list counts."""
    try:
        return bool(json.loads(old) == json.loads(new))
    except (TypeError, ValueError):
        return old == new


def same_trimmed(old: Any, new: Any) -> bool:
    """Compare text without the white space around it."""
    return str(old).strip() == str(new).strip()


def same_text_any_case(old: Any, new: Any) -> bool:
    """Compare names that AWS keeps in lower case."""
    return str(old).lower() == str(new).lower()


def same_given_keys(old: Any, new: Any) -> bool:
    """Compare a block of which AWS fills in what the program leaves out."""
    return is_object(old) and all(old.get(key) == value for key, value in new.items())


def same_version(old: Any, new: Any) -> bool:
    """Compare engine versions: 17 is satisfied by 17.4."""
    return old == new or str(old).startswith(f"{new}.")


def same_key(old: Any, new: Any) -> bool:
    """Compare KMS keys given by id or by ARN."""
    return str(old).rpartition("/")[2] == str(new).rpartition("/")[2]


def never_differs(_old: Any, _new: Any) -> bool:
    """Compare what may change without an update."""
    return True


@dataclass(frozen=True)
class Property:
    """An input property of a resource type.

    Attributes:
        request: The member of AWS's requests that it becomes; empty when a verb handles it.
        answer: Where AWS's description has it, `A.B` or `A[].B`; None when it is `request`, empty
            when a verb fills it in.
        replaces: A change makes a new resource.
        computed: AWS decides when the program says nothing.
        required: The program must give it.
        default: The official provider's default.
        empty: What a program that drops the property means, where AWS needs to be told.
        write_only: AWS never gives it back, or does not know it at all.
        same: Whether two values mean the same to AWS.
        to_aws: Turns the program's value into AWS's.
        from_aws: Turns AWS's value into the program's.
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
        """Where AWS's description has the property; empty if nowhere."""
        if self.write_only:
            return ""
        return self.request if self.answer is None else self.answer

    def means_nothing(self, value: Any) -> bool:
        """Whether a value read from AWS is the same as saying nothing."""
        return value in (None, "", [], {}, self.default, self.empty)


@dataclass(frozen=True)
class Naming:
    """How a resource that the program does not name gets its name.

    Attributes:
        name: The property that holds the name.
        prefix: The property that holds a prefix instead, empty if there is none.
        stem: What AWS wants every name to begin with.
    """

    name: str
    prefix: str = ""
    stem: str = ""


@dataclass(frozen=True)
class Created:
    """A resource just created.

    Attributes:
        resource_id: Its id.
        learnt: What only its creation tells; `read` gets it with the inputs.
    """

    resource_id: str
    learnt: Properties = field(default_factory=dict[str, Any])


class PartiallyCreatedError(Exception):
    """A resource exists, but a later step of its creation was refused."""

    def __init__(self, resource_id: str, reason: Exception) -> None:
        super().__init__(str(reason))
        self.resource_id = resource_id


SessionT = TypeVar("SessionT")


class ResourceType(ABC, Generic[SessionT]):
    """One type of resource; SessionT is what its verbs reach the far side with.

    Attributes:
        token: Pulumi's name of the type.
        inputs: The input properties.
        outputs: What only the far side decides, and where its description has it (see
            Property.answer).
        volatile: For an input, the outputs that its change makes unknown until the update.
        secrets: Properties that are secret whatever the program says.
        naming: How an unnamed resource is named.
    """

    token: ClassVar[str]
    inputs: ClassVar[Mapping[str, Property]]
    outputs: ClassVar[Mapping[str, str]]
    volatile: ClassVar[Mapping[str, tuple[str, ...]]] = {}
    secrets: ClassVar[frozenset[str]] = frozenset()
    naming: ClassVar[Naming | None] = None

    def complete(self, session: SessionT, inputs: Properties) -> Properties:  # noqa: ARG002
        """Add what the provider's configuration adds to checked inputs."""
        return inputs

    def failures(self, inputs: Properties) -> list[tuple[str, str]]:  # noqa: ARG002
        """Find what a preview can refuse: pairs of property and reason."""
        return []

    @abstractmethod
    def create(self, session: SessionT, inputs: Properties) -> Created:
        """Create.

        Raises:
            PartiallyCreatedError: it exists, but a later step was refused.
        """

    @abstractmethod
    def read(self, session: SessionT, resource_id: str, known: Properties) -> Properties | None:
        """Read every property that can be read; None if the resource is gone.

        Args:
            session: The far side.
            resource_id: What create gave, or what the user imports.
            known: Inputs or state as far as known; empty for an import.
        """

    @abstractmethod
    def update(
        self, session: SessionT, resource_id: str, inputs: Properties, changed: frozenset[str]
    ) -> None:
        """Change in place.

        Args:
            session: The far side.
            resource_id: What create gave.
            inputs: The new inputs; a dropped one has its `empty` value.
            changed: Names of inputs that differ.
        """

    @abstractmethod
    def delete(self, session: SessionT, resource_id: str, state: Properties) -> None:
        """Delete; a resource that is gone already is no error."""


def dig(value: Any, path: str) -> Any:
    """Follow `A.B` or `A[].B` into nested dicts and lists; None where it leads nowhere."""
    if not path:
        return value
    head, _, rest = path.partition(".")
    if head.endswith("[]"):
        items = _member(value, head.removesuffix("[]"))
        return None if items is None else [dig(item, rest) for item in items]
    return dig(_member(value, head), rest)


def _member(value: Any, key: str) -> Any:
    return value.get(key) if is_object(value) else None


def _sorted(value: Any) -> Any:
    if not is_list(value):
        return value
    return sorted(value, key=_text)


def _text(value: Any) -> str:
    return json.dumps(value, sort_keys=True)


def _document(value: Any) -> Any:
    try:
        return _canonical(json.loads(value))
    except (TypeError, ValueError):
        return value


def _canonical(value: Any) -> Any:
    if is_object(value):
        return {key: _canonical(item) for key, item in value.items()}
    if is_list(value):
        items = _sorted([_canonical(item) for item in value])
        return items[0] if len(items) == 1 else items
    return value
