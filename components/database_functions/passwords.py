"""New passwords, from the operating system's randomness."""

import secrets
import string

from components.database_functions.rotation.settings import Settings


def generate(settings: Settings) -> str:
    """Return a password with a lower and an upper case letter, a digit and a special character."""
    groups = (
        string.ascii_lowercase,
        string.ascii_uppercase,
        string.digits,
        settings.password_specials,
    )
    alphabet = "".join(groups)
    # Drawn anew as a whole: mending single characters would favour some passwords.
    while True:
        drawn = "".join(secrets.choice(alphabet) for _ in range(settings.password_length))
        if all(set(drawn) & set(group) for group in groups):
            return drawn
