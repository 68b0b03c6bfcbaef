"""Settings of the stacks in this repository, read from their stack files."""

import json
from functools import cache

from components.aurora_data_platform import PlatformSettings
from components.aurora_data_platform.arns import AwsScope
from program.config import StackValues, read_config
from tools.repository import ROOT, read_yaml

STACKS = ("dev", "prod")
_NAMESPACE = "aurora-data-platform:"
ACCOUNT_ID = "123456789012"
"""Account ID of AWS's documentation examples."""


@cache
def settings_of(stack: str) -> PlatformSettings:
    """Return the settings of a stack, without lookups."""
    file = ROOT / f"Pulumi.{stack}.yaml"
    written = read_yaml(file)["config"]
    values = {
        key.removeprefix(_NAMESPACE): value if isinstance(value, str) else json.dumps(value)
        for key, value in written.items()
        if key.startswith(_NAMESPACE)
    }
    return read_config(StackValues(values, written["aws:region"], file.name))[0]


def scope_of(settings: PlatformSettings) -> AwsScope:
    """Return an account and region for the settings."""
    return AwsScope("aws", settings.region, ACCOUNT_ID)
