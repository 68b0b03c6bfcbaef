"""The grammar that RDS identifiers share."""

import re

from emulator.aws.errors import refuse_value

_GRAMMAR = re.compile(r"[a-zA-Z](?:-?[a-zA-Z0-9])*")


def check(member: str, identifier: str, *, longest: int) -> None:
    """Refuse an identifier that RDS refuses.

    Args:
        member: The request's member, for the message.
        identifier: What was sent.
        longest: How many characters it may have (RDS API reference, the member's own text).

    Raises:
        AwsError: InvalidParameterValue.
    """
    if not _GRAMMAR.fullmatch(identifier) or len(identifier) > longest:
        message = (
            f"The parameter {member} is not a valid identifier. Identifiers must begin with a "
            "letter; must contain only ASCII letters, digits, and hyphens; and must not end with a "
            "hyphen or contain two consecutive hyphens."
        )
        refuse_value(message)
