"""Settings of the rotation function, read from environment variables."""

import string
from collections.abc import Mapping
from dataclasses import Field, dataclass, field, fields
from typing import Any

from components.database_functions.errors import SettingsError

SINGLE_USER, ALTERNATING_USERS = "single-user", "alternating-users"
STRATEGIES = (SINGLE_USER, ALTERNATING_USERS)
CLONE_SUFFIX = "_clone"
"""The suffix of AWS's own alternating-users function, so that its users can be taken over."""
MAX_NAME_BYTES = 63
"""PostgreSQL: NAMEDATALEN - 1."""
_NUMBERS = {
    # The minimum still has more than 90 bits; RDS accepts no longer master password.
    "password_length": (16, 41),
    "connect_limit": (1, 600),
    "statement_limit": (1, 600),
}
"""Minimum and maximum of each number."""


def _variable(name: str, default: str, meaning: str) -> Any:
    return field(metadata={"variable": name, "default": default, "meaning": meaning})


@dataclass(frozen=True, kw_only=True)
class RotationSettings:
    """Settings of the rotation function; each field names its environment variable."""

    strategy: str = _variable(
        "ROTATION_STRATEGY",
        SINGLE_USER,
        "`single-user` changes the user's password; `alternating-users` alternates between the "
        "user and its clone, so that the previous version stays valid for one more period",
    )
    superuser_secret_arn: str = _variable(
        "SUPERUSER_SECRET_ARN",
        "",
        "secret of the user that creates both users and sets their passwords; `alternating-users` "
        "only",
    )
    password_length: int = _variable("PASSWORD_LENGTH", "32", "length of a new password, 16 to 41")
    password_specials: str = _variable(
        "PASSWORD_SPECIALS",
        "!#$&*()-_=+[]{}<>?~^|.,;",
        "special characters of a new password, none of `/@\"'\\`",
    )
    connect_limit: int = _variable(
        "CONNECT_LIMIT_SECONDS",
        "60",
        "how long a login is retried; a paused cluster takes about 15 s to resume, and 30 s or "
        "more after a day",
    )
    statement_limit: int = _variable(
        "STATEMENT_LIMIT_SECONDS", "20", "statement timeout, including lock waits"
    )

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> "RotationSettings":
        """Parse the settings.

        Raises:
            SettingsError: A value is invalid; the text lists every issue.
        """
        values = {item.name: environment.get(*_variable_of(item)) for item in fields(cls)}
        issues = [
            f"{name} is {got!r}, allowed: {allowed}"
            for name, got, allowed, fits in _checks(values)
            if not fits
        ]
        if issues:
            raise SettingsError("; ".join(issues))
        numbers = {name: int(values.pop(name)) for name in _NUMBERS}
        return cls(
            strategy=values["strategy"],
            superuser_secret_arn=values["superuser_secret_arn"],
            password_specials=values["password_specials"],
            **numbers,
        )


def variables() -> list[tuple[str, str, str]]:
    """Return name, default and meaning of each environment variable, for the reference."""
    return [(*_variable_of(item), item.metadata["meaning"]) for item in fields(RotationSettings)]


def _variable_of(item: "Field[Any]") -> tuple[str, str]:
    return item.metadata["variable"], item.metadata["default"]


def _checks(values: Mapping[str, str]) -> list[tuple[str, str, str, bool]]:
    """Return variable, value, allowed values and validity of each setting."""
    alternating = values["strategy"] == ALTERNATING_USERS
    specials = set(values["password_specials"])
    arn = values["superuser_secret_arn"]
    rows = [
        ("strategy", " or ".join(STRATEGIES), values["strategy"] in STRATEGIES),
        (
            "superuser_secret_arn",
            f"an ARN with {ALTERNATING_USERS}, nothing otherwise",
            arn.startswith("arn:") if alternating else not arn,
        ),
        (
            "password_specials",
            "at least one of printable ASCII's special characters, none of /@\"'\\",
            bool(specials) and specials <= set(string.punctuation) - set("/@\"'\\"),
        ),
    ]
    rows += [
        (name, f"{low} to {high}", _is_within(values[name], low, high))
        for name, (low, high) in _NUMBERS.items()
    ]
    names = {item.name: _variable_of(item)[0] for item in fields(RotationSettings)}
    return [(names[name], values[name], allowed, fits) for name, allowed, fits in rows]


def _is_within(text: str, low: int, high: int) -> bool:
    return text.isascii() and text.isdigit() and low <= int(text) <= high
