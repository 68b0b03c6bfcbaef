"""SCRAM-SHA-256 verifiers, made where the password is: the server never gets to see it."""

import base64
import hashlib
import hmac
import os
import re

ITERATIONS = 4096
"""PostgreSQL's own default, `scram_iterations`; RFC 7677 asks for at least as many."""
SALT_BYTES = 16

_VERIFIER = re.compile(
    r"SCRAM-SHA-256\$[1-9][0-9]*:[A-Za-z0-9+/]{22}==\$[A-Za-z0-9+/]{43}=:[A-Za-z0-9+/]{43}="
)


def verifier(password: str, salt: bytes | None = None) -> str:
    """Return what PostgreSQL keeps of `password` (RFC 5803, PostgreSQL's pg_authid).

    Args:
        password: Printable ASCII: SASLprep, which PostgreSQL applies, leaves it as it is.
        salt: For tests against known values. Default: random.

    Raises:
        ValueError: the password has a character that SASLprep might change.
    """
    if not (password.isascii() and password.isprintable() and password):
        message = "a password consists of printable ASCII characters"
        raise ValueError(message)
    salt = os.urandom(SALT_BYTES) if salt is None else salt
    salted = hashlib.pbkdf2_hmac("sha256", password.encode(), salt, ITERATIONS)
    stored_key = hashlib.sha256(_hmac(salted, b"Client Key")).digest()
    server_key = _hmac(salted, b"Server Key")
    made = f"SCRAM-SHA-256${ITERATIONS}:{_text(salt)}${_text(stored_key)}:{_text(server_key)}"
    return checked(made)


def checked(made: str) -> str:
    """Return `made` if PostgreSQL will know it for a verifier.

    PostgreSQL takes anything else for a password in clear, hashes it and says nothing: the user
    could then log in with the text of the verifier only.

    Raises:
        ValueError: it will not.
    """
    if _VERIFIER.fullmatch(made) is None:
        message = "this is not the shape of a SCRAM-SHA-256 verifier"
        raise ValueError(message)
    return made


def _hmac(key: bytes, message: bytes) -> bytes:
    return hmac.digest(key, message, "sha256")


def _text(raw: bytes) -> str:
    return base64.b64encode(raw).decode()
