"""Versions of a secret that are for another server: nobody logs in with them."""

import json
import secrets
from typing import NoReturn

import pytest

from components.database_functions.credential import Credential
from components.database_functions.database import Database
from components.database_functions.errors import SecretMismatchError
from components.database_functions.rotation.handler import run_step
from components.database_functions.rotation.secret_versions import SecretVersions
from components.database_functions.rotation.settings import RotationSettings
from components.database_functions.rotation.strategies import AlternatingUsers, SingleUser
from tools.testing.secrets_manager import InMemorySecretsManager

SECRET, SUPERUSER = "/dev/rds/aurora/master-password", "arn:aws:secretsmanager:superuser"
FIRST, SECOND = "11111111-1111-4111-8111-111111111111", "22222222-2222-4222-8222-222222222222"
HERE, ELSEWHERE = "writer.example.com", "elsewhere.example.com"
SETTINGS = RotationSettings.from_environment({})


def value(host: str, username: str = "platform", **more: object) -> str:
    content = {
        "engine": "postgres",
        "host": host,
        "username": username,
        "password": secrets.token_urlsafe(24),
    }
    return json.dumps({**content, **more})


def refuse_to_connect(**options: object) -> NoReturn:
    message = f"nobody may log in to {options['host']}"
    raise AssertionError(message)


def rotated(previous: str, current: str) -> InMemorySecretsManager:
    """Return a secret that has been rotated once."""
    client = InMemorySecretsManager()
    secret = client.create(SECRET, previous, FIRST)
    secret.stage(SECOND)
    secret.versions[SECOND].value = current
    secret.move("AWSCURRENT", SECOND)
    return client


def hosts_of_administrators(client: InMemorySecretsManager) -> list[str]:
    versions = SecretVersions(client, SECRET, SECOND)
    return [each.host for each in SingleUser(versions).administrators(versions.current())]


@pytest.mark.parametrize(
    ("previous", "hosts"),
    [
        (value(HERE), [HERE, HERE]),
        (value(HERE.upper()), [HERE, HERE.upper()]),
        (value(ELSEWHERE), [HERE]),
        (value(HERE, port=6432), [HERE]),
        (value(HERE, "another_user"), [HERE]),
    ],
    ids=["same server", "same server in capitals", "other host", "other port", "other user"],
)
def test_the_previous_version_is_used_for_the_same_login_only(
    previous: str, hosts: list[str]
) -> None:
    assert hosts_of_administrators(rotated(previous, value(HERE))) == hosts


@pytest.mark.parametrize(
    ("pending", "hosts"), [(value(HERE, "admin_user"), [HERE, HERE]), (value(ELSEWHERE), [HERE])]
)
def test_the_pending_version_of_the_administrator_is_used_for_the_same_login_only(
    pending: str, hosts: list[str]
) -> None:
    client = InMemorySecretsManager()
    secret = client.create(SUPERUSER, value(HERE, "admin_user"), FIRST)
    secret.stage(SECOND)
    secret.versions[SECOND].value = pending
    current = Credential.parse(value(HERE), "test")
    found = AlternatingUsers(client, SUPERUSER).administrators(current)
    assert [each.host for each in found] == hosts


@pytest.mark.parametrize("step", ["setSecret", "testSecret"])
@pytest.mark.parametrize(
    ("pending", "endpoint"),
    [(value(ELSEWHERE), f"{ELSEWHERE}:5432"), (value(HERE, port=6432), f"{HERE}:6432")],
    ids=["other host", "other port"],
)
def test_a_step_rejects_a_pending_version_for_another_server_before_it_logs_in(
    step: str, pending: str, endpoint: str
) -> None:
    client = InMemorySecretsManager()
    secret = client.create(SECRET, value(HERE), FIRST)
    secret.stage(SECOND)
    secret.versions[SECOND].value = pending
    event = {"SecretId": SECRET, "ClientRequestToken": SECOND, "Step": step}
    database = Database(SETTINGS, connect=refuse_to_connect)
    with pytest.raises(SecretMismatchError) as raised:
        run_step(event, client, database, SETTINGS)
    assert str(raised.value) == f"AWSPENDING is for {endpoint}, AWSCURRENT for {HERE}:5432"
    assert secret.holder("AWSCURRENT") == FIRST
