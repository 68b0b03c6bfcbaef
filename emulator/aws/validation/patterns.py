"""Patterns of AWS's service models, which are Java regular expressions, as Python's."""

import re
import sys
import unicodedata
from collections import defaultdict
from collections.abc import Mapping
from functools import cache
from itertools import groupby

_PROPERTY = re.compile(r"\\p\{(\w+)\}")
_CLASS_ESCAPE_RANGE = re.compile(r"(\\[wds])-(?=[^\]])")
"""In Java, a hyphen after a predefined class such as `\\w` is a literal hyphen."""


@cache
def compiled(pattern: str) -> re.Pattern[str]:
    """Return a model's pattern, compiled once."""
    translated = _PROPERTY.sub(lambda found: _characters(found[1]), pattern)
    return re.compile(_CLASS_ESCAPE_RANGE.sub(r"\1\\-", translated))


def _characters(category: str) -> str:
    """Return the characters of a Unicode general category as ranges of a character class."""
    return "".join(text for name, text in _ranges().items() if name.startswith(category))


@cache
def _ranges() -> Mapping[str, str]:
    """Return the ranges of every general category, which takes a fraction of a second."""
    found: dict[str, str] = defaultdict(str)
    start = 0
    for category, same in groupby(map(unicodedata.category, map(chr, range(sys.maxunicode + 1)))):
        end = start + sum(1 for _ in same)
        found[category] += rf"\U{start:08x}-\U{end - 1:08x}"
        start = end
    return found
