"""SCRAM verifiers, checked against a real PostgreSQL server."""

import string

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg import sql

from components.database_functions import scram
from tools.testing.databases import DatabaseUnderTest

PRINTABLE = string.ascii_letters + string.digits + string.punctuation + " "
LOGINS = 40
_SALT = bytes(range(16))
_KNOWN = (
    "SCRAM-SHA-256$4096:AAECAwQFBgcICQoLDA0ODw==$"
    "zHCdol2044/ZyWzPLi7oxApCkamKw9Z+E4U/QApd/5Y=:dd5peBOitVnLNFu7VmwP+HiDaaw4OUCv396eVCWhYiE="
)
"""The verifier of "pencil" with the salt above, computed by scramp 1.5.0."""


def _stored(database: DatabaseUnderTest, user: str) -> str:
    with database.server.superuser() as connection:
        row = connection.execute(
            "SELECT rolpassword FROM pg_authid WHERE rolname = %s", (user,)
        ).fetchone()
    return row[0] if row else ""


def _set(database: DatabaseUnderTest, user: str, text: str) -> None:
    with database.server.superuser() as connection:
        connection.execute(
            sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(user), sql.Literal(text))
        )


def _log_in(database: DatabaseUnderTest, user: str, password: str) -> None:
    psycopg.connect(
        host=database.address,
        user=user,
        password=password,
        dbname="trials",
        sslmode="verify-full",
        sslrootcert=str(database.certificates),
    ).close()


@pytest.mark.database
@settings(max_examples=LOGINS, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(password=st.text(PRINTABLE, min_size=1, max_size=99))
def test_the_server_stores_a_verifier_unchanged_and_accepts_the_password(
    database: DatabaseUnderTest, password: str
) -> None:
    user = "scram"
    with database.server.superuser() as connection:
        connection.execute("DROP ROLE IF EXISTS scram")
        connection.execute("CREATE ROLE scram LOGIN")
    verifier = scram.verifier(password)
    _set(database, user, verifier)
    assert _stored(database, user) == verifier
    _log_in(database, user, password)
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        _log_in(database, user, password + "x")


@pytest.mark.database
def test_a_password_with_any_printable_character_at_any_position_can_log_in(
    database: DatabaseUnderTest,
) -> None:
    user = database.new_user().username
    rejected: dict[str, str] = {}
    for character in PRINTABLE:
        password = f"{character}ab{character}cd{character}"
        _set(database, user, scram.verifier(password))
        try:
            _log_in(database, user, password)
        except psycopg.OperationalError as error:
            rejected[character] = str(error)
    assert rejected == {}


def test_salt_and_password_determine_the_verifier() -> None:
    assert scram.verifier("pencil", _SALT) == _KNOWN
    assert scram.verifier("pencil") != scram.verifier("pencil")


@pytest.mark.database
@pytest.mark.parametrize(
    "malformed",
    [
        "",
        _KNOWN.replace("256", "512"),
        _KNOWN.replace("$4096:", "$4096$"),
        _KNOWN[:-1],
        _KNOWN + "=",
        _KNOWN + "\n",
        _KNOWN.lower(),
        _KNOWN.replace("==$", "$"),
    ],
)
def test_the_server_hashes_every_text_that_the_check_rejects(
    database: DatabaseUnderTest, malformed: str
) -> None:
    with pytest.raises(ValueError, match=r"^not a SCRAM-SHA-256 verifier$"):
        scram.checked(malformed)
    user = database.new_user().username
    _set(database, user, malformed)
    assert _stored(database, user) != malformed


@pytest.mark.parametrize("password", ["", "naïve", "tab\there", "\u00a0", "line\n"])
def test_a_password_that_the_server_might_normalize_is_rejected(password: str) -> None:
    with pytest.raises(
        ValueError, match=r"^a password must consist of printable ASCII characters$"
    ):
        scram.verifier(password)
