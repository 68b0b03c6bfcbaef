"""Properties survive the way to the engine and back."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulator.provider.protocol.properties import (
    UNKNOWN,
    SecretValue,
    decode,
    encode,
    get_path,
    is_secret,
    is_unknown,
    keep_secrets,
    plain,
)

VALUES: st.SearchStrategy[Any] = st.recursive(
    st.one_of(st.booleans(), st.integers(-(2**53), 2**53), st.text(), st.just(UNKNOWN)),
    lambda inner: st.one_of(
        st.lists(inner), st.dictionaries(st.text(), inner), st.builds(SecretValue, inner)
    ),
    max_leaves=12,
)


def test_an_absent_value_is_left_out() -> None:
    assert decode(encode({"a": None, "b": [None]})) == {"b": [None]}


def test_a_whole_number_comes_back_as_one() -> None:
    numbers = decode(encode({"whole": 7, "half": 0.5, "flag": True, "unknown": [UNKNOWN]}))
    assert numbers == {"whole": 7, "half": 0.5, "flag": True, "unknown": [UNKNOWN]}
    assert numbers["flag"] is True
    assert isinstance(numbers["whole"], int)


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("A", {"B": [{"C": 1}, {"C": 2}], "D": []}),
        *(("A.B[].C", [1, 2]), ("A.B[]", [{"C": 1}, {"C": 2}]), ("A.B[].E", [None, None])),
        *(("A.D[].C", []), ("A.E[].C", None), ("A.E.C", None), ("E", None), ("A.B.C", None)),
    ],
)
def test_a_path_leads_into_objects_and_lists(path: str, found: Any) -> None:
    value = {"A": {"B": [{"C": 1}, {"C": 2}], "D": []}}
    assert get_path(value, path) == found
    assert get_path(value, "") == value


def test_a_secret_is_found_at_any_depth_and_unwrapped_at_every_depth() -> None:
    value = {"a": [{"b": SecretValue({"c": SecretValue(1)})}]}
    assert is_secret(value)
    assert plain(value) == {"a": [{"b": {"c": 1}}]}
    assert not is_secret(plain(value))
    assert is_unknown({"a": [SecretValue(UNKNOWN)]})
    assert not is_unknown(value)


def test_what_was_secret_stays_secret() -> None:
    kept = keep_secrets({"a": 1, "b": 2}, {"a": [SecretValue(0)], "b": 0})
    assert kept == {"a": SecretValue(1), "b": 2}


def test_a_secret_does_not_show_its_value() -> None:
    assert "hunter2" not in repr(SecretValue("hunter2"))


def test_a_value_that_is_not_a_property_is_rejected() -> None:
    with pytest.raises(TypeError, match="a set is not a property value"):
        encode({"a": {1, 2}})


@given(st.dictionaries(st.text(), VALUES))
def test_any_property_comes_back_as_it_went(properties: dict[str, Any]) -> None:
    assert decode(encode(properties)) == properties
