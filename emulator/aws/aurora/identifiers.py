"""Validation of RDS identifiers."""

import re

from emulator.aws.errors import reject_value

_GRAMMAR = re.compile(r"[a-zA-Z](?:-?[a-zA-Z0-9])*")


def check(member: str, identifier: str, *, longest: int) -> None:
    """Validate an identifier.

    Args:
        member: The request's member, for the message.
        identifier: The identifier.
        longest: Maximum number of characters (RDS API reference, the member's text).

    Raises:
        ServiceError: InvalidParameterValue.
    """
    if not _GRAMMAR.fullmatch(identifier) or len(identifier) > longest:
        message = (
            f"The parameter {member} is not a valid identifier. Identifiers must begin with a "
            "letter; must contain only ASCII letters, digits, and hyphens; and must not end with a "
            "hyphen or contain two consecutive hyphens."
        )
        reject_value(message)
