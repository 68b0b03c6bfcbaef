"""SCRAM-SHA-256 verifiers, without a server (test_scram.py uses one)."""

import base64

import pytest

from components.database_functions import scram

SALT = bytes(range(16))
PENCIL = (
    "SCRAM-SHA-256$4096:AAECAwQFBgcICQoLDA0ODw==$"
    "zHCdol2044/ZyWzPLi7oxApCkamKw9Z+E4U/QApd/5Y=:dd5peBOitVnLNFu7VmwP+HiDaaw4OUCv396eVCWhYiE="
)
"""Verifier of "pencil" and the salt above, by another implementation (scramp 1.5.0)."""


def test_a_verifier_is_that_of_another_implementation() -> None:
    assert scram.verifier("pencil", SALT) == PENCIL


def test_a_salt_is_random_and_has_sixteen_bytes() -> None:
    salts = {scram.verifier("pencil").split("$")[1].partition(":")[2] for _ in range(20)}
    assert len(salts) == 20
    assert {len(base64.b64decode(salt)) for salt in salts} == {16}


@pytest.mark.parametrize("password", ["", "naïve", "tab\there", "line\n", "\u00a0"])
def test_a_password_that_is_not_printable_ascii_is_rejected(password: str) -> None:
    with pytest.raises(
        ValueError, match=r"^a password must consist of printable ASCII characters$"
    ):
        scram.verifier(password)


def test_a_password_may_have_one_character() -> None:
    assert scram.verifier("x", SALT) == scram.checked(scram.verifier("x", SALT))


@pytest.mark.parametrize("text", ["", PENCIL[:-1], PENCIL + "\n", PENCIL.replace("$4096", "$096")])
def test_a_text_that_is_not_a_verifier_is_rejected(text: str) -> None:
    with pytest.raises(ValueError, match=r"^not a SCRAM-SHA-256 verifier$"):
        scram.checked(text)
