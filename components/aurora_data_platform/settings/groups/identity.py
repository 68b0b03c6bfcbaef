"""Names and tags."""

from typing import Annotated

from pydantic import BaseModel, Field

from components.aurora_data_platform.settings.types import (
    DataClassification,
    TagKey,
    setting,
)


class IdentitySettings(BaseModel):
    """Names and tags."""

    environment: Annotated[str, Field(pattern=r"^[a-z](-?[a-z0-9]){0,15}$")] = setting(
        allowed="1 to 16 lower-case letters, digits and single hyphens, a letter first",
        why="it is the first part of every name",
        description="Environment; first part of every physical name and a tag",
    )
    platform_name: Annotated[str, Field(pattern=r"^[a-z](-?[a-z0-9]){0,15}$")] = setting(
        "aurora",
        allowed="1 to 16 lower-case letters, digits and single hyphens, a letter first",
        why="it is part of every name and tells several platforms of an environment apart",
        description="Name of the platform; changing it replaces the database",
    )
    project: Annotated[str, Field(min_length=1, max_length=256)] = setting(
        "trialfinder-v2",
        allowed="1 to 256 characters",
        why="it is the value of a tag",
        description="Value of the Project tag",
    )
    cost_center: Annotated[str, Field(min_length=1, max_length=256)] = setting(
        allowed="1 to 256 characters",
        why="it is the value of a tag that cost allocation reports group by",
        description="Value of the CostCenter tag, for cost allocation",
    )
    data_classification: DataClassification = setting(
        DataClassification.CONFIDENTIAL,
        allowed="public, internal, confidential or restricted",
        why="compliance tools read it from a tag",
        description="Value of the DataClassification tag",
    )
    tags: Annotated[dict[TagKey, Annotated[str, Field(max_length=256)]], Field(max_length=40)] = (
        setting(
            {},
            allowed="at most 40 tags; keys of 1 to 128 characters without the prefix aws:, values "
            "of up to 256 characters",
            why="AWS takes 50 tags per resource and keeps the prefix for itself",
            description="Further tags for every resource; they win over the platform's own",
            config="object",
        )
    )
