"""From a stack's configuration to arguments, with every fault told at once."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Self

import pulumi
import pulumi.runtime.config as runtime_config
from pydantic import BaseModel
from pydantic.alias_generators import to_camel

from components.aurora_data_platform.errors import Fault, SettingsError, nearest
from components.aurora_data_platform.settings.model import PlatformSettings
from components.aurora_data_platform.settings.rules import RULES
from components.aurora_data_platform.settings.types import SecretsManagerAccess
from components.aurora_data_platform.settings.validation import describe, validate
from program.lookup_settings import LOOKUP_RULES, LookupSettings

STRUCTURED = ("array", "object")
"""Types whose values Pulumi hands over as JSON."""
# Facts of the credentials, not of the file; any legal value lets the file be judged on its own.
_BEFORE_LOOKUP = {"partition": "aws", "account_id": "000000000000"}


@dataclass(frozen=True)
class StackValues:
    """What a stack's configuration says, as Pulumi hands it over.

    Attributes:
        values: Values by key of the project, without the namespace: text, and JSON for arrays and
            objects.
        secret_keys: Keys that are stored encrypted; their values never enter a message.
        region: Value of `aws:region`, or None.
        stack_file: Name of the file, for messages.
    """

    values: Mapping[str, str]
    secret_keys: frozenset[str]
    region: str | None
    stack_file: str

    @classmethod
    def of_running_program(cls) -> Self:
        """The values of the stack that is being deployed."""
        namespace = f"{pulumi.get_project()}:"
        # pulumi.Config reads one known key at a time; to find misspelt keys all are needed.
        config: dict[str, str] = runtime_config.get_config_env() | runtime_config.CONFIG.get()
        encrypted = set(runtime_config.get_config_secret_keys_env())
        own = {key: value for key, value in config.items() if key.startswith(namespace)}
        return cls(
            values={key.removeprefix(namespace): value for key, value in own.items()},
            secret_keys=frozenset(
                key.removeprefix(namespace)
                for key in own
                if key in encrypted or runtime_config.is_config_secret(key)
            ),
            region=pulumi.Config("aws").get("region"),
            stack_file=f"Pulumi.{pulumi.get_stack()}.yaml",
        )


@dataclass(frozen=True)
class StackConfig:
    """A stack's configuration, checked.

    Attributes:
        settings: Values of the component's plain arguments, by argument name.
        lookups: How to find the rest.
        platform_name: Name of the platform.
        engine_version: Requested engine version, MAJOR.MINOR.
        stack_file: Name of the file it came from.
    """

    settings: Mapping[str, object]
    lookups: LookupSettings
    platform_name: str
    engine_version: str
    stack_file: str


def config_keys(model: type[BaseModel]) -> dict[str, str]:
    """Field names by configuration key, for the fields that a stack file sets."""
    return {
        to_camel(name): name
        for name in model.model_fields
        if describe(model, name)["config"] is not None
    }


def read_config(stack: StackValues) -> StackConfig:
    """Read and check a stack's configuration.

    Raises:
        SettingsError: Anything is wrong; the error lists every fault.
    """
    platform_keys, lookup_keys = config_keys(PlatformSettings), config_keys(LookupSettings)
    faults = [
        Fault(key, value, nearest(key, {**platform_keys, **lookup_keys}), "there is no such key")
        for key, value in stack.values.items()
        if key not in platform_keys and key not in lookup_keys
    ]
    settings, unreadable = _parse(stack.values, PlatformSettings, platform_keys)
    lookups, unreadable_lookups = _parse(stack.values, LookupSettings, lookup_keys)
    settings["region"] = stack.region
    checked, wrong = validate(PlatformSettings, {**settings, **_BEFORE_LOOKUP}, RULES)
    found, wrong_lookups = validate(LookupSettings, lookups, LOOKUP_RULES)
    faults += unreadable + wrong + unreadable_lookups + wrong_lookups
    if checked is not None and found is not None:
        faults += _endpoint_fits_access(checked, found)
    if faults or checked is None or found is None:
        raise SettingsError(_without_secrets(faults, stack.secret_keys), stack.stack_file)
    return StackConfig(
        settings, found, checked.platform_name, checked.engine_version, stack.stack_file
    )


def _endpoint_fits_access(settings: PlatformSettings, lookups: LookupSettings) -> list[Fault]:
    """The one rule between what is deployed and what is looked up."""
    named = lookups.secrets_manager_endpoint_security_group
    existing = settings.secrets_manager_access is SecretsManagerAccess.EXISTING
    if bool(named) == existing:
        return []
    access = f"secretsManagerAccess ({settings.secrets_manager_access})"
    return [
        Fault(
            "secretsManagerEndpointSecurityGroup",
            named,
            "the name or id of a security group" if existing else f"nothing with {access}",
            f"with {access} the rotation function's way out "
            + ("ends there" if existing else "is another"),
        )
    ]


def _parse(
    values: Mapping[str, str], model: type[BaseModel], keys: Mapping[str, str]
) -> tuple[dict[str, object], list[Fault]]:
    """Values by field name, and faults of those that are no array or object."""
    parsed: dict[str, object] = {}
    faults: list[Fault] = []
    for key in sorted(values.keys() & keys.keys()):
        told = describe(model, keys[key])
        try:
            structured = told["config"] in STRUCTURED
            parsed[keys[key]] = json.loads(values[key]) if structured else values[key]
        except ValueError:
            faults.append(
                Fault(key, values[key], told["allowed"], f"it is not an {told['config']}")
            )
    return parsed, faults


def _without_secrets(faults: Sequence[Fault], secret_keys: frozenset[str]) -> list[Fault]:
    return [
        replace(fault, got="[secret]") if fault.key.partition(".")[0] in secret_keys else fault
        for fault in faults
    ]
