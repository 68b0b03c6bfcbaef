"""`python -m emulator.engine`: acquire the engine and print its path."""

import sys

from emulator.engine import EngineUnavailableError, acquire

try:
    print(acquire().pulumi)
except EngineUnavailableError as error:
    sys.exit(f"engine: {error}")
