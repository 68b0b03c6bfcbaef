"""SCRAM-SHA-256 verifiers, computed by the client so that the server never sees the password."""

import base64
import hashlib
import hmac
import os
import re

ITERATIONS = 4096
"""PostgreSQL's default (`scram_iterations`) and the minimum of RFC 7677."""
SALT_BYTES = 16

_VERIFIER = re.compile(
    r"SCRAM-SHA-256\$[1-9][0-9]*:[A-Za-z0-9+/]{22}==\$[A-Za-z0-9+/]{43}=:[A-Za-z0-9+/]{43}="
)


def verifier(password: str, salt: bytes | None = None) -> str:
    """Return the verifier that PostgreSQL stores for a password (RFC 5803, pg_authid).

    Args:
        password: Printable ASCII, which SASLprep leaves unchanged.
        salt: For tests against known values. Default: random.

    Raises:
        ValueError: The password has a character that SASLprep might change.
    """
    if not (password.isascii() and password.isprintable() and password):
        message = "a password must consist of printable ASCII characters"
        raise ValueError(message)
    salt = os.urandom(SALT_BYTES) if salt is None else salt
    salted = hashlib.pbkdf2_hmac("sha256", password.encode(), salt, ITERATIONS)
    stored_key = hashlib.sha256(_hmac(salted, b"Client Key")).digest()
    server_key = _hmac(salted, b"Server Key")
    text = f"SCRAM-SHA-256${ITERATIONS}:{_base64(salt)}${_base64(stored_key)}:{_base64(server_key)}"
    return checked(text)


def checked(text: str) -> str:
    """Return `text` if PostgreSQL recognizes it as a verifier.

    PostgreSQL silently hashes anything else as a plaintext password; the user could then log in
    with the text of the verifier only.

    Raises:
        ValueError: It is not a verifier.
    """
    if _VERIFIER.fullmatch(text) is None:
        message = "not a SCRAM-SHA-256 verifier"
        raise ValueError(message)
    return text


def _hmac(key: bytes, message: bytes) -> bytes:
    return hmac.digest(key, message, "sha256")


def _base64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()
