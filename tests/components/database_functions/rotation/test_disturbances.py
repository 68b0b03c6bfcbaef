"""Failing rotations: the reported error and the unchanged database."""

import json
from collections.abc import Callable, Mapping
from ipaddress import IPv4Address
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from components.database_functions.credential import Credential
from components.database_functions.database import Database
from components.database_functions.errors import (
    DatabaseUnreachableError,
    FunctionError,
    LockedOutError,
    LoginRejectedError,
    NotRotatableError,
    SecretFormatError,
    SecretMismatchError,
    SecretsManagerError,
    SettingsError,
)
from components.database_functions.rotation.handler import STEPS
from components.database_functions.rotation.secret_versions import READ_ATTEMPTS
from components.database_functions.rotation.settings import (
    ALTERNATING_USERS,
    SINGLE_USER,
    STRATEGIES,
)
from components.database_functions.secrets_manager import SecretsManager
from emulator.postgresql import ServerCertificateAuthority
from tests.components.database_functions.rotation.rotations import (
    SECRET,
    SUPERUSER_SECRET,
    Bench,
    MakeBench,
    new_token,
)
from tools.testing.databases import open_folder, running_database

_ORDER = list(STEPS)
_EACH_STRATEGY = pytest.mark.parametrize("strategy", STRATEGIES)
_DATABASE_STEPS = pytest.mark.parametrize("step", _ORDER[1:])


def _before(bench: Bench, step: str) -> str:
    """Run the steps before one, and return the rotation's version."""
    token = bench.secret.stage(new_token())
    for earlier in _ORDER[: _ORDER.index(step)]:
        bench.step(earlier, token)
    return token


def _finish(bench: Bench, token: str) -> None:
    for step in STEPS:
        bench.step(step, token)
    assert bench.secret.holder("AWSCURRENT") == token
    assert bench.can_log_in("AWSCURRENT")


def _labeled(bench: Bench, label: str) -> Credential:
    credential = bench.credential(label)
    assert credential is not None
    return credential


@_DATABASE_STEPS
def test_a_step_fails_while_the_database_is_down_and_then_succeeds(step: str) -> None:
    with running_database({}) as own:
        bench = Bench(own, SINGLE_USER)
        token = _before(bench, step)
        own.server.stop()
        with pytest.raises(
            DatabaseUnreachableError, match=r"did not accept a connection within 1 s"
        ):
            bench.step(step, token)
        own.server.start({})
        _finish(bench, token)


@_DATABASE_STEPS
def test_a_step_fails_on_an_unverified_server_and_then_succeeds(
    make_bench: MakeBench, step: str
) -> None:
    bench = make_bench()
    token = _before(bench, step)
    with open_folder() as folder:
        other = ServerCertificateAuthority(folder).certificate
        unknown = Database(bench.settings, certificates=other)
        with pytest.raises(
            DatabaseUnreachableError,
            match=r"TLS certificate verification of .* failed: unable to get local issuer",
        ):
            bench.step(step, token, database=unknown)
    _finish(bench, token)


def test_a_password_changed_by_hand_is_reported_and_changes_nothing(make_bench: MakeBench) -> None:
    bench = make_bench()
    token, current = _before(bench, "setSecret"), _labeled(bench, "AWSCURRENT")
    bench.under_test.server.set_password(current.username, "a-password-that-nobody-has")
    with pytest.raises(LockedOutError) as rejected:
        bench.step("setSecret", token)
    assert str(rejected.value) == (
        "no version of the secret can log in: reset the master password of the cluster "
        "(ModifyDBCluster) and store it in the secret as a new version"
    )
    bench.under_test.server.set_password(current.username, current.password)
    assert bench.can_log_in("AWSCURRENT")
    _finish(bench, token)


def test_alternating_users_correct_a_password_changed_by_hand(make_bench: MakeBench) -> None:
    bench = make_bench(ALTERNATING_USERS)
    bench.rotate()
    user = _labeled(bench, "AWSPREVIOUS").username
    bench.under_test.server.set_password(user, "a-password-that-nobody-has")
    bench.rotate()
    assert _labeled(bench, "AWSCURRENT").username == user
    assert bench.can_log_in("AWSCURRENT")


