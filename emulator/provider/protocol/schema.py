"""The schema of a provider, which YAML programs need to resolve the types of resources."""

from typing import Any

from emulator.provider.protocol.provider import Provider
from emulator.provider.protocol.resource_type import ResourceType

ANY = {"$ref": "pulumi.json#/Any"}
"""The type of every property: Check rejects wrong values."""


def schema_of(name: str, provider: Provider[Any]) -> dict[str, Any]:
    """Return the Pulumi schema of a provider's resource types, without descriptions and functions.

    Args:
        name: Name of the package, for example `aws`.
        provider: The provider.
    """
    return {
        "name": name,
        "version": provider.version,
        # The file of a type is not part of the module that programs name: aws:ec2/vpc:Vpc.
        "meta": {"moduleFormat": "(.*)(?:/[^/]*)"},
        "provider": {"inputProperties": dict.fromkeys(provider.settings, ANY)},
        "resources": {token: _resource(each) for token, each in provider.types.items()},
    }


def _resource(resource: ResourceType[Any]) -> dict[str, Any]:
    named = {resource.naming.name} if resource.naming else set[str]()
    required = {name for name, each in resource.inputs.items() if each.required}
    properties = dict.fromkeys([*resource.inputs, *resource.outputs], ANY)
    return {
        "inputProperties": dict.fromkeys(resource.inputs, ANY),
        "requiredInputs": sorted(required - named),
        "properties": properties,
        "required": sorted(properties),
    }
