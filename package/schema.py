"""Schema of the package, derived from the settings, the component's arguments and its outputs.

Pulumi's `component_provider_host` derives a schema from the annotations of one arguments class. Its
analyzer (pulumi.provider.experimental.analyzer) supports neither unions nor tuples, takes
descriptions from source text only, and gives every schema the version 0.0.0. It therefore analyzes
here what it supports, `AuroraDataPlatformArgs` and the outputs; settings are derived from their
pydantic fields, which also contain default, limits and reason.
"""

import dataclasses
import inspect
from collections.abc import Iterable, Mapping
from enum import Enum
from types import UnionType
from typing import Annotated, Any, Literal, Union, cast, get_args, get_origin

from pulumi.provider.experimental.analyzer import Analyzer, PropertyDefinition
from pulumi.provider.experimental.schema import ComplexType, Property
from pydantic import BaseModel
from pydantic.alias_generators import to_camel
from pydantic_core import to_json

from components.aurora_data_platform import AuroraDataPlatform, AuroraDataPlatformArgs
from components.aurora_data_platform.settings.descriptions import descriptions
from components.aurora_data_platform.settings.validation import spec_of
from package.arguments import GROUPS, TOP_LEVEL, Group, PackageSettings

NAME = "aurora-data-platform"
TOKEN = f"{NAME}:index:AuroraDataPlatform"

Json = dict[str, Any]

_SCALARS: Mapping[object, str] = {
    bool: "boolean",
    int: "integer",
    float: "number",
    str: "string",
}
_ANY = "pulumi.json#/Any"
_LANGUAGES = ("nodejs", "python", "go", "csharp", "java")


def schema(version: str | None = None) -> Json:
    """Return the package's schema.

    Args:
        version: Version of the package. Without one, Pulumi uses the Git tag of the plugin
            (pkg/cmd/pulumi/packages, pluginSpec).
    """
    types = _Types()
    inputs, required_inputs = types.inputs()
    outputs, required_outputs = types.outputs()
    return {
        "name": NAME,
        **({"version": version} if version else {}),
        "displayName": "Aurora data platform",
        "description": "Aurora PostgreSQL 17 Serverless v2 data platform for applications on "
        "Amazon ECS",
        "keywords": ["pulumi", "aws", "aurora", "postgresql", "kind/component"],
        "license": "Apache-2.0",
        "resources": {
            TOKEN: {
                "isComponent": True,
                "description": _summary(AuroraDataPlatform),
                "inputProperties": inputs,
                "requiredInputs": required_inputs,
                "properties": outputs,
                "required": required_outputs,
            }
        },
        "types": dict(sorted(types.declared.items())),
        "language": {language: {"respectSchemaVersion": True} for language in _LANGUAGES},
    }