def test_a_database_restored_to_an_earlier_time_accepts_the_previous_password(
    make_bench: MakeBench,
) -> None:
    bench = make_bench()
    bench.rotate()
    previous = _labeled(bench, "AWSPREVIOUS")
    bench.under_test.server.set_password(previous.username, previous.password)
    assert [bench.can_log_in(label) for label in ("AWSCURRENT", "AWSPREVIOUS")] == [False, True]
    _finish(bench, bench.secret.stage(new_token()))


@_EACH_STRATEGY
def test_a_rotation_does_not_need_the_previous_version(
    make_bench: MakeBench, strategy: str
) -> None:
    bench = make_bench(strategy)
    bench.rotate()
    del bench.secret.versions[str(bench.secret.holder("AWSPREVIOUS"))]
    _finish(bench, bench.secret.stage(new_token()))


@_EACH_STRATEGY
@pytest.mark.parametrize("step", _ORDER)
def test_an_abandoned_rotation_is_resumed_by_the_next_one(
    make_bench: MakeBench, strategy: str, step: str
) -> None:
    bench = make_bench(strategy)
    abandoned = _before(bench, step)
    assert bench.rotate() == abandoned
    assert bench.rotate() != abandoned
    assert bench.can_log_in("AWSCURRENT")


_SPOILED: dict[str, tuple[dict[str, object], type[FunctionError], str]] = {
    "other user": (
        {"username": "postgres"},
        SecretMismatchError,
        "AWSPENDING is for postgres, this rotation is for {user}",
    ),
    "other host and port": (
        {"host": "db.example.com", "port": 6432},
        SecretMismatchError,
        "AWSPENDING is for db.example.com:6432, AWSCURRENT for {host}:5432",
    ),
    "three issues": (
        {"password": None, "engine": "mysql", "port": "many"},
        SecretFormatError,
        f"the AWSPENDING version of {SECRET} is not a database secret: password must be a string, "
        "engine must be postgres or aurora-postgresql, port must be a number",
    ),
}


@pytest.mark.parametrize(("spoiled", "error", "message"), _SPOILED.values(), ids=_SPOILED)
def test_a_pending_version_for_another_user_or_server_is_rejected_and_changes_nothing(
    make_bench: MakeBench, spoiled: dict[str, object], error: type[FunctionError], message: str
) -> None:
    bench = make_bench()
    token, pending = _before(bench, "setSecret"), _labeled(bench, "AWSPENDING")
    content = {**pending.content, **spoiled}
    bench.secret.versions[token].value = Credential("", 0, "", "", "", content).dump()
    with pytest.raises(error) as rejected:
        bench.step("setSecret", token)
    assert str(rejected.value) == message.format(user=pending.username, host=pending.host)
    assert bench.can_log_in("AWSCURRENT")


@pytest.mark.parametrize("text", ["[]", "not JSON: hunter2"])
def test_a_value_that_is_not_a_json_object_is_not_quoted(make_bench: MakeBench, text: str) -> None:
    bench = make_bench()
    token = _before(bench, "setSecret")
    bench.secret.versions[token].value = text
    with pytest.raises(SecretFormatError) as rejected:
        bench.step("setSecret", token)
    assert str(rejected.value) == (
        f"the AWSPENDING version of {SECRET} is not a JSON object; store engine, host, username and "
        "password"
    )


def _disabled(bench: Bench, token: str) -> None:
    bench.secret.rotates = False


def _unknown(bench: Bench, token: str) -> None:
    del bench.secret.versions[token]


def _not_pending(bench: Bench, token: str) -> None:
    bench.secret.versions[token].labels = {"blue"}


def _without_value(bench: Bench, token: str) -> None:
    bench.secret.versions[token].value = None


_NOT_DUE: dict[Callable[[Bench, str], None], str] = {
    _disabled: "rotation is not enabled for {secret}",
    _unknown: "{secret} has no version {token}",
    _not_pending: "version {token} of {secret} is not labeled AWSPENDING",
    _without_value: (
        "version {token} of {secret} is labeled AWSPENDING but has no readable value after 5 attempts; "
        "createSecret stores it"
    ),
}


@pytest.mark.parametrize(("disturb", "message"), _NOT_DUE.items())
@pytest.mark.parametrize("step", ["setSecret", "finishSecret"])
def test_a_step_that_is_not_due_is_rejected(
    make_bench: MakeBench, step: str, disturb: Callable[[Bench, str], None], message: str
) -> None:
    bench = make_bench()
    token = _before(bench, step)
    disturb(bench, token)
    with pytest.raises(NotRotatableError) as rejected:
        bench.step(step, token)
    assert str(rejected.value) == message.format(secret=SECRET, token=token)


