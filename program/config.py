"""Configuration of the stack, with every issue reported at once."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from enum import Enum
from pathlib import Path
from typing import Self, TypeVar

import pulumi
import pulumi.runtime.config as runtime_config
from pydantic import BaseModel
from pydantic.alias_generators import to_camel

from components.aurora_data_platform import PlatformSettings
from components.aurora_data_platform.errors import ConfigError, ConfigIssue, unknown_name
from components.aurora_data_platform.settings.validation import spec_of
from program.lookup_settings import LookupSettings, endpoint_issues
from program.stack_file import unquoted_scalars

Model = TypeVar("Model", bound=BaseModel)


@dataclass(frozen=True)
class StackValues:
    """Values of a stack's configuration, as Pulumi passes them to the program.

    Attributes:
        values: Values by configuration key, without the namespace: text, and JSON for arrays and
            objects.
        region: Value of `aws:region`, or None.
        stack_file: Name of the stack file, for messages.
        secret_keys: Keys that are stored encrypted.
        unquoted: Plain scalars of the stack file that YAML does not read as text, by key.
        misspelled: Keys whose namespace is similar to the project's, and so most likely a mistake.
    """

    values: Mapping[str, str]
    region: str | None
    stack_file: str
    secret_keys: frozenset[str] = frozenset()
    unquoted: Mapping[str, str] = field(default_factory=dict[str, str])
    misspelled: Sequence[str] = ()

    @classmethod
    def from_pulumi_config(cls) -> Self:
        """Return the configuration of the running program."""
        namespace = f"{pulumi.get_project()}:"
        stack_file = f"Pulumi.{pulumi.get_stack()}.yaml"
        # pulumi.Config reads one known key at a time; unknown keys need all of them.
        config: dict[str, str] = runtime_config.get_config_env() | runtime_config.CONFIG.get()
        encrypted = set(runtime_config.get_config_secret_keys_env())
        own = {key: value for key, value in config.items() if key.startswith(namespace)}
        return cls(
            values={key.removeprefix(namespace): value for key, value in own.items()},
            region=pulumi.Config("aws").get("region"),
            stack_file=stack_file,
            secret_keys=frozenset(
                key.removeprefix(namespace)
                for key in own
                if key in encrypted or runtime_config.is_config_secret(key)
            ),
            unquoted=unquoted_scalars(Path(stack_file), namespace),
            misspelled=[
                key for key in config if _is_similar(key.partition(":")[0], namespace[:-1])
            ],
        )


def _is_similar(namespace: str, project: str) -> bool:
    return namespace != project and bool(get_close_matches(namespace, [project], cutoff=0.8))


def config_keys(model: type[BaseModel]) -> dict[str, str]:
    """Return field names by configuration key, for the fields that a stack file sets."""
    return {
        to_camel(name): name
        for name in model.model_fields
        if spec_of(model, name).config_type is not None
    }


def read_config(stack: StackValues) -> tuple[PlatformSettings, LookupSettings]:
    """Validate a stack's configuration.

    Raises:
        ConfigError: Anything is invalid; the error lists every issue.
    """
    keys = {**config_keys(PlatformSettings), **config_keys(LookupSettings)}
    issues = [
        ConfigIssue(key, _printable(stack, key), "", unknown_name("key", key, keys))
        for key in stack.values
        if key not in keys
    ]
    issues += [
        ConfigIssue(key, "", "", f"unknown namespace; did you mean {pulumi.get_project()!r}?")
        for key in stack.misspelled
    ]
    issues += _secrets(stack, keys)
    unreadable = [*_unquoted_texts(stack), *_unparsable(stack)]
    issues += unreadable
    rejected = {issue.key for issue in issues}
    settings, found = _validate(
        PlatformSettings, {**_parse(stack, PlatformSettings, rejected), "region": stack.region}
    )
    issues += [issue for issue in found if issue.key not in rejected]
    lookups, found = _validate(LookupSettings, _parse(stack, LookupSettings, rejected))
    issues += [issue for issue in found if issue.key not in rejected]
    if settings and lookups:
        issues += endpoint_issues(
            "secretsManagerEndpointSecurityGroup",
            lookups.secrets_manager_endpoint_security_group,
            settings.secrets_manager_connectivity,
        )
    if issues or settings is None or lookups is None:
        raise ConfigError(issues, stack.stack_file)
    return settings, lookups


def _validate(
    build: Callable[..., Model], values: Mapping[str, object]
) -> tuple[Model | None, Sequence[ConfigIssue]]:
    try:
        return build(**values), ()
    except ConfigError as error:
        return None, error.issues


def _printable(stack: StackValues, key: str) -> str:
    return "[secret]" if key in stack.secret_keys else stack.values[key]


def _secrets(stack: StackValues, keys: Mapping[str, str]) -> Iterator[ConfigIssue]:
    for key in sorted(stack.secret_keys & keys.keys()):
        yield ConfigIssue(
            key,
            "[secret]",
            "a plain value; set it without --secret",
            "settings end up in resource inputs and outputs, where they are not encrypted",
        )


def _unquoted_texts(stack: StackValues) -> Iterator[ConfigIssue]:
    """Yield text settings whose unquoted value YAML reads as a number, boolean or time."""
    for model in (PlatformSettings, LookupSettings):
        for key, name in config_keys(model).items():
            if key in stack.unquoted and _is_text(model, name):
                yield ConfigIssue(
                    key,
                    stack.unquoted[key],
                    f'the value in quotes: "{stack.unquoted[key]}"',
                    "YAML does not read this unquoted value as text, and Pulumi changes it",
                )


def _is_text(model: type[BaseModel], name: str) -> bool:
    annotation = model.model_fields[name].annotation
    return annotation is str or (isinstance(annotation, type) and issubclass(annotation, Enum))


def _unparsable(stack: StackValues) -> Iterator[ConfigIssue]:
    """Yield arrays and objects that are not JSON of that type."""
    expected = {"array": list, "object": dict}
    for model in (PlatformSettings, LookupSettings):
        for key, name in config_keys(model).items():
            spec = spec_of(model, name)
            if key not in stack.values or spec.config_type == "string":
                continue
            try:
                parsed = json.loads(stack.values[key])
            except ValueError:
                parsed = None
            if not isinstance(parsed, expected[str(spec.config_type)]):
                yield ConfigIssue(
                    key, _printable(stack, key), spec.allowed, f"not an {spec.config_type}"
                )


def _parse(stack: StackValues, model: type[BaseModel], rejected: set[str]) -> dict[str, object]:
    """Return values by field name, without those that were rejected already."""
    return {
        name: stack.values[key]
        if spec_of(model, name).config_type == "string"
        else json.loads(stack.values[key])
        for key, name in config_keys(model).items()
        if key in stack.values and key not in rejected
    }
