"""Consent to changes: `--apply` for most, the typed cluster identifier for dangerous ones."""

import sys

from operations.errors import RefusedError
from operations.output.console import note


def require_apply(*, apply: bool, effect: str) -> None:
    """Refuse a change without `--apply`.

    Args:
        apply: Whether the option is given.
        effect: What the command does, at what cost and for how long.

    Raises:
        RefusedError: it is not given.
    """
    if not apply:
        message = f"this command {effect}. Repeat it with --apply"
        raise RefusedError(message)


def require_confirmation(identifier: str, *, given: str | None, effect: str) -> None:
    """Refuse a dangerous change unless the cluster identifier is given or typed.

    Asks on a terminal only; elsewhere a missing option is a refusal.

    Args:
        identifier: DB cluster identifier of the stack.
        given: Value of `--confirm`; None without the option.
        effect: What the command does.

    Raises:
        RefusedError: the identifier is missing, or another one is given or typed.
    """
    if given is None and not sys.stdin.isatty():
        message = f"this command {effect}. Repeat it with --confirm {identifier}"
        raise RefusedError(message)
    source = "--confirm "
    if given is None:
        note(f"this command {effect}. Type {identifier} to continue:")
        given, source = sys.stdin.readline().strip(), ""
    if given != identifier:
        message = f"{source}{given!r}: not the identifier of the cluster, {identifier}"
        raise RefusedError(message)
