"""Property values as policies read them: plain, with one marker for what a preview cannot know.

The policy SDK raises at the first touch of an unknown value and thereby drops every later condition
of the same policy. Here an unknown value is an ordinary value, and every predicate answers for it
that it may yet be compliant: an unknown is never a violation.
"""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from enum import Enum
from typing import TypeAlias, cast

from pulumi_policy.proxy import UnknownValueError

MINIMUM_DESCRIPTION = 6
"""Characters that a description needs to say something."""

_AWS_KEY = re.compile(r"(^|alias/)aws/")


class Unknown(Enum):
    """Type of `UNKNOWN`."""

    UNKNOWN = "unknown"


UNKNOWN = Unknown.UNKNOWN
"""A value that is known only after other resources exist."""

Value: TypeAlias = "bool | float | str | list[Value] | dict[str, Value] | Unknown | None"
Predicate: TypeAlias = Callable[[Value], bool]


def plain(value: object) -> Value:
    """A value of the policy SDK without its proxies."""
    if isinstance(value, Mapping):
        mapping = cast("Mapping[str, object]", value)
        return {key: _item(mapping, key) for key in mapping}
    if isinstance(value, Sequence) and not isinstance(value, str):
        sequence = cast("Sequence[object]", value)
        return [_item(sequence, index) for index in range(len(sequence))]
    if value is None or isinstance(value, bool | int | float | str):
        return value
    # Assets and archives: nothing that a policy could judge.
    return UNKNOWN


def _item(container: object, key: object) -> Value:
    try:
        return plain(container[key])  # pyright: ignore
    except UnknownValueError:
        return UNKNOWN


def get(value: Value, path: str) -> Value:
    """What stands at a dotted path: None when absent, `UNKNOWN` when it or a parent is unknown."""
    for key in path.split("."):
        if value is UNKNOWN:
            return UNKNOWN
        value = value.get(key) if isinstance(value, dict) else None
    return value


def items(value: Value) -> list[Value]:
    """Elements of a list; a lone value is a list of one, as AWS documents allow."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def number(value: Value) -> float | None:
    """A number, also one that is written as text."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return float(value)
    if isinstance(value, str) and re.fullmatch(r"-?\d{1,18}(\.\d{1,18})?", value):
        return float(value)
    return None


def _boolean(value: Value) -> bool | None:
    # Programs in YAML may hand a boolean over as text; the provider converts it.
    if isinstance(value, str):
        return {"true": True, "false": False}.get(value)
    return value if isinstance(value, bool) else None


def is_known(value: Value) -> bool:
    """Whether nothing of a value is unknown."""
    if isinstance(value, dict):
        return all(map(is_known, value.values()))
    if isinstance(value, list):
        return all(map(is_known, value))
    return value is not UNKNOWN


def is_true(value: Value) -> bool:
    """On, or possibly so; absent is not."""
    return value is UNKNOWN or _boolean(value) is True


def is_false(value: Value) -> bool:
    """Off, or possibly so; absent is not."""
    return value is UNKNOWN or _boolean(value) is False


def is_not_true(value: Value) -> bool:
    """For what AWS leaves off by default: absent passes."""
    return _boolean(value) is not True


def is_not_false(value: Value) -> bool:
    """For what AWS leaves on by default: absent passes."""
    return _boolean(value) is not False


def is_set(value: Value) -> bool:
    """Neither absent nor empty."""
    return value not in (None, "", [], {})


def is_absent(value: Value) -> bool:
    """Absent or empty, or possibly so."""
    return value is UNKNOWN or not is_set(value)


def in_range(value: Value, low: float, high: float = float("inf")) -> bool:
    """A number between both limits, or possibly so."""
    if value is UNKNOWN:
        return True
    amount = number(value)
    return amount is not None and low <= amount <= high


def is_one_of(value: Value, words: Collection[str]) -> bool:
    """One of these words, or possibly so."""
    return value is UNKNOWN or (isinstance(value, str) and value in words)


def is_none_of(value: Value, words: Collection[str]) -> bool:
    """Anything but these words; absent passes."""
    return not (isinstance(value, str) and value in words)


def is_customer_managed_key(value: Value) -> bool:
    """A key that is set and is not AWS's own; an unknown key is one that this program creates."""
    return is_set(value) and not (isinstance(value, str) and _AWS_KEY.search(value) is not None)


def is_description(value: Value) -> bool:
    """Text that can say something, or may do so."""
    return value is UNKNOWN or (isinstance(value, str) and len(value) >= MINIMUM_DESCRIPTION)


def contains(value: Value, word: str) -> bool:
    """A list that holds the word, or may hold it."""
    return any(is_one_of(each, {word}) for each in items(value))


def known_count(value: Value) -> int | None:
    """How many distinct elements a list has; None while that cannot be told."""
    elements = items(value)
    if UNKNOWN in elements:
        return None
    return len({repr(each) for each in elements})


def describe(value: Value, vocabulary: re.Pattern[str] | None = None) -> str:
    """A value as a violation may show it.

    The SDK strips the marks of secrets before a policy sees them, so free text is never quoted:
    booleans, numbers, absence and sizes are told, and words of a vocabulary.

    Args:
        value: The value.
        vocabulary: Text that cannot be a secret, because AWS or PostgreSQL defines all of it.
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
