"""Logins of the master user: which version of the secret, which database, how often."""

import json
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, cast

import pytest

from components.database_functions.credential import Credential
from components.database_functions.errors import LoginRejectedError
from components.database_functions.setup import administrator
from components.database_functions.setup.administrator import MasterUser
from tools.testing.secrets_manager import InMemorySecretsManager, InMemoryVersion

SECRET = "arn:aws:secretsmanager:us-east-2:123456789012:secret:master"


def value(password: str) -> str:
    return json.dumps(
        {"engine": "postgres", "host": "writer", "username": "platform", "dbname": "trials"}
        | {"password": password}
    )


@dataclass
class Clock:
    """Time that passes only while somebody sleeps."""

    now: float = 0.0

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        assert seconds > 0
        self.now += seconds


@dataclass
class Logins:
    """A database with one password, which records every login."""

    clock: Clock
    is_right: Callable[[str], bool]
    tried: list[tuple[float, str, str]] = field(default_factory=list[tuple[float, str, str]])

    @contextmanager
    def session(self, credential: Credential) -> Generator[str]:
        self.tried.append((self.clock.now, credential.database, credential.password))
        if not self.is_right(credential.password):
            raise LoginRejectedError
        yield "session"


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(administrator, "time", clock)
    return clock


def secrets(**passwords: str) -> InMemorySecretsManager:
    manager = InMemorySecretsManager()
    secret = manager.create(SECRET, value("none"), "first")
    secret.versions = {
        label: InMemoryVersion(value(password), {f"AWS{label.upper()}"})
        for label, password in passwords.items()
    }
    return manager


def log_in(manager: InMemorySecretsManager, logins: Logins, database: str = "") -> object:
    with MasterUser(manager, SECRET, cast("Any", logins), 2.0).session(database) as session:
        return session


@pytest.mark.parametrize(("database", "used"), [("", "trials"), ("billing", "billing")])
def test_the_database_of_the_secret_is_the_default(clock: Clock, database: str, used: str) -> None:
    logins = Logins(clock, lambda password: password == "new")
    assert log_in(secrets(current="new"), logins, database) == "session"
    assert logins.tried == [(0, used, "new")]


def test_the_pending_password_is_tried_after_the_current_one(clock: Clock) -> None:
    logins = Logins(clock, lambda password: password == "new")
    log_in(secrets(current="old", pending="new"), logins)
    assert logins.tried == [(0, "trials", "old"), (0, "trials", "new")]


def test_a_missing_version_is_skipped(clock: Clock) -> None:
    logins = Logins(clock, lambda password: password == "new")
    log_in(secrets(pending="new"), logins)
    assert logins.tried == [(0, "trials", "new")]


def test_a_rejected_login_is_repeated_every_second(clock: Clock) -> None:
    logins = Logins(clock, lambda _: clock.now == 1)
    assert log_in(secrets(current="new"), logins) == "session"
    assert logins.tried == [(0, "trials", "new"), (1, "trials", "new")]


def test_a_login_is_given_up_before_the_limit_would_pass(clock: Clock) -> None:
    logins = Logins(clock, lambda _: False)
    with pytest.raises(LoginRejectedError) as error:
        log_in(secrets(current="wrong"), logins)
    assert str(error.value) == f"no version of {SECRET} can log in to the database"
    assert [time for time, *_ in logins.tried] == [0, 1]
