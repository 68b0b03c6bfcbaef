"""Versions of a secret: labels, errors and repeated reads."""

import json
import time
from collections.abc import Mapping
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from components.database_functions.credential import Credential
from components.database_functions.errors import NotRotatableError, SecretsManagerError
from components.database_functions.rotation.secret_versions import SecretVersions
from components.database_functions.secrets_manager import read, translate_client_errors
from tools.testing.secrets_manager import InMemorySecret, InMemorySecretsManager

SECRET = "/dev/rds/aurora/master-password"
FIRST, SECOND = "11111111-1111-4111-8111-111111111111", "22222222-2222-4222-8222-222222222222"


def value(password: str) -> str:
    return json.dumps(
        {"engine": "postgres", "host": "h", "username": "platform", "password": password}
    )


class Recorder(InMemorySecretsManager):
    """Secrets Manager that counts reads and lists label changes."""

    def __init__(self) -> None:
        super().__init__()
        self.reads = 0
        self.moves: list[dict[str, str]] = []

    def get_secret_value(self, **members: str) -> Mapping[str, Any]:
        self.reads += 1
        return super().get_secret_value(**members)

    def update_secret_version_stage(self, **members: str) -> Mapping[str, Any]:
        self.moves.append(members)
        return super().update_secret_version_stage(**members)


@pytest.fixture
def client() -> Recorder:
    return Recorder()


@pytest.fixture
def secret(client: Recorder) -> InMemorySecret:
    secret = client.create(SECRET, value("first"), FIRST)
    secret.stage(SECOND)
    return secret


@pytest.fixture
def versions(client: Recorder, secret: InMemorySecret) -> SecretVersions:
    return SecretVersions(client, SECRET, SECOND)


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    pauses: list[float] = []
    monkeypatch.setattr(time, "sleep", pauses.append)
    return pauses


def test_a_version_is_promoted_once_it_is_current(
    versions: SecretVersions, secret: InMemorySecret
) -> None:
    assert versions.is_promoted() is False
    secret.move("AWSCURRENT", SECOND)
    assert versions.is_promoted() is True


def test_a_version_that_is_not_due_is_rejected(
    versions: SecretVersions, secret: InMemorySecret
) -> None:
    secret.rotates = False
    with pytest.raises(NotRotatableError, match=f"^rotation is not enabled for {SECRET}$"):
        versions.is_promoted()
    secret.rotates = True
    secret.versions[SECOND].labels = {"blue"}
    with pytest.raises(
        NotRotatableError, match=f"^version {SECOND} of {SECRET} is not labeled AWSPENDING$"
    ):
        versions.is_promoted()
    del secret.versions[SECOND]
    with pytest.raises(NotRotatableError, match=f"^{SECRET} has no version {SECOND}$"):
        versions.is_promoted()


def test_a_secret_without_labels_has_no_version(client: Recorder) -> None:
    client.create(SECRET, value("first"), FIRST).versions.clear()
    versions = SecretVersions(client, SECRET, SECOND)
    with pytest.raises(NotRotatableError, match=r" has no version "):
        versions.is_promoted()
    with pytest.raises(NotRotatableError) as raised:
        versions.current()
    assert str(raised.value) == (
        f"{SECRET} has no AWSCURRENT version; store a database secret first"
    )
    assert versions.previous() is None
    assert read(client, SECRET) is None


def test_a_pending_version_without_a_value_is_read_five_times_with_a_second_between(
    versions: SecretVersions, client: Recorder, pauses: list[float]
) -> None:
    assert versions.pending_or_none() is None
    assert client.reads == 1
    with pytest.raises(NotRotatableError) as raised:
        versions.pending()
    assert str(raised.value) == (
        f"version {SECOND} of {SECRET} is labeled AWSPENDING but has no readable value after 5 "
        "attempts; createSecret stores it"
    )
    assert (client.reads, pauses) == (6, [1.0] * 4)


def test_a_pending_version_is_stored_once_and_read_without_a_pause(
    versions: SecretVersions, client: Recorder, pauses: list[float]
) -> None:
    versions.put_pending(Credential.parse(value("second"), "test"))
    # A concurrent run has stored its own; the first one stays.
    versions.put_pending(Credential.parse(value("third"), "test"))
    assert (versions.pending().password, client.reads, pauses) == ("second", 1, [])


def test_a_promotion_names_the_version_that_it_replaces_and_ends_the_rotation(
    versions: SecretVersions, client: Recorder, secret: InMemorySecret
) -> None:
    assert versions.current_id() == FIRST
    versions.put_pending(Credential.parse(value("second"), "test"))
    versions.promote(FIRST)
    assert client.moves == [
        {
            "SecretId": SECRET,
            "VersionStage": "AWSCURRENT",
            "MoveToVersionId": SECOND,
            "RemoveFromVersionId": FIRST,
        },
        {"SecretId": SECRET, "VersionStage": "AWSPENDING", "RemoveFromVersionId": SECOND},
    ]
    assert (versions.current_id(), secret.holder("AWSPENDING")) == (SECOND, None)
    versions.remove_leftover_label()
    assert len(client.moves) == 2


def test_a_leftover_label_is_removed(versions: SecretVersions, secret: InMemorySecret) -> None:
    versions.remove_leftover_label()
    assert secret.holder("AWSPENDING") is None
    del secret.versions[SECOND]
    versions.remove_leftover_label()


def _rejected(code: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": "as AWS reports"}}, "GetSecretValue")


def test_an_error_of_aws_is_reported_by_its_code() -> None:
    with pytest.raises(SecretsManagerError) as raised, translate_client_errors(ignore="Other"):
        raise _rejected("AccessDeniedException")
    assert str(raised.value) == "GetSecretValue: AccessDeniedException: as AWS reports"
    assert raised.value.__suppress_context__


def test_an_error_code_to_ignore_raises_nothing() -> None:
    with translate_client_errors(ignore="ResourceExistsException"):
        raise _rejected("ResourceExistsException")


def test_an_unreachable_service_is_reported_without_the_call() -> None:
    with pytest.raises(SecretsManagerError) as raised, translate_client_errors():
        raise EndpointConnectionError(endpoint_url="https://secret-of-test")
    assert str(raised.value) == "Secrets Manager could not be reached: EndpointConnectionError"
