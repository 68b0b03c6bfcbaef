"""The plugin process: `python package ENGINE_ADDRESS`, started by the Pulumi engine."""

import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
# The engine runs this folder; the component is next to it.
sys.path[0] = str(FOLDER.parent)

from pulumi.provider import main  # noqa: E402 - after the path

from package.provider import AuroraDataPlatformProvider  # noqa: E402 - after the path
from package.versions import version_of  # noqa: E402 - after the path

main(AuroraDataPlatformProvider(version_of(FOLDER)), sys.argv[1:])
