"""The emulated aws provider, which the engine runs instead of the official plugin.

It implements some of the official plugin's resource types and functions, and of each type the
properties in its table. It rejects everything else.
"""

import json
import os
import sys
from collections.abc import Mapping
from importlib.metadata import version
from typing import Any, ClassVar

from emulator.isolation import scrub_environment
from emulator.provider import contract, lookups, resources
from emulator.provider.aws_connection import (
    AwsConnection,
    loopback_endpoint,
    require_loopback,
)
from emulator.provider.protocol.errors import RejectedError
from emulator.provider.protocol.properties import Properties, is_object
from emulator.provider.protocol.provider import Provider
from emulator.provider.protocol.resource_type import ResourceType
from emulator.provider.protocol.servicer import serve

CONTRACT = contract.load()
"""What the official provider does, by type token."""


class AwsProvider(Provider[AwsConnection]):
    """The aws provider.

    Attributes:
        endpoint: URL of the emulated AWS.
    """

    types: ClassVar[Mapping[str, ResourceType[Any]]] = resources.TYPES
    settings: ClassVar[tuple[str, ...]] = ("region", "defaultTags")

    def __init__(self, endpoint: str) -> None:
        self.version = version("pulumi-aws")
        self.endpoint = endpoint
        self._region = ""
        self._default_tags: dict[str, str] = {}
        self._connections: dict[str, AwsConnection] = {}

    def configure(self, config: Properties) -> None:
        """Read the region and default tags; the address of AWS comes from the environment only.

        Raises:
            RejectedError: no region is configured, or the address is not a loopback address.
        """
        require_loopback(self.endpoint)
        region = config.get("region")
        if not isinstance(region, str) or not region:
            message = "aws:region is not configured; run `pulumi config set aws:region us-east-2`"
            raise RejectedError(message)
        self._region = region
        self._default_tags = default_tags(config.get("defaultTags"))
        self._connections = {}

    def session(self, properties: Properties) -> AwsConnection:
        """Return the connection to the resource's region, by default the provider's."""
        own = properties.get("region")
        region = own if isinstance(own, str) and own else self._region
        if region not in self._connections:
            self._connections[region] = AwsConnection(self.endpoint, region, self._default_tags)
        return self._connections[region]

    def deletes_before_replacing(self, token: str, program_inputs: frozenset[str]) -> bool:
        """Return what the contract says of the official provider."""
        return CONTRACT[token].deletes_before_replacing(program_inputs)

    def invoke(self, token: str, arguments: Properties) -> Properties:
        """Call a lookup function."""
        return lookups.look_up(self.session(arguments), token, arguments)


def default_tags(given: Any) -> dict[str, str]:
    """Read the default tags; the engine passes a nested block as JSON text."""
    block = json.loads(given) if isinstance(given, str) and given else given
    if not is_object(block):
        return {}
    tags: dict[str, str] = block.get("tags") or {}
    return dict(tags)


def main() -> None:
    """Serve as a plugin, unless no emulated AWS is configured."""
    scrub_environment(os.environ)
    try:
        provider = AwsProvider(loopback_endpoint())
    except RejectedError as error:
        sys.exit(f"aws provider: {error}")
    serve(provider)
