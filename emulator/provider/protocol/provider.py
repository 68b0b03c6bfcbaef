"""The interface of a provider."""
# ruff: noqa: ARG002 - the methods' signatures are the interface

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar, Generic

from emulator.provider.protocol.errors import RejectedError
from emulator.provider.protocol.properties import Properties
from emulator.provider.protocol.resource_type import ResourceType, SessionT


class Provider(ABC, Generic[SessionT]):
    """A provider: resource types, functions and a configuration.

    Attributes:
        version: The version of the Python package whose provider it replaces.
        types: The provider's resource types by token.
        settings: Names of what can be configured.
    """

    version: str
    types: ClassVar[Mapping[str, ResourceType[Any]]]
    settings: ClassVar[tuple[str, ...]] = ()

    def configure(self, config: Properties) -> None:
        """Accept the provider's configuration.

        Raises:
            RejectedError: the configuration is invalid.
        """

    @abstractmethod
    def session(self, properties: Properties) -> SessionT:
        """Return the session with which a resource's operations reach the service.

        Args:
            properties: The resource's inputs or state.
        """

    def invoke(self, token: str, arguments: Properties) -> Properties:
        """Call a function.

        Raises:
            RejectedError: the function fails or does not exist.
        """
        message = f"the emulated provider does not implement the function {token}"
        raise RejectedError(message)

    def deletes_before_replacing(self, token: str, program_inputs: frozenset[str]) -> bool:
        """Return whether a replacement deletes the old resource first.

        Args:
            token: The resource's type.
            program_inputs: Names of the inputs that the program sets.
        """
        return False

    def resource(self, token: str) -> ResourceType[SessionT]:
        """Return a resource type.

        Raises:
            RejectedError: the provider does not have it.
        """
        if token not in self.types:
            message = f"the emulated provider does not implement the resource type {token}"
            raise RejectedError(message)
        return self.types[token]
