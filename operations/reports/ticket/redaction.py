"""Redaction: secrets that people put into statements, logs or outputs by mistake."""

import re
from collections.abc import Collection
from typing import Any

_MASK = "[redacted]"
_WORDS = "password|passwd|pwd|secretstring|x-amz-signature|x-amz-security-token|x-amz-credential"
_ASSIGNED = re.compile(
    rf"(?i)(?<![\w-])({_WORDS})(\\?[\"']?\s*[:=]\s*)('[^']*'|\"[^\"]*\"|[^\s,;&}}\"']+)"
)
_IN_SQL = re.compile(r"(?i)(\bpassword\s+)('(?:[^']|'')*')")
_IN_URL = re.compile(r"(://[^:/@\s]+:)[^@\s]+(@)")
_VERIFIER = re.compile(r"SCRAM-SHA-256\$[^\s'\"]+")


def redacted(value: Any, known: Collection[str] = ()) -> Any:
    """Return a JSON value with all of its texts redacted.

    Args:
        value: The value.
        known: See `redact`.
    """
    if isinstance(value, dict):
        return {key: redacted(each, known) for key, each in value.items()}  # pyright: ignore[reportUnknownVariableType]
    if isinstance(value, list | tuple):
        return [redacted(each, known) for each in value]  # pyright: ignore[reportUnknownVariableType]
    return redact(value, known) if isinstance(value, str) else value


def redact(text: str, known: Collection[str] = ()) -> str:
    """Return a text without passwords, tokens and verifiers.

    Args:
        text: The text.
        known: Secret values that are known, which are replaced wherever they are.
    """
    for value in known:
        if value:
            text = text.replace(value, _MASK)
    text = _VERIFIER.sub(_MASK, text)
    text = _IN_URL.sub(rf"\1{_MASK}\2", text)
    text = _IN_SQL.sub(rf"\1{_MASK}", text)
    return _ASSIGNED.sub(rf'\1\2"{_MASK}"', text)
