"""The deployed zip's process: its output, its end by a signal, and its configured limits."""

import json
import time
from collections.abc import Callable
from typing import Any

import pytest
from psycopg import sql

from components.aurora_data_platform.functions import package as lambda_package
from components.database_functions.credential import Credential
from components.database_functions.database import Database
from components.database_functions.rotation.settings import RotationSettings
from emulator.aws.server import RunningServer
from emulator.functions import rotation_driver
from emulator.functions.lambda_function import LambdaFunction, UnpackedFunction
from emulator.testing.requests import REGION
from tools.testing.databases import DatabaseUnderTest

pytestmark = [pytest.mark.emulator, pytest.mark.database]

KILLED = "Runtime exited with error: signal: killed"
TOKEN = "2" * 32


@pytest.fixture(scope="module")
def function(server: RunningServer, database: DatabaseUnderTest) -> UnpackedFunction:
    """Unpack the deployed zip, with its own limits."""
    deployed = LambdaFunction(
        code=lambda_package.zip_bytes(),
        handler=lambda_package.ROTATION_HANDLER,
        environment={"CONNECT_LIMIT_SECONDS": "5", "STATEMENT_LIMIT_SECONDS": "20"},
        memory_megabytes=lambda_package.MEMORY_MEGABYTES,
        timeout_seconds=lambda_package.ROTATION_TIMEOUT_SECONDS,
        region=REGION,
    )
    certificates = {lambda_package.CERTIFICATES: database.certificates.read_bytes()}
    return UnpackedFunction(deployed, server.url, certificates)


class Rotating:
    """A secret whose rotation has started, before its first step."""

    def __init__(self, secrets: Any, idle_function: str, database: DatabaseUnderTest) -> None:
        self._secrets, self.database = secrets, database
        self.first = database.new_user()
        self.name = self.first.username
        secrets.create_secret(Name=self.name, SecretString=self.first.dump())
        secrets.rotate_secret(
            SecretId=self.name, ClientRequestToken=TOKEN, RotationLambdaARN=idle_function
        )

    def event(self, step: str) -> dict[str, str]:
        return {"SecretId": self.name, "ClientRequestToken": TOKEN, "Step": step}

    def can_log_in(self, label: str) -> bool:
        got = self._secrets.get_secret_value(SecretId=self.name, VersionStage=label)
        return self.accepts(Credential.parse(got["SecretString"], label))

    def accepts(self, credential: Credential) -> bool:
        settings = RotationSettings.from_environment({"CONNECT_LIMIT_SECONDS": "5"})
        return Database(settings, certificates=self.database.certificates).can_log_in(credential)

    def labels(self) -> list[str]:
        described = self._secrets.describe_secret(SecretId=self.name)
        return described["VersionIdsToStages"][TOKEN]

    def check_that_all_steps_end_it(self, function: UnpackedFunction) -> None:
        outcome = rotation_driver.rotate(function, self.name, TOKEN)
        assert outcome.failure is None
        assert self.labels() == ["AWSCURRENT"]
        assert self.can_log_in("AWSCURRENT")


@pytest.fixture
def rotating(secrets: Any, idle_function: str, database: DatabaseUnderTest) -> Rotating:
    return Rotating(secrets, idle_function, database)


def test_it_reports_the_age_of_its_secrets_rotation(
    function: UnpackedFunction, rotating: Rotating
) -> None:
    asked = {"Check": "RotationAge", "SecretIds": [rotating.name]}
    invocation = function.invoke(asked)
    assert invocation.error is None
    reported = json.loads(invocation.log)
    days = reported.pop("days")
    assert reported == {"event": "rotation_age", "secret": rotating.name}
    assert 0 <= days < 1


def _await(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def _waits_for_a_lock(database: DatabaseUnderTest) -> bool:
    with database.server.superuser() as connection:
        row = connection.execute(
            "SELECT count(*) FROM pg_stat_activity "
            "WHERE application_name = 'rotation' AND wait_event_type = 'Lock'"
        ).fetchone()
    return row == (1,)


def _serves(database: DatabaseUnderTest) -> bool:
    with database.server.superuser() as connection:
        row = connection.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'rotation'"
        ).fetchone()
    return row != (0,)


def test_a_process_killed_inside_its_transaction_has_changed_nothing(
    rotating: Rotating, function: UnpackedFunction
) -> None:
    assert function.invoke(rotating.event("createSecret")).error is None
    database, role = rotating.database, sql.Identifier(rotating.name)
    with database.server.superuser() as holder, holder.transaction():
        # Holds the role's row, so that the function waits in the middle of its transaction.
        holder.execute(sql.SQL("ALTER ROLE {} CONNECTION LIMIT 50").format(role))
        killed = function.invoke(rotating.event("setSecret"), kill_after=5)
        assert killed.error == KILLED
        assert _waits_for_a_lock(database), "it was killed elsewhere than was meant"
    _await(lambda: not _serves(database))
    assert rotating.can_log_in("AWSCURRENT")
    assert not rotating.can_log_in("AWSPENDING")
    rotating.check_that_all_steps_end_it(function)
    assert not rotating.accepts(rotating.first)


@pytest.mark.parametrize("step", rotation_driver.STEPS)
def test_a_process_killed_at_any_moment_of_a_step_locks_nobody_out(
    rotating: Rotating, function: UnpackedFunction, step: str
) -> None:
    for earlier in rotation_driver.STEPS[: rotation_driver.STEPS.index(step)]:
        assert function.invoke(rotating.event(earlier)).error is None
    ends: list[str | None] = []
    for kill_after in (0.02, 0.06, 0.12, 0.25):
        ends.append(function.invoke(rotating.event(step), kill_after=kill_after).error)
        assert rotating.can_log_in("AWSCURRENT") or rotating.can_log_in("AWSPENDING")
    assert ends[0] == KILLED
    assert set(ends) <= {KILLED, None}
    rotating.check_that_all_steps_end_it(function)
