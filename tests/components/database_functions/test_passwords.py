"""Generated passwords."""

import secrets
import string
from collections.abc import Sequence

import pytest

from components.database_functions import passwords
from components.database_functions.rotation.settings import RotationSettings


def settings(length: int, specials: str = "!") -> RotationSettings:
    return RotationSettings.from_environment(
        {"PASSWORD_LENGTH": str(length), "PASSWORD_SPECIALS": specials}
    )


@pytest.mark.parametrize("length", [16, 32, 41])
def test_a_password_has_its_length_and_every_kind_of_character(length: int) -> None:
    for _ in range(200):
        password = passwords.generate(settings(length, "!$"))
        kinds = (string.ascii_lowercase, string.ascii_uppercase, string.digits, "!$")
        assert len(password) == length
        assert [kind for kind in kinds if not set(password) & set(kind)] == []
        assert set(password) <= set("".join(kinds))


def test_every_character_is_drawn_from_the_whole_alphabet_by_the_secrets_module(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    drawn: list[Sequence[str]] = []
    # The first draw lacks a digit, so the whole password is drawn again.
    answers = iter("aA!bB!aA!bB!aA!b" + "aA1!aA1!aA1!aA1!")

    def choice(alphabet: Sequence[str]) -> str:
        drawn.append(alphabet)
        return next(answers)

    monkeypatch.setattr(secrets, "choice", choice)
    assert passwords.generate(settings(16)) == "aA1!aA1!aA1!aA1!"
    alphabet = string.ascii_lowercase + string.ascii_uppercase + string.digits + "!"
    assert drawn == [alphabet] * 32
