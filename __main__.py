"""Deploys the Aurora data platform of one stack."""

from datetime import UTC, datetime

import pulumi

from components.aurora_data_platform import AuroraDataPlatform
from components.aurora_data_platform.errors import SettingsError
from program.config import StackValues, read_config
from program.lookups import look_up

try:
    config = read_config(StackValues.of_running_program())
    found = look_up(config, today=datetime.now(UTC).date())
except SettingsError as error:
    # A RunError is shown as its message alone, without a traceback.
    raise pulumi.RunError(str(error)) from None

platform = AuroraDataPlatform(config.platform_name, found.arguments(config.settings))
for name, value in platform.stack_outputs.items():
    pulumi.export(name, value)
