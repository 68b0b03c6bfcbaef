"""Property values: plain data, and predicates that accept an unknown value."""

# Values are free-form data.
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportUnknownLambdaType=false

import re
from collections.abc import Callable
from typing import Any

import pytest
from pulumi_policy.proxy import UNKNOWN_STRING_VALUE, unknown_checking_proxy

from policy_pack.aurora_policies.reading.values import (
    UNKNOWN,
    Value,
    boolean,
    contains,
    describe,
    get,
    in_range,
    is_absent,
    is_customer_managed_key,
    is_description,
    is_false,
    is_known,
    is_none_of,
    is_not_false,
    is_not_true,
    is_one_of,
    is_set,
    is_true,
    items,
    known_count,
    number,
    plain,
    texts,
    words,
)

PROTOCOLS = re.compile("tcp|udp")


def test_a_value_of_the_sdk_becomes_plain_data() -> None:
    properties = unknown_checking_proxy(
        {
            "list": [True, 7, 0.5, "x", None, UNKNOWN_STRING_VALUE, {"a": UNKNOWN_STRING_VALUE}],
            "unknown": UNKNOWN_STRING_VALUE,
            "asset": object(),
            "__defaults": ["list"],
        }
    )
    assert plain(properties) == {
        "list": [True, 7, 0.5, "x", None, UNKNOWN, {"a": UNKNOWN}],
        "unknown": UNKNOWN,
        "asset": UNKNOWN,
    }


@pytest.mark.parametrize(
    ("value", "path", "found"),
    [
        ({"a": {"b": 1}}, "a.b", 1),
        ({"a": {"b": 1}}, "a", {"b": 1}),
        ({"a": {}}, "a.b", None),
        ({"a": 1}, "a.b", None),
        (None, "a", None),
        ({"a": UNKNOWN}, "a", UNKNOWN),
        ({"a": UNKNOWN}, "a.b", UNKNOWN),
        (UNKNOWN, "a", UNKNOWN),
    ],
)
def test_a_path_below_an_unknown_value_is_unknown(value: Value, path: str, found: Value) -> None:
    assert get(value, path) == found


@pytest.mark.parametrize(
    ("value", "elements"),
    [(None, []), ([], []), ([1, None], [1, None]), ("a", ["a"]), (UNKNOWN, [UNKNOWN]), ({}, [{}])],
)
def test_a_single_value_is_a_list_of_one(value: Value, elements: list[Value]) -> None:
    assert items(value) == elements


def test_words_are_texts_and_numbers() -> None:
    mixed: Value = ["a", 12, 123456789012.0, True, None, UNKNOWN, {}]
    assert texts(mixed) == ["a"]
    assert words(mixed) == ["a", "12", "123456789012"]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        *((7, 7.0), (0.5, 0.5), ("7", 7.0), ("-7", -7.0), ("+0.5", 0.5), ("9" * 18, 1e18)),
        *((True, None), (False, None), ("1e3", None), ("7 ", None), ("", None), (None, None)),
        *((UNKNOWN, None), ([7], None), ("9" * 19, None)),
    ],
)
def test_a_number_may_be_written_as_text(value: Value, expected: float | None) -> None:
    assert number(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        *((each, True) for each in (True, "1", "t", "T", "TRUE", "true", "True")),
        *((each, False) for each in (False, "0", "f", "F", "FALSE", "false", "False")),
        *((each, None) for each in (None, 1, 0, "yes", "", "tRUE", UNKNOWN)),
    ],
)
def test_a_boolean_may_be_written_as_the_provider_accepts_it(
    value: Value, *, expected: bool | None
) -> None:
    assert boolean(value) is expected


@pytest.mark.parametrize(
    ("value", "known"),
    [
        *((each, True) for each in (None, "", [], {}, [1, {"a": "b"}])),
        *((each, False) for each in (UNKNOWN, [1, UNKNOWN], {"a": 1, "b": [{"c": UNKNOWN}]})),
    ],
)
def test_a_value_is_known_if_all_its_parts_are(value: Value, *, known: bool) -> None:
    assert is_known(value) is known


KEY = "arn:aws:kms:us-east-2:123456789012"


@pytest.mark.parametrize(
    ("predicate", "accepted", "rejected"),
    [
        (is_true, [True, "true"], [False, None, "yes", 1]),
        (is_false, [False, "0"], [True, None, "no", 0]),
        (is_not_true, [None, False, "f"], [True, "yes", "1"]),
        (is_not_false, [None, True, "t"], [False, "no", "0"]),
        (is_set, [0, False, "x", [None], {"a": None}], [None, "", [], {}]),
        (is_absent, [None, "", [], {}], [0, False, "x", [None]]),
        (lambda value: in_range(value, 1), [1, "1", 10**17], [0.9, None, True, "x"]),
        (lambda value: in_range(value, 1, 35), [1, 35, "35"], [0, 36, "36", None]),
        (lambda value: is_one_of(value, {"a", "b"}), ["a", "b"], ["c", "A", None, ["a"]]),
        (lambda value: is_none_of(value, {"root"}), ["a", None, 7], ["root", "ROOT"]),
        (
            is_customer_managed_key,
            [f"{KEY}:key/1", "alias/own", f"{KEY}:alias/own", "alias/a/alias/aws/b", 7],
            [None, "", "aws/rds", "alias/aws/rds", f"{KEY}:alias/aws/rds"],
        ),
        (is_description, ["123456"], ["12345", "", None, 123456, ["a"] * 6]),
        (lambda value: contains(value, "a"), ["a", ["b", "a"]], ["b", ["b"], [], None]),
    ],
)
def test_a_predicate_accepts_what_complies_and_what_is_unknown(
    predicate: Callable[[Value], bool], accepted: list[Value], rejected: list[Value]
) -> None:
    assert [each for each in [*accepted, UNKNOWN] if not predicate(each)] == []
    assert [each for each in rejected if predicate(each)] == []


@pytest.mark.parametrize("value", [["b", UNKNOWN], [UNKNOWN]])
def test_a_list_with_an_unknown_element_may_contain_any_word(value: Value) -> None:
    assert contains(value, "a")


@pytest.mark.parametrize(
    ("value", "count"),
    [
        *(([], 0), (None, 0), (["a"], 1), ("a", 1), (["a", "b", "a"], 2), ([1, "1"], 2)),
        *((["a", UNKNOWN], None), (UNKNOWN, None)),
    ],
)
def test_equal_elements_count_once(value: Value, count: int | None) -> None:
    assert known_count(value) == count


@pytest.mark.parametrize(
    ("value", "vocabulary", "text"),
    [
        (None, None, "not set"),
        *((True, None, "true"), (False, None, "false")),
        *((7, None, "7"), (30.0, None, "30"), (0.5, None, "0.5")),
        *(([1, 2], None, "a list of 2"), ({"a": 1}, None, "an object"), ({}, None, "empty")),
        ("", PROTOCOLS, "empty"),
        ("tcp", PROTOCOLS, "tcp"),
        *(("tcp", None, "another value"), ("hunter2 tcp", PROTOCOLS, "another value")),
        (UNKNOWN, PROTOCOLS, "another value"),
    ],
)
def test_a_described_value_cannot_be_a_secret(
    value: Any, vocabulary: re.Pattern[str] | None, text: str
) -> None:
    assert describe(value, vocabulary) == text
