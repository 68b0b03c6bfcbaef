"""The emulated random provider."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulator.provider.protocol.lifecycle import check
from emulator.provider.random_provider import RandomId, RandomPassword

PASSWORD, IDENTIFIER = RandomPassword(), RandomId()


@given(st.integers(4, 60), st.sampled_from(["", "-_", "!?"]))
def test_a_password_has_its_length_and_a_character_of_each_kind(length: int, special: str) -> None:
    given_inputs = {
        "length": length,
        **dict.fromkeys(("minLower", "minUpper", "minNumeric", "minSpecial"), 1),
        **({"overrideSpecial": special} if special else {}),
    }
    inputs, failures = check(PASSWORD, "p", given_inputs, {}, b"")
    assert failures == []
    result = PASSWORD.generate(inputs)["result"]
    assert len(result) == length
    specials = special or "!@#$%&*()-_=+[]{}<>:?"
    for kind in (string.ascii_lowercase, string.ascii_uppercase, string.digits, specials):
        assert set(result) & set(kind)
    assert set(result) <= set(string.ascii_letters + string.digits + specials)


def test_a_length_below_the_minimums_is_rejected() -> None:
    _, failures = check(PASSWORD, "p", {"length": 2, "minLower": 2, "minUpper": 1}, {}, b"")
    assert failures == [("length", "length is 2, less than the sum of the minimums, 3")]


def test_two_passwords_differ() -> None:
    inputs, _ = check(PASSWORD, "p", {"length": 32}, {}, b"")
    assert PASSWORD.generate(inputs)["result"] != PASSWORD.generate(inputs)["result"]


@pytest.mark.parametrize("length", [1, 4, 32])
def test_an_id_is_the_same_bytes_in_every_spelling(length: int) -> None:
    made = IDENTIFIER.generate({"byteLength": length, "prefix": "x-"})
    number = int(made["dec"].removeprefix("x-"))
    assert made["hex"].removeprefix("x-") == f"{number:0{2 * length}x}"
    assert made["b64Url"] == f"x-{made['id']}"
