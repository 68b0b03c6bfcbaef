"""The only package that reaches into moto's private and untyped parts."""

from emulator.botocore_data import parse_once

# Moto would parse the endpoints several times, most of them while it is imported.
parse_once()
