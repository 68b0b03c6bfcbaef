"""Several platforms like dev in one program: `bench:platforms` says how many."""

import sys
from datetime import UTC, datetime
from pathlib import Path

import pulumi

# The engine runs this file from a folder of symbolic links.
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from components.aurora_data_platform import AuroraDataPlatform
from program.config import StackValues, read_config
from program.lookups import resolve_lookups

stack = StackValues.from_pulumi_config()
settings, lookups = read_config(stack)
platforms = [
    settings.model_copy(update={"platform_name": f"p{number}"})
    for number in range(pulumi.Config("bench").require_int("platforms"))
]
# All lookups come first: the SDK handles the tasks of all earlier resources again in each.
resolved = [
    resolve_lookups(platform, lookups, stack.stack_file, now=datetime.now(UTC))
    for platform in platforms
]
for platform, args in zip(platforms, resolved, strict=True):
    AuroraDataPlatform(platform.platform_name, args)
