"""The settings of the stacks in this repository, as their files say."""

import json

import yaml

from components.aurora_data_platform.settings.model import PlatformSettings
from program.config import StackValues, read_config
from tools.repository import ROOT

STACKS = ("dev", "prod")
_NAMESPACE = "aurora-data-platform:"
_CREDENTIALS = {"partition": "aws", "account_id": "123456789012"}
"""What credentials say in a deployment; AWS's own example account."""


def settings_of(stack: str) -> PlatformSettings:
    """Settings of a stack, without asking AWS for anything."""
    file = ROOT / f"Pulumi.{stack}.yaml"
    written = yaml.safe_load(file.read_text(encoding="utf-8"))["config"]
    values = {
        key.removeprefix(_NAMESPACE): value if isinstance(value, str) else json.dumps(value)
        for key, value in written.items()
        if key.startswith(_NAMESPACE)
    }
    config = read_config(StackValues(values, frozenset(), written["aws:region"], file.name))
    return PlatformSettings.from_args({**config.settings, **_CREDENTIALS})
