"""Conversion of the package's arguments into those of the component."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

import pulumi
from pydantic.alias_generators import to_camel

from components.aurora_data_platform.errors import MISSING, ConfigError, ConfigIssue, unknown_name
from package.arguments import GROUPS, TOP_LEVEL, Group, PackageSettings

_GROUPS = {group.name: group for group in GROUPS}
_TOP_LEVEL = _GROUPS.pop(TOP_LEVEL)
_REQUIRED = {
    "vpc_id": "the ID of a VPC",
    "subnet_ids": "the IDs of private subnets in at least two Availability Zones",
}
"""Deployment-time arguments that have no default, and what they accept."""
_SHAPES: Mapping[str, tuple[type, str]] = {
    "subnet_ids": (list, "a list"),
    "client_security_group_ids": (dict, "an object"),
    "notification_topic_arns": (list, "a list"),
}
"""Deployment-time arguments that are not text."""
_GROUP_ID = (r"sg-[A-Za-z0-9_-]+", "the ID of a security group")
_TEXTS: Mapping[str, tuple[str, str]] = {
    "client_security_group_ids": _GROUP_ID,
    "secrets_endpoint_security_group_id": _GROUP_ID,
    "kms_key_arn": (
        r"arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key/[A-Za-z0-9_-]+",
        "the ARN of a KMS key",
    ),
    "ecs_task_execution_role_name": (
        r"[A-Za-z0-9_+=,.@-]{1,64}",
        "the name of a role, without path and ARN",
    ),
}
"""Requirements for text arguments. Lookups check the network, and settings check the topics."""


@dataclass
class Arguments:
    """The resource's properties, sorted by use.

    Attributes:
        settings: Settings by camelCase key.
        inputs: Deployment-time arguments by field of `AuroraDataPlatformArgs`.
        issues: Properties that are neither.
    """

    settings: dict[str, Any] = field(default_factory=dict[str, Any])
    inputs: dict[str, Any] = field(default_factory=dict[str, Any])
    issues: list[ConfigIssue] = field(default_factory=list[ConfigIssue])

    @classmethod
    def read(cls, properties: Mapping[str, Any]) -> "Arguments":
        """Sort the properties of the resource."""
        arguments = cls()
        own = {name: value for name, value in properties.items() if name not in _GROUPS}
        arguments._read_group(_TOP_LEVEL, own)
        for name, group in _GROUPS.items():
            members: object = properties.get(name) or {}
            if isinstance(members, dict):
                arguments._read_group(group, _entries(cast("object", members)))
            else:
                arguments._reject(name, members, "an object")
        rejected = {issue.key for issue in arguments.issues}
        for name, expected in _REQUIRED.items():
            if name not in arguments.inputs and to_camel(name) not in rejected:
                arguments._reject(to_camel(name), MISSING, expected)
        return arguments

    @property
    def values(self) -> dict[str, Any]:
        """Values of all arguments by camelCase key."""
        return {to_camel(name): value for name, value in self.inputs.items()} | self.settings

    def _read_group(self, group: Group, members: Mapping[str, object]) -> None:
        settings = [to_camel(name) for name in group.settings]
        inputs = {to_camel(name): name for name in group.inputs}
        known: list[str] = [*settings, *inputs, *(_GROUPS if group is _TOP_LEVEL else ())]
        for key, value in members.items():
            if value is None:
                continue
            if key in inputs and key not in settings:
                self._read_input(key, inputs[key], value)
            elif key not in settings:
                path = f"{group.name}.{key}" if group.name else key
                self.issues.append(ConfigIssue(path, value, "", unknown_name("key", key, known)))
            elif not has_output(value):
                self.settings[key] = _with_whole_numbers(value)
            elif key in inputs:
                self._read_input(key, inputs[key], value)
                # What is known is validated all the same.
                plain = [each for each in _items(value) if not has_output(each)]
                self.settings |= {key: plain} if plain else {}
            else:
                self._reject(key, value, "a plain value")

    def _read_input(self, key: str, name: str, value: object) -> None:
        shape, words = _SHAPES.get(name, (str, "text"))
        # The keys of an object become part of logical names, and an alarm has at most five actions.
        may_be_output = name not in ("client_security_group_ids", "notification_topic_arns")
        if not isinstance(value, shape) and not (
            may_be_output and isinstance(value, pulumi.Output)
        ):
            self._reject(key, value, words)
            return
        self.inputs[name] = value
        pattern, words = _TEXTS.get(name, (r"(?s:.*)", ""))
        for path, text in _texts(key, cast("object", value)):
            if not re.fullmatch(pattern, text):
                self._reject(path, text, words)

    def _reject(self, key: str, value: object, expected: str) -> None:
        reason = (
            "it decides what is created, so it must be known before the deployment and not secret"
            if has_output(value)
            else ""
        )
        self.issues.append(ConfigIssue(key, value, expected, reason))

    def validated(self, region: str) -> PackageSettings:
        """Return the settings.

        Args:
            region: AWS region of the platform.

        Raises:
            ConfigError: An argument is invalid; the error lists every issue.
        """
        rejected = {issue.key for issue in self.issues}
        found: list[ConfigIssue] = []
        try:
            settings = PackageSettings.model_validate({**self.settings, "region": region})
        except ConfigError as error:
            found = [issue for issue in error.issues if issue.key not in rejected]
            settings = None
        if settings is None or self.issues:
            raise ConfigError([*self.issues, *found])
        return settings


def property_path(key: str, values: Mapping[str, Any]) -> str:
    """Return where a key is in the resource's properties, in Pulumi's syntax.

    Args:
        key: Key of an issue: an argument, or an entry of one and its members, joined by dots.
        values: Values of the arguments by camelCase key.

    Returns:
        For example `capacity.auroraMinCapacity` or `engine.clusterParameters["app.name"]`.
    """
    name, _, rest = key.partition(".")
    groups = [each.name for each in _GROUPS.values() if name in map(to_camel, each.members)]
    path = f"{groups[0]}.{name}" if groups else name
    if not rest:
        return path
    known = [each for each in _entries(values.get(name)) if f"{rest}.".startswith(f"{each}.")]
    if not known:
        return f"{path}.{rest}"
    entry = max(known, key=len)
    quoted = entry.replace("\\", "\\\\").replace('"', '\\"')
    return f'{path}["{quoted}"]{rest.removeprefix(entry)}'


def _entries(value: object) -> dict[str, object]:
    return cast("dict[str, object]", value) if isinstance(value, dict) else {}


def _items(value: object) -> list[object]:
    return cast("list[object]", value) if isinstance(value, list) else []


def _with_whole_numbers(value: object) -> object:
    """Return a value as the program wrote it: the engine sends every number as a float."""
    if isinstance(value, dict):
        return {
            key: _with_whole_numbers(each) for key, each in _entries(cast("object", value)).items()
        }
    if isinstance(value, list):
        return [_with_whole_numbers(each) for each in _items(cast("object", value))]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _texts(key: str, value: object) -> Iterator[tuple[str, str]]:
    """Yield the known texts of an argument, each with its key."""
    entries = {f"{key}.{name}": each for name, each in _entries(value).items()} or {key: value}
    for path, each in entries.items():
        if isinstance(each, str):
            yield path, each


def has_output(value: object) -> bool:
    """Return whether a value is or contains an output."""
    parts = [*_entries(value).values(), *_items(value)]
    return isinstance(value, pulumi.Output) or any(map(has_output, parts))
