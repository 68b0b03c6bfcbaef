"""Settings of the rotation function."""

import pytest

from components.database_functions.errors import SettingsError
from components.database_functions.rotation.settings import (
    CLONE_SUFFIX,
    MAX_NAME_BYTES,
    RotationSettings,
    variables,
)

ARN = "arn:aws:secretsmanager:us-east-2:123456789012:secret:superuser"


def test_defaults() -> None:
    assert RotationSettings.from_environment({}) == RotationSettings(
        strategy="single-user",
        superuser_secret_arn="",
        password_length=32,
        password_specials="!#$&*()-_=+[]{}<>?~^|.,;",
        connect_limit=60,
        statement_limit=20,
    )
    assert (CLONE_SUFFIX, MAX_NAME_BYTES) == ("_clone", 63)


def test_settings_are_read_from_the_environment() -> None:
    assert RotationSettings.from_environment(
        {
            "ROTATION_STRATEGY": "alternating-users",
            "SUPERUSER_SECRET_ARN": ARN,
            "PASSWORD_LENGTH": "20",
            "PASSWORD_SPECIALS": "!",
            "CONNECT_LIMIT_SECONDS": "7",
            "STATEMENT_LIMIT_SECONDS": "8",
        }
    ) == RotationSettings(
        strategy="alternating-users",
        superuser_secret_arn=ARN,
        password_length=20,
        password_specials="!",
        connect_limit=7,
        statement_limit=8,
    )


@pytest.mark.parametrize(
    ("variable", "low", "high"),
    [
        ("PASSWORD_LENGTH", 16, 41),
        ("CONNECT_LIMIT_SECONDS", 1, 600),
        ("STATEMENT_LIMIT_SECONDS", 1, 600),
    ],
)
def test_a_number_has_a_minimum_and_a_maximum(variable: str, low: int, high: int) -> None:
    for accepted in (low, high):
        RotationSettings.from_environment({variable: str(accepted)})
    for rejected in (str(low - 1), str(high + 1), "-20", "20.0", "", "twenty", "²"):
        with pytest.raises(SettingsError) as raised:
            RotationSettings.from_environment({variable: rejected})
        assert str(raised.value) == f"{variable} is {rejected!r}, allowed: {low} to {high}"


@pytest.mark.parametrize("specials", ["", "/", "@", '"', "'", "\\", "a", " ", "!é"])
def test_special_characters_are_those_that_rds_accepts(specials: str) -> None:
    with pytest.raises(SettingsError) as raised:
        RotationSettings.from_environment({"PASSWORD_SPECIALS": specials})
    assert str(raised.value) == (
        f"PASSWORD_SPECIALS is {specials!r}, allowed: at least one of printable ASCII's special "
        "characters, none of /@\"'\\"
    )


def test_every_special_character_that_rds_accepts_may_be_used() -> None:
    specials = "!#$%&()*+,-.:;<=>?[]^_`{|}~"
    settings = RotationSettings.from_environment({"PASSWORD_SPECIALS": specials})
    assert settings.password_specials == specials


@pytest.mark.parametrize(
    ("strategy", "arn"),
    [("single-user", ARN), ("alternating-users", ""), ("alternating-users", "superuser")],
)
def test_the_administrators_secret_belongs_to_alternating_users_only(
    strategy: str, arn: str
) -> None:
    with pytest.raises(SettingsError) as raised:
        RotationSettings.from_environment(
            {"ROTATION_STRATEGY": strategy, "SUPERUSER_SECRET_ARN": arn}
        )
    assert str(raised.value) == (
        f"SUPERUSER_SECRET_ARN is {arn!r}, allowed: an ARN with alternating-users, nothing otherwise"
    )


def test_every_issue_is_reported_at_once() -> None:
    with pytest.raises(SettingsError) as raised:
        RotationSettings.from_environment({"ROTATION_STRATEGY": "none", "PASSWORD_LENGTH": "9"})
    assert str(raised.value) == (
        "ROTATION_STRATEGY is 'none', allowed: single-user or alternating-users; "
        "PASSWORD_LENGTH is '9', allowed: 16 to 41"
    )


def test_every_variable_has_a_meaning() -> None:
    rows = variables()
    assert [(name, default) for name, default, _ in rows] == [
        ("ROTATION_STRATEGY", "single-user"),
        ("SUPERUSER_SECRET_ARN", ""),
        ("PASSWORD_LENGTH", "32"),
        ("PASSWORD_SPECIALS", "!#$&*()-_=+[]{}<>?~^|.,;"),
        ("CONNECT_LIMIT_SECONDS", "60"),
        ("STATEMENT_LIMIT_SECONDS", "20"),
    ]
    assert all(meaning for *_, meaning in rows)
    with pytest.raises(AttributeError):
        RotationSettings.from_environment({}).connect_limit = 1  # pyright: ignore[reportAttributeAccessIssue]
    with pytest.raises(TypeError):
        RotationSettings("single-user", "", 32, "!", 60, 20)  # pyright: ignore[reportCallIssue]
