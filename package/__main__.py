"""The plugin process: `python package ENGINE_ADDRESS`, started by the Pulumi engine."""

import sys
from pathlib import Path

# The engine runs this folder; the component is next to it.
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from pulumi.provider import main

from package.provider import AuroraDataPlatformProvider

main(AuroraDataPlatformProvider(), sys.argv[1:])
