"""Deploys the Aurora data platform of one stack."""

import atexit
import gc
from datetime import UTC, datetime

import pulumi

from components.aurora_data_platform import AuroraDataPlatform
from components.aurora_data_platform.errors import ConfigError
from program.config import StackValues, read_config
from program.lookups import resolve_lookups

# At its end Python would search everything imported for garbage: a tenth of the time of a preview.
atexit.register(gc.freeze)

try:
    stack = StackValues.from_pulumi_config()
    settings, lookups = read_config(stack)
    args = resolve_lookups(settings, lookups, stack.stack_file, now=datetime.now(UTC))
except ConfigError as error:
    # Pulumi prints a RunError without a traceback.
    raise pulumi.RunError(str(error)) from None

platform = AuroraDataPlatform(settings.platform_name, args)
for name, value in platform.outputs().items():
    pulumi.export(name, value)
