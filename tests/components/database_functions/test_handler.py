"""Invocations of the rotation function: their events, their calls and what they log."""

import json
import sys
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, NoReturn

import boto3
import pytest
from botocore.config import Config

from components.database_functions.database import Database
from components.database_functions.errors import EventError, FunctionError
from components.database_functions.event_log import log_event
from components.database_functions.rotation.handler import handle, run_step
from components.database_functions.rotation.settings import RotationSettings
from components.database_functions.secrets_manager import SecretsManager
from tools.testing.secrets_manager import InMemorySecretsManager

SECRET = "/dev/rds/aurora/master-password"
FIRST, SECOND = "11111111-1111-4111-8111-111111111111", "22222222-2222-4222-8222-222222222222"
EVENT = {"SecretId": SECRET, "ClientRequestToken": SECOND, "Step": "createSecret"}
VALUE = {"engine": "postgres", "host": "writer", "username": "platform", "password": "of-test"}
LOGGED = {"step": "createSecret", "secret": SECRET, "version": SECOND}


class Rotated(InMemorySecretsManager):
    """A Secrets Manager whose secret was created in 2026 and is to be rotated."""

    def __init__(self) -> None:
        super().__init__()
        self.create(SECRET, json.dumps(VALUE), FIRST).stage(SECOND)

    def describe_secret(self, *, SecretId: str) -> Mapping[str, Any]:  # noqa: N803 - boto3's names
        created = {"CreatedDate": datetime(2026, 1, 1, tzinfo=UTC)}
        return created | dict(super().describe_secret(SecretId=SecretId))


class Defective(InMemorySecretsManager):
    """A client with a defect, whose error quotes a password."""

    def describe_secret(self, *, SecretId: str) -> NoReturn:  # noqa: N803 - boto3's names
        raise ValueError(VALUE["password"])


def step(client: SecretsManager, event: Mapping[str, object] = EVENT) -> None:
    settings = RotationSettings.from_environment({})
    run_step(event, client, Database(settings), settings)


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_a_step_logs_its_duration_to_a_millisecond(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    times = iter([100.0, 101.23456])
    monkeypatch.setattr(time, "monotonic", lambda: next(times))
    step(Rotated())
    assert lines(capsys) == [
        {"event": "secret_created", "user": "platform"},
        {"event": "step_succeeded", **LOGGED, "seconds": 1.235},
    ]


def test_an_unexpected_error_is_logged_with_its_place_and_without_its_text(
    capsys: pytest.CaptureFixture[str],
) -> None:
    line = Defective.describe_secret.__code__.co_firstlineno + 1
    reason = f"unexpected ValueError at {__file__}:{line}"
    with pytest.raises(FunctionError) as raised:
        step(Defective())
    assert (str(raised.value), raised.value.__suppress_context__) == (reason, True)
    assert lines(capsys) == [
        {"event": "step_failed", **LOGGED, "error": "ValueError", "reason": reason}
    ]


@pytest.mark.parametrize("key", ["SecretId", "ClientRequestToken", "Step"])
@pytest.mark.parametrize("value", [None, "", 5, ["text"]])
def test_an_event_without_a_text_is_rejected(key: str, value: object) -> None:
    with pytest.raises(EventError, match=rf"^the event has no {key}$"):
        step(Rotated(), {**EVENT, key: value})


@pytest.mark.parametrize("value", [None, "", "text", {"text": 1}, []])
def test_a_check_without_a_list_of_secrets_is_rejected(
    monkeypatch: pytest.MonkeyPatch, value: object
) -> None:

    def client(service: str, config: Config) -> Rotated:
        return Rotated()

    monkeypatch.setattr(boto3, "client", client)
    with pytest.raises(EventError, match=r"^the event has no SecretIds$"):
        handle({"Check": "RotationAge", "SecretIds": value}, None)


@pytest.mark.parametrize(
    ("event", "logged"),
    [
        ({"Check": "RotationAge", "SecretIds": [SECRET]}, ["rotation_age"]),
        (EVENT, ["secret_created", "step_succeeded"]),
    ],
)
def test_the_event_decides_between_a_step_and_the_age(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    event: dict[str, object],
    logged: list[str],
) -> None:
    clients: list[tuple[str, Config]] = []

    def client(service: str, config: Config) -> Rotated:
        clients.append((service, config))
        return Rotated()

    monkeypatch.setattr(boto3, "client", client)
    handle(event, None)
    assert [line["event"] for line in lines(capsys)] == logged
    ((service, config),) = clients
    options: Any = config
    assert (service, options.connect_timeout, options.read_timeout, options.retries) == (
        *("secretsmanager", 5, 10),
        {"mode": "standard", "total_max_attempts": 4},
    )


def test_a_line_is_written_at_once_because_lambda_may_freeze_the_process(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    written: list[str] = []

    class Output:
        def write(self, text: str) -> None:
            written.append(text)

        def flush(self) -> None:
            written.append("flushed")

    monkeypatch.setattr(sys, "stdout", Output())
    log_event("step_succeeded", seconds=1)
    assert "".join(written) == '{"event": "step_succeeded", "seconds": 1}\nflushed'
