"""Failed logins, as a real server answers them, and which commands try again."""

import os
import signal
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, cast

import psycopg
import pytest
from psycopg import sql

from components.database_functions.credential import Credential
from operations.aws.clients import AwsClients
from operations.context import Context
from operations.database.login import (
    Login,
    LoginRejectedError,
    UnavailableError,
    UnreachableError,
    session,
)
from operations.database.queries import Query
from operations.database.running import run_query
from operations.drill.clusters import DrillCluster, DrillClusters
from operations.drill.restore import run_restore_drill
from operations.errors import CannotRunError
from operations.outputs import parse_outputs
from operations.signals import Interruptions
from tests.operations.examples import CLUSTER, OUTPUTS
from tools.testing.databases import DatabaseUnderTest, running_database

pytestmark = pytest.mark.database


@pytest.fixture(autouse=True)
def trusted(database: DatabaseUnderTest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGSSLROOTCERT", str(database.certificates))


def login(credential: Credential, **changed: Any) -> Login:
    own = Login(
        credential.host,
        credential.port,
        credential.database,
        credential.username,
        credential.password,
    )
    return replace(own, **changed)


def failure(attempt: Login, *, tls: bool = True) -> tuple[type[Exception], str]:
    with pytest.raises((UnreachableError, LoginRejectedError)) as caught, session(attempt, tls=tls):
        pass
    return caught.type, str(caught.value)


@pytest.fixture
def full(database: DatabaseUnderTest) -> Iterator[Credential]:
    """Create a user whom the server gives no session: SQLSTATE 53300, as without free connections."""
    user = database.new_user()
    name = sql.Identifier(user.username)
    with database.server.superuser() as connection:
        connection.execute(sql.SQL("ALTER ROLE {} CONNECTION LIMIT 0").format(name))
    yield user
    with database.server.superuser() as connection:
        connection.execute(sql.SQL("ALTER ROLE {} CONNECTION LIMIT -1").format(name))


def test_psycopg_has_no_sqlstate_of_a_failed_connection(database: DatabaseUnderTest) -> None:
    with pytest.raises(psycopg.OperationalError) as caught:
        psycopg.connect(host=database.address, user="nobody", password="wrong", dbname="trials")
    assert (caught.value.sqlstate, caught.value.diag.sqlstate) == (None, None)
    assert 'FATAL:  password authentication failed for user "nobody"' in str(caught.value)


def test_a_wrong_password_user_or_database_is_a_refused_login(database: DatabaseUnderTest) -> None:
    user = database.new_user()
    with database.server.superuser() as connection:
        connection.execute("DROP ROLE IF EXISTS group_role")
        connection.execute("CREATE ROLE group_role PASSWORD 'of-the-group'")
    wrong = 'password authentication failed for user "{}"'
    for attempt, refusal in (
        (login(user, password="wrong"), wrong.format(user.username)),
        (login(user, user="nobody"), wrong.format("nobody")),
        (
            login(user, user="group_role", password="of-the-group"),
            'role "group_role" is not permitted to log in',
        ),
        (login(user, database="nothing"), 'database "nothing" does not exist'),
    ):
        assert failure(attempt) == (LoginRejectedError, refusal)
    kind, refusal = failure(login(user), tls=False)
    assert kind is LoginRejectedError
    assert refusal.startswith('no pg_hba.conf entry for host "127.')


def test_a_server_without_a_free_connection_is_unavailable(
    database: DatabaseUnderTest, full: Credential
) -> None:
    assert failure(login(full)) == (
        UnavailableError,
        f'{full.host}:5432 opens no session: too many connections for role "{full.username}"',
    )


def test_a_server_that_stops_is_unavailable(monkeypatch: pytest.MonkeyPatch) -> None:
    with running_database({}) as own:
        monkeypatch.setenv("PGSSLROOTCERT", str(own.certificates))
        # A smart shutdown waits for the open session.
        with own.server.superuser():
            os.kill(own.server.process_id or 0, signal.SIGTERM)
            time.sleep(0.5)
            found = failure(login(own.master))
    assert found == (
        UnavailableError,
        f"{own.address}:5432 opens no session: the database system is shutting down",
    )


def test_a_closed_port_is_unreachable(database: DatabaseUnderTest) -> None:
    kind, message = failure(login(database.master, port=9))
    assert kind is UnreachableError
    assert message.startswith(
        f"{database.address}:9 cannot be reached from here: connection failed"
    )


class _Secret(AwsClients):
    """Answers GetSecretValue with one user, whatever the version."""

    def __init__(self, user: Credential) -> None:
        super().__init__("us-east-2")
        self._user = user

    def call(self, service: str, operation: str, **members: object) -> dict[str, Any]:
        assert (service, operation) == ("secretsmanager", "get_secret_value")
        text = f'{{"username": "{self._user.username}", "password": "{self._user.password}"}}'
        return {"VersionId": "1", "SecretString": text}


def context_of(user: Credential) -> Context:
    raw = {**OUTPUTS, "clusterEndpoint": user.host, "databaseName": user.database}
    return Context("dev", parse_outputs(raw, "the test"), _Secret(user))


def test_a_query_on_a_full_server_gives_its_reason_and_not_the_network(full: Credential) -> None:
    with pytest.raises(CannotRunError) as caught:
        run_query(context_of(full), Query(title="-", runbook="-", sql="SELECT 1"))
    assert str(caught.value) == (
        f'{full.host}:5432 opens no session: too many connections for role "{full.username}"'
    )


class _Restored:
    """A temporary cluster that is available at once, on the server of the tests."""

    def __init__(self, endpoint: str) -> None:
        self._cluster = DrillCluster(
            f"{CLUSTER}-drill-1", CLUSTER, datetime.now(UTC), endpoint, "available"
        )
        self.removed: list[str] = []

    def new_identifier(self, _now: datetime) -> str:
        return self._cluster.identifier

    def restore(self, *_: object) -> None: ...

    def add_instance(self, _identifier: str) -> None: ...

    def wait_until_available(self, _identifier: str, *, instance: bool = False) -> None: ...

    def get(self, _identifier: str) -> DrillCluster:
        return self._cluster

    def remove(self, identifier: str) -> None:
        self.removed.append(identifier)


SOURCE = {"EarliestRestorableTime": datetime.now(UTC), "LatestRestorableTime": datetime.now(UTC)}


def drill(user: Credential, clusters: _Restored) -> Any:
    return run_restore_drill(
        context_of(user),
        cast("DrillClusters", clusters),
        SOURCE,
        None,
        [],
        lambda _: None,
        Interruptions(),
    )


def test_a_drill_repeats_its_login_until_the_restored_cluster_opens_sessions(
    database: DatabaseUnderTest, full: Credential
) -> None:
    clusters = _Restored(database.address)
    name = sql.Identifier(full.username)

    def open_sessions() -> None:
        with database.server.superuser() as connection:
            connection.execute(sql.SQL("ALTER ROLE {} CONNECTION LIMIT -1").format(name))

    timer = threading.Timer(0.5, open_sessions)
    timer.start()
    found = drill(full, clusters)
    timer.join()
    assert found.steps["first login"] >= 0.5
    assert {each.is_equal for each in found.answers} == {True}
    assert clusters.removed == [f"{CLUSTER}-drill-1"]


def test_a_drill_gives_up_after_its_limit_with_the_servers_reason(
    database: DatabaseUnderTest, full: Credential, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("operations.drill.restore.LOGIN_SECONDS", 0.0)
    clusters = _Restored(database.address)
    with pytest.raises(CannotRunError) as caught:
        drill(full, clusters)
    assert str(caught.value) == (
        f"the drill stopped: {full.host}:5432 opens no session: too many connections for role "
        f'"{full.username}"'
    )
    assert clusters.removed == [f"{CLUSTER}-drill-1"]
