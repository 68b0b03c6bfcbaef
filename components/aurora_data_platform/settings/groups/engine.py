"""Engine and capacity."""

from typing import Annotated

from pydantic import BaseModel, Field

from components.aurora_data_platform.aurora import engine_versions
from components.aurora_data_platform.aurora.parameters import ParameterValue
from components.aurora_data_platform.settings.types import (
    Acu,
    StorageType,
    WholeNumber,
    readable_by,
    setting,
    switch,
)


class EngineSettings(BaseModel):
    """Engine and capacity."""

    engine_version: Annotated[str, readable_by(engine_versions.parse)] = setting(
        "17.4",
        allowed="MAJOR.MINOR, for example 17.4, in quotes",
        why="the parameter group's family and name follow from it",
        description="Aurora PostgreSQL version of a new cluster",
    )
    allow_engine_upgrade: bool = switch(
        default=False,
        why="an engine upgrade restarts the database, so it happens on purpose only",
        description="Lets this run change the version of an existing cluster",
    )
    auto_minor_version_upgrade: bool = switch(
        default=True,
        description="Lets AWS apply minor versions in the maintenance window",
    )
    extended_support: bool = switch(
        default=False,
        why="extended support is billed per ACU-hour",
        description="Stays on a major version after its standard support, for a fee",
    )
    aurora_min_capacity: Acu = setting(
        0.5,
        allowed="0 to 256 ACU in steps of 0.5",
        why="AWS offers no other capacity; 1 ACU is about 2 GiB of memory",
        description="Least capacity of each instance, in ACU",
    )
    aurora_max_capacity: Annotated[Acu, Field(ge=1)] = setting(
        16.0,
        allowed="1 to 256 ACU in steps of 0.5",
        why="AWS offers no other capacity; 1 ACU is about 2 GiB of memory",
        description="Greatest capacity of each instance, in ACU",
    )
    seconds_until_auto_pause: Annotated[WholeNumber, Field(ge=300, le=86_400)] = setting(
        300,
        allowed="300 to 86400 seconds",
        why="RDS API, SecondsUntilAutoPause",
        description="Idle seconds until a cluster with auroraMinCapacity 0 pauses",
        config="integer",
    )
    instance_count: Annotated[WholeNumber, Field(ge=1, le=16)] = setting(
        1,
        allowed="1 to 16",
        why="an Aurora cluster has one writer and at most 15 readers",
        description="Number of DB instances; two or more survive the loss of a zone",
        config="integer",
    )
    storage_type: StorageType = setting(
        StorageType.STANDARD,
        allowed="aurora or aurora-iopt1",
        why="Aurora has these two storage configurations",
        description="Storage configuration; aurora-iopt1 pays off above a quarter of I/O cost",
    )
    parameters: dict[str, ParameterValue] = setting(
        {},
        allowed="names with a text, number or boolean each",
        why="they are cluster parameters",
        description="Cluster parameters in readable units; they win over the platform's own",
        config="object",
    )
