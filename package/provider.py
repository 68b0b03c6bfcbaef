"""The provider that the engine calls to construct the component."""

import json

import pulumi
from pulumi.errors import InputPropertyErrorDetails
from pulumi.provider import ConstructResult, Provider

from components.aurora_data_platform import AuroraDataPlatform, AuroraDataPlatformArgs
from components.aurora_data_platform.errors import MISSING, ConfigError, ConfigIssue
from package.conversion import Arguments, has_output, property_path
from package.lookups import component_args, find_region, invoke_options
from package.schema import TOKEN, schema


class AuroraDataPlatformProvider(Provider):
    """Constructs `AuroraDataPlatform` for programs in every Pulumi language.

    Args:
        version: Version of the package; None to leave it to the Git tag.
    """

    def __init__(self, version: str | None = None) -> None:
        super().__init__(version or "", json.dumps(schema(version)))

    def construct(
        self,
        name: str,
        resource_type: str,
        inputs: pulumi.Inputs,
        options: pulumi.ResourceOptions | None = None,
    ) -> ConstructResult:
        """Create the component.

        Args:
            name: Its logical name.
            resource_type: Its type token.
            inputs: Its properties; see the schema.
            options: Its resource options.

        Raises:
            InputPropertiesError: An argument is invalid; the error lists every one.
        """
        if resource_type != TOKEN:
            message = f"unknown resource type {resource_type}; the package has {TOKEN}"
            raise pulumi.InputPropertiesError(message, [])
        arguments = Arguments.read(inputs)
        try:
            args = _convert(arguments, options)
        except ConfigError as error:
            details = [_details(issue, arguments) for issue in error.issues]
            count = f"{len(details)} invalid {'property' if len(details) == 1 else 'properties'}"
            message = f"{count}; nothing was deployed"
            raise pulumi.InputPropertiesError(message, details) from None
        platform = AuroraDataPlatform(name, args, options)
        return ConstructResult(platform.urn, platform.outputs())


def _convert(
    arguments: Arguments, options: pulumi.ResourceOptions | None
) -> AuroraDataPlatformArgs:
    opts = invoke_options(options)
    settings = arguments.validated(find_region(opts))
    return component_args(settings, arguments.inputs, opts)


def _details(issue: ConfigIssue, arguments: Arguments) -> InputPropertyErrorDetails:
    """Return an issue in Pulumi's form; the engine adds the value."""
    parts = ["required"] if issue.value == MISSING else []
    parts += [f"allowed: {issue.expected}"] if issue.expected else []
    parts += [issue.reason] if issue.reason else []
    path = property_path(issue.key, arguments.values)
    return {
        # The engine (3.274.1) panics when it prints a value that contains an output
        # (sdk/go/propertyprint); a path to no property prevents that.
        "property_path": f"{path} " if has_output(issue.value) else path,
        "reason": "; ".join(parts),
    }
