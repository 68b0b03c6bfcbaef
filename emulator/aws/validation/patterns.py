"""Patterns of AWS's service models, which are Java regular expressions, as Python's."""

import re
import sys
import unicodedata
from functools import cache

_PROPERTY = re.compile(r"\\p\{(\w+)\}")
_CLASS_ESCAPE_RANGE = re.compile(r"(\\[wds])-(?=[^\]])")
"""In Java, a hyphen after a predefined class such as `\\w` is a literal hyphen."""


@cache
def compiled(pattern: str) -> re.Pattern[str]:
    """Return a model's pattern, compiled once."""
    translated = _PROPERTY.sub(lambda found: _characters(found[1]), pattern)
    return re.compile(_CLASS_ESCAPE_RANGE.sub(r"\1\\-", translated))


@cache
def _characters(category: str) -> str:
    """Return the characters of a Unicode general category as ranges of a character class."""
    ranges: list[str] = []
    start = None
    for code in range(sys.maxunicode + 2):
        belongs = code <= sys.maxunicode and unicodedata.category(chr(code)).startswith(category)
        if belongs and start is None:
            start = code
        elif not belongs and start is not None:
            ranges.append(rf"\U{start:08x}-\U{code - 1:08x}")
            start = None
    return "".join(ranges)
