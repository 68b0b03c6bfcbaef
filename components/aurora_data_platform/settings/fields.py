"""The fields of `PlatformSettings`, and values derived from them."""

from collections.abc import Mapping

from components.aurora_data_platform.aurora import engine_versions, extensions, max_connections
from components.aurora_data_platform.aurora.parameters import (
    DEFAULT_PARAMETERS,
    ParameterValue,
    RdsParameter,
    convert,
    group_entries,
)
from components.aurora_data_platform.naming import Names, RotationNames
from components.aurora_data_platform.settings.access import (
    Authentication,
    DatabaseDeclaration,
    UserDeclaration,
)
from components.aurora_data_platform.settings.groups.database import DatabaseSettings
from components.aurora_data_platform.settings.groups.engine import EngineSettings
from components.aurora_data_platform.settings.groups.naming import NamingSettings
from components.aurora_data_platform.settings.groups.observability import ObservabilitySettings
from components.aurora_data_platform.settings.groups.recovery import RecoverySettings
from components.aurora_data_platform.settings.groups.secrets import SecretSettings
from components.aurora_data_platform.settings.types import SettingsGroup

GROUPS: tuple[type[SettingsGroup], ...] = (
    NamingSettings,
    EngineSettings,
    DatabaseSettings,
    RecoverySettings,
    SecretSettings,
    ObservabilitySettings,
)
"""In the order of the reference; the first line of each docstring is a heading there."""


class SettingsFields(
    # pydantic collects the fields of the last base first.
    ObservabilitySettings,
    SecretSettings,
    RecoverySettings,
    DatabaseSettings,
    EngineSettings,
    NamingSettings,
):
    """All settings, validated one by one."""

    @property
    def names(self) -> Names:
        """Physical names."""
        return Names(
            environment=self.environment,
            platform=self.platform_name,
            region=self.region,
            major_version=self.major_version,
        )

    @property
    def password_users(self) -> list[str]:
        """Names of the users with a secret."""
        return [
            name
            for name, user in self.users.items()
            if user.authentication is Authentication.PASSWORD
        ]

    def databases_of(self, user: UserDeclaration) -> list[str]:
        """Return the names of a user's databases, the one of its connection string first."""
        return list(user.databases) or [self.database_name]

    @property
    def all_databases(self) -> dict[str, DatabaseDeclaration]:
        """Every database, the initial one first."""
        return {self.database_name: DatabaseDeclaration(), **self.databases}

    @property
    def rotations(self) -> tuple[RotationNames, ...]:
        """Names of every rotation, the master secret's first."""
        master = (self.names.master_rotation,)
        return (*master, self.names.users_rotation) if self.password_users else master

    @property
    def major_version(self) -> int:
        """Engine major version."""
        return engine_versions.parse(self.engine_version)[0]

    @property
    def all_parameters(self) -> Mapping[str, ParameterValue]:
        """Cluster parameters as written, the platform's own included."""
        return {**DEFAULT_PARAMETERS, **self.cluster_parameters}

    @property
    def preloaded_libraries(self) -> frozenset[str]:
        """Libraries that the server loads when it starts."""
        return extensions.preloaded(self.all_parameters[extensions.LIBRARIES])

    @property
    def rds_parameters(self) -> list[RdsParameter]:
        """Cluster parameters in RDS's form."""
        return convert(self.all_parameters)[0]

    @property
    def parameter_group_entries(self) -> list[RdsParameter]:
        """Entries of the parameter group."""
        family = engine_versions.family(self.engine_version)
        return group_entries(self.rds_parameters, family)

    @property
    def effective_connections(self) -> int:
        """Maximum number of connections of an instance."""
        return max_connections.effective_connections(
            self.cluster_parameters,
            min_capacity_acu=self.aurora_min_capacity,
            max_capacity_acu=self.aurora_max_capacity,
        )
