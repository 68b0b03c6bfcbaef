"""The emulated random provider."""

import base64
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulator.provider.protocol.errors import RejectedError
from emulator.provider.protocol.lifecycle import check
from emulator.provider.protocol.properties import UNKNOWN, Properties
from emulator.provider.protocol.resource_type import Created
from emulator.provider.random_provider import RandomId, RandomPassword, RandomProvider

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


@pytest.mark.parametrize(
    ("inputs", "failures"),
    [
        ({"length": 1}, []),
        ({"length": 0}, [("length", "length is 0, less than the sum of the minimums, 0")]),
        ({"length": 3, "minLower": 2, "minUpper": 1}, []),
        (
            {"length": 2, "minLower": 2, "minUpper": 1},
            [("length", "length is 2, less than the sum of the minimums, 3")],
        ),
        ({"length": UNKNOWN, "minLower": 2}, []),
        ({"length": 3, "minNumeric": UNKNOWN, "minSpecial": 3}, []),
    ],
)
def test_a_length_below_the_minimums_is_rejected(
    inputs: Properties, failures: list[tuple[str, str]]
) -> None:
    assert check(PASSWORD, "p", inputs, {}, b"")[1] == failures


@pytest.mark.parametrize("kind", ["lower", "upper", "numeric", "special"])
def test_a_kind_of_characters_can_be_left_out(kind: str) -> None:
    inputs, _ = check(PASSWORD, "p", {"length": 200, kind: False}, {}, b"")
    result = PASSWORD.generate(inputs)["result"]
    found = {
        "lower": any(map(str.islower, result)),
        "upper": any(map(str.isupper, result)),
        "numeric": any(map(str.isdigit, result)),
        "special": any(not each.isalnum() for each in result),
    }
    assert found == dict.fromkeys(found, True) | {kind: False}


@pytest.mark.parametrize("kind", [PASSWORD, IDENTIFIER], ids=["password", "id"])
def test_every_change_replaces_a_value_that_exists_only_in_the_state(
    kind: RandomPassword | RandomId,
) -> None:
    assert all(each.replaces and each.write_only for each in kind.inputs.values())
    required = [name for name, each in kind.inputs.items() if each.required]
    assert required == ["length" if kind is PASSWORD else "byteLength"]
    with pytest.raises(RejectedError, match=f"^{kind.token} cannot be updated in place$"):
        kind.update(None, "x", {}, frozenset(), {})
    assert kind.read(None, "x", {"result": "y"}) == {"result": "y"}
    assert kind.read(None, "x", {}) is None


def test_the_state_has_what_was_generated() -> None:
    provider = RandomProvider()
    kind = provider.resource(IDENTIFIER.token)
    created = kind.create(provider.session({}), {"byteLength": 2})
    assert created == Created(created.extra_outputs["id"], created.extra_outputs)
    assert created.extra_outputs.keys() == {"id", "b64Std", "b64Url", "dec", "hex"}


def test_two_passwords_differ() -> None:
    inputs, _ = check(PASSWORD, "p", {"length": 32}, {}, b"")
    assert PASSWORD.generate(inputs)["result"] != PASSWORD.generate(inputs)["result"]


@pytest.mark.parametrize("length", [1, 4, 32])
def test_an_id_is_the_same_bytes_in_every_spelling(length: int) -> None:
    made = IDENTIFIER.generate({"byteLength": length, "prefix": "x-"})
    number = int(made["dec"].removeprefix("x-"))
    assert made["hex"].removeprefix("x-") == f"{number:0{2 * length}x}"
    assert made["b64Url"] == f"x-{made['id']}"
    drawn = number.to_bytes(length)
    assert base64.b64decode(made["b64Std"].removeprefix("x-")) == drawn
    assert base64.urlsafe_b64decode(made["id"] + "==") == drawn
