"""Keeps the debug messages of Pulumi's SDK from the engine.

The SDK sends five for each resource and waits for each answer, although the engine shows them with
`--debug` only. This script runs in the process from which programs are forked.
"""

from contextlib import suppress


def _discard(*_: object, **__: object) -> None:
    """Send nothing."""


# Without the SDK, there is nothing to keep back.
with suppress(ModuleNotFoundError):
    from pulumi import log

    log.debug = _discard
