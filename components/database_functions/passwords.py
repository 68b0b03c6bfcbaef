"""Generation of passwords."""

import secrets
import string

from components.database_functions.rotation.settings import RotationSettings


def generate(settings: RotationSettings) -> str:
    """Return a password with a lowercase letter, an uppercase letter, a digit and a special one."""
    groups = (
        string.ascii_lowercase,
        string.ascii_uppercase,
        string.digits,
        settings.password_specials,
    )
    alphabet = "".join(groups)
    # Redraw the whole password: replacing single characters would favor some passwords.
    while True:
        drawn = "".join(secrets.choice(alphabet) for _ in range(settings.password_length))
        if all(set(drawn) & set(group) for group in groups):
            return drawn