@pytest.mark.parametrize("step", _ORDER)
def test_a_step_of_a_complete_rotation_changes_nothing(make_bench: MakeBench, step: str) -> None:
    bench = make_bench()
    token = bench.rotate()
    before = bench.secret.value("AWSCURRENT")
    bench.step(step, token)
    assert (bench.secret.holder("AWSCURRENT"), bench.secret.value("AWSCURRENT")) == (token, before)


@_EACH_STRATEGY
def test_a_test_without_a_rotation_passes_with_the_current_value(
    make_bench: MakeBench, strategy: str
) -> None:
    """Secrets Manager API, RotateSecret, RotateImmediately: testSecret runs alone."""
    bench = make_bench(strategy)
    token = bench.secret.stage(new_token())
    bench.secret.versions[token].value = bench.secret.value("AWSCURRENT")
    bench.step("testSecret", token)
    assert bench.can_log_in("AWSCURRENT")


@pytest.mark.parametrize("step", ["setSecret", "testSecret", "finishSecret"])
def test_a_pending_version_that_becomes_readable_late_is_read_again(
    make_bench: MakeBench, step: str
) -> None:
    """Secrets Manager is eventually consistent: a stored value may not be readable at once."""
    bench = make_bench()
    token = _before(bench, step)
    reads = LateReads(bench.secrets_manager, failures=READ_ATTEMPTS - 1)
    bench.step(step, token, client=reads)
    assert reads.failures == 0
    _finish(bench, token)


def test_a_test_never_reports_success_for_a_pending_version_that_it_could_not_read(
    make_bench: MakeBench,
) -> None:
    bench = make_bench()
    token = _before(bench, "testSecret")
    reads = LateReads(bench.secrets_manager, failures=READ_ATTEMPTS)
    with pytest.raises(NotRotatableError, match=f"^version {token} of .* has no readable value"):
        bench.step("testSecret", token, client=reads)


class LateReads:
    """Secrets Manager whose pending versions are not readable at first.

    Args:
        client: Secrets Manager.
        failures: Number of reads that fail.
    """

    def __init__(self, client: SecretsManager, failures: int) -> None:
        self._client = client
        self.failures = failures
        self.describe_secret = client.describe_secret
        self.put_secret_value = client.put_secret_value
        self.update_secret_version_stage = client.update_secret_version_stage

    def get_secret_value(self, **members: str) -> Mapping[str, Any]:
        if members["VersionStage"] == "AWSPENDING" and self.failures:
            self.failures -= 1
            raise ClientError(
                {"Error": {"Code": "ResourceNotFoundException", "Message": "not yet"}},
                "GetSecretValue",
            )
        return self._client.get_secret_value(**members)


def test_an_interrupted_finish_leaves_no_pending_label_after_the_next_call(
    make_bench: MakeBench,
) -> None:
    bench = make_bench()
    token = bench.rotate()
    bench.secret.versions[token].labels.add("AWSPENDING")
    bench.step("finishSecret", token)
    assert bench.secret.versions[token].labels == {"AWSCURRENT"}


@pytest.mark.parametrize(
    ("extra", "path"),
    [
        ({"url": "postgresql://u:{password}@host/db"}, "url"),
        ({"spring": {"datasource": [{"password": "{password}"}]}}, "spring.datasource[0].password"),
    ],
)
def test_a_secret_that_contains_the_password_twice_is_rejected_by_path(
    make_bench: MakeBench, extra: dict[str, object], path: str
) -> None:
    bench = make_bench()
    current = _labeled(bench, "AWSCURRENT")
    filled = json.loads(json.dumps(extra).replace("{password}", current.password))
    value = json.dumps({**current.content, **filled})
    bench.secret = bench.secrets_manager.create(SECRET, value, new_token())
    token = bench.secret.stage(new_token())
    with pytest.raises(NotRotatableError) as error:
        bench.step("createSecret", token)
    assert str(error.value) == (
        f"the secret also contains the password in {path}, which a rotation would leave outdated; "
        "remove it from the secret"
    )
    assert bench.can_log_in("AWSCURRENT")


