"""The examples in docs/connecting.md, with a real PostgreSQL and an emulated Secrets Manager."""

import json
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, cast

import boto3
import psycopg
import pytest
from sqlalchemy import text

from components.database_functions.credential import Credential
from emulator.aws.server import serve
from emulator.isolation import scrub_environment
from emulator.postgresql import ServerCertificateAuthority
from examples.clients import iam_login
from examples.clients.secret_login import SecretLogin
from examples.clients.sqlalchemy_pool import engine_for
from tools.testing.databases import DATABASE, PORT, DatabaseUnderTest, open_folder

pytestmark = [pytest.mark.database, pytest.mark.emulator]


class Rotatable:
    """A password that can be changed separately in the database and in the secret."""

    def __init__(self, database: DatabaseUnderTest) -> None:
        self.database = database
        self.client = cast("Any", boto3).client("secretsmanager")
        self.credential = database.new_user()
        self.arn: str = self.client.create_secret(
            Name=self.credential.username, SecretString=self.credential.dump()
        )["ARN"]

    def login(self, patience: float = 10.0) -> SecretLogin:
        return SecretLogin(self.arn, str(self.database.certificates), patience)

    def change_in_the_database(self) -> Credential:
        after = self.credential.with_login(self.credential.username, secrets.token_urlsafe(24))
        self.database.server.set_password(after.username, after.password)
        return after

    def change_in_the_secret(self, after: Credential) -> None:
        self.client.put_secret_value(SecretId=self.arn, SecretString=after.dump())


@pytest.fixture(scope="module")
def aws() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch, serve() as running:
        environment: dict[str, str] = {}
        scrub_environment(environment)
        environment |= {
            "AWS_ENDPOINT_URL": running.url,
            "AWS_DEFAULT_REGION": "us-east-2",
            "AWS_ACCESS_KEY_ID": "example",
            "AWS_SECRET_ACCESS_KEY": "example",
        }
        for name, value in environment.items():
            patch.setenv(name, value)
        yield


@pytest.fixture
def rotatable(aws: None, database: DatabaseUnderTest) -> Rotatable:
    return Rotatable(database)


def user_of(connection: psycopg.Connection) -> tuple[str, bool]:
    row = connection.execute(
        "SELECT current_user, ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()"
    ).fetchone()
    assert row is not None
    return row


def test_a_login_with_the_secret_uses_tls(rotatable: Rotatable) -> None:
    with rotatable.login().connect() as connection:
        assert user_of(connection) == (rotatable.credential.username, True)


def test_a_login_after_a_rotation_reads_the_secret_again(rotatable: Rotatable) -> None:
    login = rotatable.login()
    login.connect().close()
    rotatable.change_in_the_secret(rotatable.change_in_the_database())
    with login.connect() as connection:
        assert user_of(connection) == (rotatable.credential.username, True)


def test_a_login_during_a_rotation_waits_for_its_end(rotatable: Rotatable) -> None:
    login = rotatable.login()
    login.connect().close()
    after = rotatable.change_in_the_database()
    timer = threading.Timer(0.7, rotatable.change_in_the_secret, (after,))
    began = time.monotonic()
    timer.start()
    with login.connect() as connection:
        assert time.monotonic() - began >= 0.7
        assert user_of(connection) == (rotatable.credential.username, True)
    timer.join()


def test_a_permanently_rejected_login_is_reported(rotatable: Rotatable) -> None:
    rotatable.change_in_the_database()
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        rotatable.login(patience=0.1).connect()


def test_an_unreachable_server_is_reported_immediately(rotatable: Rotatable) -> None:
    elsewhere = {**json.loads(rotatable.credential.dump()), "port": 1}
    rotatable.client.put_secret_value(SecretId=rotatable.arn, SecretString=json.dumps(elsewhere))
    began = time.monotonic()
    with pytest.raises(psycopg.OperationalError, match="Connection refused"):
        rotatable.login(patience=30).connect()
    assert time.monotonic() - began < 10


def test_a_pool_keeps_working_after_a_rotation_with_open_and_new_connections(
    rotatable: Rotatable,
) -> None:
    engine = engine_for(rotatable.login().connect)
    query = text("SELECT current_user")
    try:
        with engine.connect() as opened:
            assert opened.execute(query).scalar() == rotatable.credential.username
            rotatable.change_in_the_secret(rotatable.change_in_the_database())
            assert opened.execute(query).scalar() == rotatable.credential.username
            with engine.connect() as new:
                assert new.execute(query).scalar() == rotatable.credential.username
    finally:
        engine.dispose()


@pytest.fixture
def tokens(
    aws: None, database: DatabaseUnderTest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[list[str]]:
    """Collect the tokens, which the server accepts; RDS validates them with IAM."""
    seen: list[str] = []
    new_token: Callable[..., str] = iam_login.new_token

    def recorded(host: str, port: int, user: str, region: str) -> str:
        seen.append(new_token(host, port, user, region))
        database.server.accept_token(seen[-1])
        return seen[-1]

    monkeypatch.setattr(iam_login, "new_token", recorded)
    with database.server.superuser() as superuser:
        superuser.execute("CREATE ROLE iam_user LOGIN IN ROLE rds_iam")
        yield seen
        superuser.execute("DROP ROLE iam_user")


def log_in_with_iam(database: DatabaseUnderTest, certificates: str = "") -> psycopg.Connection:
    return iam_login.connect(
        host=database.address,
        port=PORT,
        user="iam_user",
        database=DATABASE,
        region="us-east-2",
        certificates=certificates or str(database.certificates),
    )


def test_each_iam_login_has_its_own_token_for_this_host_and_user(
    database: DatabaseUnderTest, tokens: list[str]
) -> None:
    for _ in range(2):
        with log_in_with_iam(database) as connection:
            assert user_of(connection) == ("iam_user", True)
    assert len(tokens) == 2
    start = f"{database.address}:{PORT}/?Action=connect&DBUser=iam_user&"
    assert all(token.startswith(start) for token in tokens)
    assert all("X-Amz-Expires=900" in token for token in tokens)
    assert all("%2Fus-east-2%2Frds-db%2Faws4_request" in token for token in tokens)


def test_a_pool_has_a_new_token_for_each_connection(
    database: DatabaseUnderTest, tokens: list[str]
) -> None:
    engine = engine_for(partial(log_in_with_iam, database))
    query = text("SELECT current_user")
    try:
        with engine.connect() as first, engine.connect() as second:
            assert [each.execute(query).scalar() for each in (first, second)] == ["iam_user"] * 2
    finally:
        engine.dispose()
    assert len(tokens) == 2


def test_no_token_is_sent_to_a_server_with_an_untrusted_certificate(
    database: DatabaseUnderTest, tokens: list[str]
) -> None:
    with open_folder() as folder:
        other = ServerCertificateAuthority(folder).certificate
        with pytest.raises(psycopg.OperationalError, match="certificate verify failed"):
            log_in_with_iam(database, str(other))