class _Types:
    """Properties, and the object and enum types to which they refer.

    Attributes:
        declared: Types by token.
    """

    def __init__(self) -> None:
        self.declared: dict[str, Json] = {}
        self._analyzer = Analyzer(NAME)

    def inputs(self) -> tuple[dict[str, Json], list[str]]:
        """Return the input properties, and the names of the required ones."""
        properties: dict[str, Json] = {}
        required: list[str] = []
        for group in GROUPS:
            members, needed = self._members(group)
            if group.name == TOP_LEVEL:
                properties |= members
                required += needed
                continue
            properties[group.name] = {
                **self._declare_object(group.type_name, group.description, members, needed),
                "description": group.description,
                "plain": True,
            }
            required += [group.name] if needed else []
        return properties, sorted(required)

    def outputs(self) -> tuple[dict[str, Json], list[str]]:
        """Return the output properties, and the names of those that always have a value."""
        found, _ = self._analyzer.analyze_type(AuroraDataPlatform, is_component_output=True)
        for name, definition in self._analyzer.type_definitions.items():
            self.declared[_token(name)] = _plain_json(ComplexType.from_definition(definition))
        properties = {name: _plain_json(Property.from_definition(found[name])) for name in found}
        return properties, sorted(name for name, each in found.items() if not each.optional)

    def _members(self, group: Group) -> tuple[dict[str, Json], list[str]]:
        settings, required = self._settings(PackageSettings, group.settings)
        arguments = {each.name: each for each in dataclasses.fields(AuroraDataPlatformArgs)}
        inputs = {
            to_camel(name): self._input(arguments[name])
            for name in group.inputs
            if name not in group.settings
        }
        for name in set(group.settings) & set(group.inputs):
            _accept_outputs(settings[to_camel(name)])
        required += [to_camel(name) for name in group.inputs if _is_required(arguments[name])]
        return settings | inputs, sorted(required)

    def _settings(
        self, model: type[BaseModel], names: Iterable[str]
    ) -> tuple[dict[str, Json], list[str]]:
        """Return properties of settings, and the names of the required ones."""
        fields = {name: model.model_fields[name] for name in names}
        properties: dict[str, Json] = {}
        for name, field in fields.items():
            spec = spec_of(model, name)
            description = [_prose(descriptions(model).get(name))]
            if not field.is_required():
                description.append(f"Default: {default_text(field.default)}.")
            limits = [f"Allowed: {spec.allowed}", *([spec.reason] if spec.reason else [])]
            properties[to_camel(name)] = {
                **self._type(field.annotation),
                "description": f"{' '.join(description)}\n\n{'; '.join(limits)}.",
                "plain": True,
            }
        return properties, [to_camel(name) for name, each in fields.items() if each.is_required()]

    def _input(self, argument: "dataclasses.Field[Any]") -> Json:
        definition: PropertyDefinition = self._analyzer.analyze_property(
            cast("type", argument.type),
            AuroraDataPlatformArgs,
            argument.name,
            can_be_plain=True,
            is_component_output=False,
        )
        return _plain_json(Property.from_definition(definition))

    def _type(self, annotation: Any) -> Json:
        """Return the schema of a setting's type."""
        origin, arguments = get_origin(annotation), get_args(annotation)
        if annotation in _SCALARS:
            return {"type": _SCALARS[annotation]}
        if isinstance(annotation, type) and issubclass(annotation, Enum):
            return self._declare_enum(annotation)
        if isinstance(annotation, type) and issubclass(annotation, BaseModel):
            members, required = self._settings(annotation, annotation.model_fields)
            return self._declare_object(
                annotation.__name__, _summary(annotation), members, required
            )
        if origin is tuple:
            return {"type": "array", "items": {**self._type(arguments[0]), "plain": True}}
        if origin is dict:
            values = {**self._type(arguments[1]), "plain": True}
            return {"type": "object", "additionalProperties": values}
        if origin is Annotated:
            return self._type(arguments[0])
        if origin is Literal:
            return self._type(type(arguments[0]))
        if origin in (Union, UnionType):
            (first, *others) = [self._type(each) for each in arguments]
            # Go and Java have no unions.
            return first if all(each == first for each in others) else {"$ref": _ANY}
        message = f"the schema supports no settings of type {annotation}"
        raise TypeError(message)

    def _declare_enum(self, enum: type[Enum]) -> Json:
        self.declared[_token(enum.__name__)] = {
            "type": "string",
            "description": _summary(enum),
            "enum": [
                {"name": each.name.title().replace("_", ""), "value": str(each.value)}
                for each in enum
            ],
        }
        return _ref(enum.__name__)

    def _declare_object(
        self, name: str, description: str, members: Mapping[str, Json], required: list[str]
    ) -> Json:
        self.declared[_token(name)] = {
            "type": "object",
            "description": description,
            "properties": members,
            **({"required": sorted(required)} if required else {}),
        }
        return _ref(name)


def default_text(default: object) -> str:
    """Return a default in Markdown; the members of an object have their own."""
    if isinstance(default, BaseModel) or default in ("", (), {}):
        return "none"
    return f"`{to_json(default).decode()}`"


def _accept_outputs(setting: Json) -> None:
    del (setting.get("items") or setting)["plain"]


def _is_required(argument: "dataclasses.Field[Any]") -> bool:
    return argument.default is argument.default_factory is dataclasses.MISSING


def _plain_json(analyzed: Property | ComplexType) -> Json:
    """Return an analyzed property or type without nulls and line breaks.

    The analyzer repeats the description of a list or map for its elements.
    """

    def convert(value: Any) -> Any:
        if not isinstance(value, dict):
            return _prose(value) if isinstance(value, str) else value
        members = cast("Json", value)
        return {
            key: _without_description(convert(each)) if key in _ELEMENTS else convert(each)
            for key, each in members.items()
            if each is not None
        }

    return convert(analyzed.to_json())


_ELEMENTS = ("items", "additionalProperties")


def _without_description(element: Json) -> Json:
    return {key: value for key, value in element.items() if key != "description"}


def _summary(documented: type) -> str:
    """Return a class docstring up to its list of arguments, as Markdown."""
    text = inspect.cleandoc(documented.__doc__ or "").partition("\n\nArgs:")[0]
    return text.replace(":\n    - ", ":\n\n- ").replace("\n    - ", "\n- ")


def _prose(text: str | None) -> str:
    return " ".join((text or "").split())


def _token(name: str) -> str:
    return f"{NAME}:index:{name}"


def _ref(name: str) -> Json:
    return {"$ref": f"#/types/{_token(name)}"}
