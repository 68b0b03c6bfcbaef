"""The plain AWS calls of a resource type, and the spelling of their members."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from emulator.provider.protocol.properties import Properties, is_list, is_object, plain


@dataclass(frozen=True)
class Operations:
    """The plain calls of one resource type; an empty one has a method instead.

    Attributes:
        identifier: The request member with the resource's id; it ends with `[]` if it is a list.
        create: Creates the resource.
        created: Path of the id in the create response; empty if the id is the resource's name.
        describe: Describes the resource.
        described: Path of the description in its response; `[]` at the end selects the first one.
        update: Changes the resource.
        delete: Deletes the resource.
        puts: Whether `create` also changes the resource, with all members, since it resets those
            that are not sent.
    """

    identifier: str
    create: str
    created: str = ""
    describe: str = ""
    described: str = ""
    update: str = ""
    delete: str = ""
    puts: bool = False

    def named(self, resource_id: str) -> Properties:
        """Return the request member with the resource's id."""
        if self.identifier.endswith("[]"):
            return {self.identifier.removesuffix("[]"): [resource_id]}
        return {self.identifier: resource_id}


def capitalized(value: Any) -> Any:
    """Convert a block's keys to AWS's: minCapacity becomes MinCapacity."""
    return _with_keys(value, lambda key: key[:1].upper() + key[1:])


def uncapitalized(value: Any) -> Any:
    """Convert a block's keys to the program's: MinCapacity becomes minCapacity."""
    return _with_keys(value, lambda key: key[:1].lower() + key[1:])


def _with_keys(value: Any, rename: Callable[[str], str]) -> Any:
    if is_object(value):
        return {rename(key): _with_keys(item, rename) for key, item in value.items()}
    if is_list(value):
        return [_with_keys(item, rename) for item in value]
    return plain(value)
