"""Keeps the debug messages of Pulumi's SDK from the engine.

The SDK sends five for each resource, each in a request whose answer the program awaits. The engine
shows them with `--debug` only. This script runs in the process from which programs are forked.
"""

from pulumi import log


def _discard(*_: object, **__: object) -> None:
    """Send nothing."""


log.debug = _discard
