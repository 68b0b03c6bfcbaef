"""The resolved settings of a platform: plain values, defaults applied, every rule checked."""

from collections.abc import Mapping
from functools import cached_property
from typing import Self

from pydantic import BaseModel, ConfigDict

from components.aurora_data_platform.aurora import engine_versions
from components.aurora_data_platform.aurora.parameters import (
    DEFAULT_PARAMETERS,
    AppliedParameter,
    ParameterValue,
    convert,
)
from components.aurora_data_platform.errors import SettingsError
from components.aurora_data_platform.iam_policies.iam_documents import Location
from components.aurora_data_platform.naming import Names, RotationNames
from components.aurora_data_platform.settings.groups.database import DatabaseSettings
from components.aurora_data_platform.settings.groups.engine import EngineSettings
from components.aurora_data_platform.settings.groups.identity import IdentitySettings
from components.aurora_data_platform.settings.groups.observability import ObservabilitySettings
from components.aurora_data_platform.settings.groups.place import PlaceSettings
from components.aurora_data_platform.settings.groups.recovery import RecoverySettings
from components.aurora_data_platform.settings.groups.secrets import SecretSettings
from components.aurora_data_platform.settings.rules import RULES
from components.aurora_data_platform.settings.types import RotationStrategy
from components.aurora_data_platform.settings.validation import validate

GROUPS: tuple[type[BaseModel], ...] = (
    PlaceSettings,
    IdentitySettings,
    EngineSettings,
    DatabaseSettings,
    RecoverySettings,
    SecretSettings,
    ObservabilitySettings,
)
"""In the order of the reference; the first line of each one's docstring is its title."""


class PlatformSettings(
    # pydantic takes the fields of the last base first.
    ObservabilitySettings,
    SecretSettings,
    RecoverySettings,
    DatabaseSettings,
    EngineSettings,
    IdentitySettings,
    PlaceSettings,
):
    """Everything that is decided before deployment.

    Field names are the argument names of the component; their camelCase forms are the configuration
    keys of a stack file. Build it with `from_args`, which reports every fault at once.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    @classmethod
    def from_args(cls, args: Mapping[str, object]) -> Self:
        """Build the settings.

        Args:
            args: Values by argument name or configuration key; what is left out gets its default.

        Raises:
            SettingsError: Anything is wrong; the error lists every fault.
        """
        settings, faults = validate(cls, args, RULES)
        if settings is None:
            raise SettingsError(faults)
        return settings

    @cached_property
    def names(self) -> Names:
        """Physical names."""
        return Names(
            environment=self.environment,
            platform=self.platform_name,
            region=self.region,
            major_version=self.major_version,
        )

    @property
    def location(self) -> Location:
        """Partition, region and account of every ARN."""
        return Location(self.partition, self.region, self.account_id)

    @property
    def has_application_secret(self) -> bool:
        """Whether an application logs in with a password that is rotated."""
        return self.rotation_strategy is RotationStrategy.ALTERNATING_USERS

    @property
    def rotations(self) -> tuple[RotationNames, ...]:
        """Names of every rotation that the platform has, the master secret's first."""
        own = (self.names.master_rotation,)
        return (*own, self.names.application_rotation) if self.has_application_secret else own

    @property
    def major_version(self) -> int:
        """Engine major version."""
        return engine_versions.parse(self.engine_version)[0]

    @property
    def all_parameters(self) -> Mapping[str, ParameterValue]:
        """Parameters as written, the platform's own included."""
        return {**DEFAULT_PARAMETERS, **self.parameters}

    @cached_property
    def applied_parameters(self) -> list[AppliedParameter]:
        """Parameters as RDS takes them."""
        return convert(self.all_parameters)[0]
