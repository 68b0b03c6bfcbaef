"""Property values as plain data, with one marker for values that are unknown during a preview.

The policy SDK raises an exception when a policy reads an unknown value, which skips all remaining
conditions of that policy. Here an unknown value is an ordinary value, and every predicate accepts
it: an unknown value is never a violation.
"""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from enum import Enum
from typing import TypeAlias, cast

from pulumi_policy.proxy import UnknownValueError

MINIMUM_DESCRIPTION = 6
"""Minimum length of a meaningful description, in characters."""

_AWS_MANAGED_KEY = re.compile(r"(arn:[^:]*:kms:[^:]*:[^:]*:)?(alias/)?aws/[^/]+")
# What the provider accepts as a boolean is decided by strconv.ParseBool of Go
# (pulumi-terraform-bridge, CoerceTerraformString).
_BOOLEANS = {
    **dict.fromkeys(("1", "t", "T", "TRUE", "true", "True"), True),
    **dict.fromkeys(("0", "f", "F", "FALSE", "false", "False"), False),
}


class Unknown(Enum):
    """Type of `UNKNOWN`."""

    UNKNOWN = "unknown"


UNKNOWN = Unknown.UNKNOWN
"""A value that is known only after other resources have been created."""

Value: TypeAlias = "bool | float | str | list[Value] | dict[str, Value] | Unknown | None"
Predicate: TypeAlias = Callable[[Value], bool]


def plain(value: object) -> Value:
    """Return a value of the policy SDK without proxies and without the engine's own keys."""
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, Mapping):
        mapping = cast("Mapping[str, object]", value)
        return {key: _item(mapping, key) for key in mapping if not is_of_the_engine(key)}
    if isinstance(value, Sequence):
        sequence = cast("Sequence[object]", value)
        return [_item(sequence, index) for index in range(len(sequence))]
    # Assets and archives have no properties that a policy could check.
    return UNKNOWN


def is_of_the_engine(key: str) -> bool:
    """Return whether a key is not a property: a provider lists its defaults in `__defaults`."""
    return key.startswith("__")


def _item(container: object, key: object) -> Value:
    try:
        return plain(container[key])  # pyright: ignore
    except UnknownValueError:
        return UNKNOWN


def get(value: Value, path: str) -> Value:
    """Return the value at a dotted path: None if absent, `UNKNOWN` if it or a parent is unknown."""
    for key in path.split("."):
        if value is UNKNOWN:
            return UNKNOWN
        value = value.get(key) if isinstance(value, dict) else None
    return value


def items(value: Value) -> list[Value]:
    """Return the elements of a list; as in AWS documents, a single value is a list of one."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def texts(value: Value) -> list[str]:
    """Return the known texts among the elements of a list."""
    return [each for each in items(value) if isinstance(each, str)]


def words(value: Value) -> list[str]:
    """Return the known texts among the elements of a list, and its whole numbers as text."""
    return [
        each if isinstance(each, str) else f"{each:.0f}"
        for each in items(value)
        if isinstance(each, str | int | float) and not isinstance(each, bool)
    ]


def number(value: Value) -> float | None:
    """Return a number, also one that is written as text."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return float(value)
    if isinstance(value, str) and re.fullmatch(r"[+-]?[0-9]{1,18}(\.[0-9]{1,18})?", value):
        return float(value)
    return None


def boolean(value: Value) -> bool | None:
    """Return a boolean, also one that is written as text; None for any other value."""
    if isinstance(value, str):
        return _BOOLEANS.get(value)
    return value if isinstance(value, bool) else None


def is_known(value: Value) -> bool:
    """Return whether no part of a value is unknown."""
    if isinstance(value, dict):
        return all(map(is_known, value.values()))
    if isinstance(value, list):
        return all(map(is_known, value))
    return value is not UNKNOWN


def is_true(value: Value) -> bool:
    """Return whether a value is, or may be, true; an absent value is not."""
    return value is UNKNOWN or boolean(value) is True


def is_false(value: Value) -> bool:
    """Return whether a value is, or may be, false; an absent value is not."""
    return value is UNKNOWN or boolean(value) is False


def is_not_true(value: Value) -> bool:
    """Return whether a value is absent or may be false: for what AWS disables by default."""
    return value is None or is_false(value)


def is_not_false(value: Value) -> bool:
    """Return whether a value is absent or may be true: for what AWS enables by default."""
    return value is None or is_true(value)


def is_set(value: Value) -> bool:
    """Return whether a value is neither absent nor empty."""
    return value not in (None, "", [], {})


def is_absent(value: Value) -> bool:
    """Return whether a value is, or may be, absent or empty."""
    return value is UNKNOWN or not is_set(value)


def in_range(value: Value, low: float, high: float = float("inf")) -> bool:
    """Return whether a value is, or may be, a number within both limits."""
    if value is UNKNOWN:
        return True
    amount = number(value)
    return amount is not None and low <= amount <= high


def is_one_of(value: Value, words: Collection[str]) -> bool:
    """Return whether a value is, or may be, one of these words."""
    return value is UNKNOWN or (isinstance(value, str) and value in words)


def is_none_of(value: Value, words: Collection[str]) -> bool:
    """Return whether a value is not known to be one of these words, in any case."""
    return not (isinstance(value, str) and value.lower() in words)


def is_customer_managed_key(value: Value) -> bool:
    """Return whether a key is set and is not the alias of an AWS managed key.

    An unknown key is one that this program creates.
    """
    managed = isinstance(value, str) and _AWS_MANAGED_KEY.fullmatch(value) is not None
    return is_set(value) and not managed


def is_description(value: Value) -> bool:
    """Return whether a value is, or may be, a meaningful description."""
    return value is UNKNOWN or (isinstance(value, str) and len(value) >= MINIMUM_DESCRIPTION)


def contains(value: Value, word: str) -> bool:
    """Return whether a list contains, or may contain, a word."""
    return any(is_one_of(each, {word}) for each in items(value))


def known_count(value: Value) -> int | None:
    """Return the number of distinct elements of a list; None if an element is unknown."""
    elements = items(value)
    if UNKNOWN in elements:
        return None
    return len({repr(each) for each in elements})


def describe(value: Value, vocabulary: re.Pattern[str] | None = None) -> str:
    """Return a value as a violation can show it.

    The SDK removes the marks of secrets before a policy sees them. Therefore the result is never
    free text, but only a boolean, a number, a size or a word of a vocabulary.

    Args:
        value: The value.
        vocabulary: Words that cannot be secret, because AWS or PostgreSQL defines them.
    """
    match value:
        case None:
            return "not set"
        case bool():
            return str(value).lower()
        case int() | float():
            return f"{value:g}"
        case list():
            return f"a list of {len(value)}"
        case dict():
            return "an object" if value else "empty"
        case "":
            return "empty"
        case str() if vocabulary is not None and vocabulary.fullmatch(value):
            return value
        case _:
            return "another value"
