"""The aws provider: what the engine takes for the official plugin during a rehearsal.

It is not the official plugin: it knows the resource types and functions of this product only, and
of each those properties that its table names. Anything else a program asks for is refused.
"""

import json
import os
import sys
from collections.abc import Mapping
from importlib.metadata import version
from typing import Any, ClassVar

from emulator.isolation import forget_user_settings
from emulator.provider import lookups, resources
from emulator.provider.aws_connection import (
    AwsConnection,
    loopback_endpoint,
    require_loopback,
)
from emulator.provider.properties import Properties, is_object
from emulator.provider.resource_type import ResourceType
from emulator.provider.servicer import Package, RefusedError, serve


class AwsPackage(Package[AwsConnection]):
    """The aws provider.

    Attributes:
        endpoint: Where the emulated AWS answers.
    """

    types: ClassVar[Mapping[str, ResourceType[Any]]] = resources.TYPES

    def __init__(self, endpoint: str) -> None:
        self.version = version("pulumi-aws")
        self.endpoint = endpoint
        self._region = ""
        self._default_tags: dict[str, str] = {}
        self._connections: dict[str, AwsConnection] = {}

    def configure(self, config: Properties) -> None:
        """Take region and default tags; AWS's address comes from the environment alone.

        Raises:
            RefusedError: no region is configured, or the address is not on this machine.
        """
        require_loopback(self.endpoint)
        region = config.get("region")
        if not isinstance(region, str) or not region:
            message = "the aws provider has no region: `pulumi config set aws:region us-east-2`"
            raise RefusedError(message)
        self._region = region
        self._default_tags = default_tags(config.get("defaultTags"))
        self._connections = {}

    def session(self, properties: Properties) -> AwsConnection:
        """Connect to the resource's own region, or to the provider's."""
        own = properties.get("region")
        region = own if isinstance(own, str) and own else self._region
        if region not in self._connections:
            self._connections[region] = AwsConnection(self.endpoint, region, self._default_tags)
        return self._connections[region]

    def invoke(self, token: str, arguments: Properties) -> Properties:
        """Look something up."""
        return lookups.look_up(self.session(arguments), token, arguments)


def default_tags(given: Any) -> dict[str, str]:
    """Read the configuration's default tags; the engine hands a nested block over as JSON text."""
    block = json.loads(given) if isinstance(given, str) and given else given
    if not is_object(block):
        return {}
    tags: dict[str, str] = block.get("tags") or {}
    return dict(tags)


def main() -> None:
    """Serve as a plugin, or refuse to start without an AWS on this machine."""
    forget_user_settings(os.environ)
    try:
        package = AwsPackage(loopback_endpoint())
    except RefusedError as error:
        sys.exit(f"aws provider: {error}")
    serve(package)
