"""Comparisons, and how their values are shown."""

import pytest

from operations.checks.judgement import Judgement, equal, same_members, text


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, "none"),
        ([], "none"),
        ({}, "none"),
        (True, "on"),
        (0.5, "0.5"),
        (128.0, "128"),
        ({"a": 1, "b": [True, None]}, "a=1, b=on, none"),
    ],
)
def test_values_are_shown_as_people_write_them(value: object, shown: str) -> None:
    assert text(value) == shown


def test_a_comparison_names_missing_and_undeclared_members() -> None:
    assert same_members(["a", "b"], ["b", "c"]) == Judgement(
        passed=False, expected="a, b", found="b, c", evidence="missing: a; not declared: c"
    )
    assert equal("a", "a") == Judgement(passed=True, expected="a", found="a")
