"""Region, names and tags."""

from typing import Annotated

from pydantic import AfterValidator, Field

from components.aurora_data_platform.aurora.regions import REGIONS
from components.aurora_data_platform.settings.types import (
    DataClassification,
    SettingsGroup,
    TagKey,
    TagValue,
    key_of,
    rejecting,
    setting,
)

_TAG_VALUE = "1 to 256 letters, digits, spaces and _ . : / = + - @"
_RESERVED_PLATFORM_NAMES = ("users",)
"""Would make names of two platforms equal: `users` is the first part of the rotation of users'
names."""


PLATFORM_TAG_KEYS = frozenset(
    {"Environment", "ManagedBy", "Project", "CostCenter", "DataClassification", "Name"}
)
"""Tags that every resource has."""


def _distinct_keys(tags: dict[str, str]) -> dict[str, str]:
    keys = tags.keys() | PLATFORM_TAG_KEYS
    if len({key.lower() for key in keys}) < len(keys):
        msg = "keys differ only in case"
        raise ValueError(msg)
    return tags


class NamingSettings(SettingsGroup):
    """Region, names and tags."""

    region: Annotated[
        str,
        key_of(REGIONS),
        setting(
            "a region listed in regions.json, for example us-east-2",
            "physical names contain the region's short code",
            config_type=None,
        ),
    ]
    """AWS region; in a stack file it is `aws:region`."""
    environment: Annotated[
        str,
        Field(pattern=r"^[a-z](-?[a-z0-9])*$", max_length=16),
        rejecting(lambda name: name == "sg" or name.startswith("sg-")),
        setting(
            "1 to 16 lowercase letters, digits and single hyphens, starting with a letter; not sg",
            "it is the first part of every name, and EC2 rejects security groups named sg-*",
        ),
    ]
    """Environment: first part of every physical name, and a tag. Changing it replaces the
    database."""
    platform_name: Annotated[
        str,
        Field(pattern=r"^[a-z][a-z0-9]{0,15}$"),
        rejecting(lambda name: name in _RESERVED_PLATFORM_NAMES),
        setting(
            "1 to 16 lowercase letters and digits, starting with a letter; not users",
            "it is part of every name; with hyphens, two platforms could have the same names",
        ),
    ] = "aurora"
    """Platform name, to run several platforms per environment. Changing it replaces the
    database."""
    project: Annotated[TagValue, setting(_TAG_VALUE)] = "trialfinder-v2"
    """Value of the Project tag."""
    cost_center: Annotated[TagValue, setting(_TAG_VALUE)]
    """Value of the CostCenter tag, for cost allocation."""
    data_classification: Annotated[
        DataClassification, setting("public, internal, confidential or restricted")
    ] = DataClassification.CONFIDENTIAL
    """Value of the DataClassification tag, for compliance tools."""
    tags: Annotated[
        dict[TagKey, TagValue],
        Field(max_length=40),
        AfterValidator(_distinct_keys),
        setting(
            "at most 40 tags; keys of up to 128 and values of up to 256 letters, digits, spaces "
            "and _ . : / = + - @; no key that starts with aws: or rds:, or that differs from "
            "another, or from one of the platform's, only in case",
            "AWS accepts 50 tags per resource; IAM compares keys case-insensitively",
            config_type="object",
        ),
    ] = {}
    """Additional tags for every resource; they override the platform's own."""