def test_a_certificate_bundle_that_cannot_be_loaded_is_reported_at_once(
    make_bench: MakeBench,
) -> None:
    bench = make_bench()
    token = _before(bench, "setSecret")
    database = Database(bench.settings, certificates=Path("/missing.pem"))
    with pytest.raises(
        SettingsError, match=r"^the certificate bundle /missing\.pem cannot be loaded"
    ):
        bench.step("setSecret", token, database=database)


def test_a_host_that_the_certificate_does_not_name_is_reported_with_its_names(
    make_bench: MakeBench,
) -> None:
    bench = make_bench()
    # The same server under another name: its address as one decimal number.
    alias = str(int(IPv4Address(bench.under_test.address)))
    content = {**_labeled(bench, "AWSCURRENT").content, "host": alias}
    names = bench.under_test.address
    with pytest.raises(DatabaseUnreachableError) as error:
        bench.database().can_log_in(Credential.parse(json.dumps(content), "test"))
    assert str(error.value) == (
        f"TLS certificate verification of {alias} failed: the certificate is valid for {names}; "
        "store the endpoint of the cluster as `host` in the secret"
    )


def test_a_version_that_cannot_log_in_never_becomes_current(
    make_bench: MakeBench,
) -> None:
    bench = make_bench()
    token, before = _before(bench, "setSecret"), bench.secret.holder("AWSCURRENT")
    for step in ("testSecret", "finishSecret"):
        with pytest.raises(LoginRejectedError, match=r"cannot log in with the AWSPENDING version$"):
            bench.step(step, token)
    assert bench.secret.holder("AWSCURRENT") == before


def test_a_superuser_of_another_database_is_rejected(make_bench: MakeBench) -> None:
    bench = make_bench(ALTERNATING_USERS)
    token = _before(bench, "setSecret")
    content = {**bench.under_test.master.content, "host": "db.example.com"}
    elsewhere = Credential("", 0, "", "", "", content)
    bench.secrets_manager.create(SUPERUSER_SECRET, elsewhere.dump(), new_token())
    with pytest.raises(SecretMismatchError, match=r"^SUPERUSER_SECRET_ARN is for db\.example\.com"):
        bench.step("setSecret", token)
    del bench.secrets_manager.secrets[SUPERUSER_SECRET]
    with pytest.raises(NotRotatableError, match=r" has no current version$"):
        bench.step("setSecret", token)


def test_an_error_of_secrets_manager_is_reported_by_its_code(make_bench: MakeBench) -> None:
    bench = make_bench()
    del bench.secrets_manager.secrets[SECRET]
    with pytest.raises(SecretsManagerError) as rejected:
        bench.step("createSecret", new_token())
    assert str(rejected.value) == "DescribeSecret: ResourceNotFoundException: as AWS would report"


def test_a_clone_acts_as_its_user_which_owns_what_the_clone_creates(make_bench: MakeBench) -> None:
    bench = make_bench(ALTERNATING_USERS)
    first = _labeled(bench, "AWSCURRENT").username
    with bench.under_test.server.superuser("trials") as connection:
        connection.execute(f"GRANT CREATE ON SCHEMA public TO {first}".encode())
    bench.rotate()
    clone = _labeled(bench, "AWSCURRENT")
    assert clone.username == f"{first}_clone"
    with bench.database().session(clone) as session:
        assert session.run("SELECT session_user, current_user") == [[clone.username, first]]
        session.run(f"CREATE TABLE table_of_{first} (number integer)")
    bench.rotate()
    with bench.database().session(_labeled(bench, "AWSCURRENT")) as session:
        assert session.run("SELECT session_user") == [[first]]
        session.run(f"DROP TABLE table_of_{first}")


def test_the_name_of_a_clone_has_at_most_63_bytes(make_bench: MakeBench) -> None:
    bench = make_bench(ALTERNATING_USERS)

    def create_secret(user: str) -> None:
        current = _labeled(bench, "AWSCURRENT").with_login(user, "x")
        bench.secret.versions[str(bench.secret.holder("AWSCURRENT"))].value = current.dump()
        bench.step("createSecret", bench.secret.stage(new_token()))

    for too_long in ("a" * 58, "é" * 29):
        with pytest.raises(
            NotRotatableError, match=r" is longer than 63 bytes, PostgreSQL's limit for names$"
        ):
            create_secret(too_long)
    create_secret("a" * 57)
    assert _labeled(bench, "AWSPENDING").username == "a" * 57 + "_clone"
