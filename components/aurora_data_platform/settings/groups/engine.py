"""Engine and capacity."""

from typing import Annotated

from pydantic import Field

from components.aurora_data_platform.aurora import engine_versions
from components.aurora_data_platform.aurora.parameters import ParameterValue
from components.aurora_data_platform.settings.custom_endpoints import (
    MAX_CUSTOM_ENDPOINTS,
    CustomEndpoint,
    EndpointName,
)
from components.aurora_data_platform.settings.types import (
    Acu,
    EngineLifecycleSupport,
    SettingsGroup,
    StorageType,
    WholeNumber,
    flag,
    parsed_by,
    setting,
)

_ACU_STEPS = "Aurora Serverless v2 capacity is set in steps of 0.5 ACU (1 ACU is about 2 GiB)"


class EngineSettings(SettingsGroup):
    """Engine and capacity."""

    engine_version: Annotated[
        str,
        parsed_by(engine_versions.parse),
        setting(
            "MAJOR.MINOR in quotes, for example '17.4'",
            "the parameter group's family and name depend on the major version",
        ),
    ] = "17.4"
    """Aurora PostgreSQL version of a new cluster."""
    allow_engine_upgrade: Annotated[bool, flag()] = False
    """Allow this deployment to change the engine version of an existing cluster. The database
    restarts during the deployment, whatever `applyImmediately` says."""
    auto_minor_version_upgrade: Annotated[bool, flag()] = True
    """Let AWS apply minor versions in the maintenance window."""
    engine_lifecycle_support: Annotated[
        EngineLifecycleSupport,
        setting("open-source-rds-extended-support or open-source-rds-extended-support-disabled"),
    ] = EngineLifecycleSupport.DISABLED
    """Enrollment in RDS Extended Support, charged per ACU-hour. Sent only when a cluster is created
    or restored from a snapshot."""
    aurora_min_capacity: Annotated[Acu, setting("0 to 256 ACU in steps of 0.5", _ACU_STEPS)] = 0.5
    """Minimum capacity of each instance, in ACU."""
    aurora_max_capacity: Annotated[
        Acu, Field(ge=1), setting("1 to 256 ACU in steps of 0.5", _ACU_STEPS)
    ] = 16.0
    """Maximum capacity of each instance, in ACU."""
    seconds_until_auto_pause: Annotated[
        WholeNumber,
        Field(ge=300, le=86_400),
        setting("300 to 86400 seconds", "RDS API, SecondsUntilAutoPause"),
    ] = 300
    """Idle time before a cluster with auroraMinCapacity 0 pauses, in seconds."""
    instance_count: Annotated[
        WholeNumber,
        Field(ge=1, le=16),
        setting("1 to 16", "an Aurora cluster has one writer and at most 15 readers"),
    ] = 1
    """Number of DB instances; two or more tolerate the loss of an Availability Zone."""
    custom_endpoints: Annotated[
        dict[EndpointName, CustomEndpoint],
        Field(max_length=MAX_CUSTOM_ENDPOINTS),
        setting(
            f"a map of at most {MAX_CUSTOM_ENDPOINTS} custom endpoints; names have 1 to 24 "
            "lowercase letters, digits and single hyphens, starting with a letter",
            "RDS API, DBClusterEndpointIdentifier, which also contains environment and platform",
            config_type="object",
        ),
    ] = {}
    """Custom endpoints, for connections to some of the instances."""
    storage_type: Annotated[StorageType, setting("aurora or aurora-iopt1")] = StorageType.STANDARD
    """Storage configuration; aurora-iopt1 is cheaper when I/O exceeds 25% of Aurora spend."""
    cluster_parameters: Annotated[
        dict[str, ParameterValue],
        setting("a map of parameter name to string, number or boolean", config_type="object"),
    ] = {}
    """Cluster parameters in common units; they override the platform's own."""
