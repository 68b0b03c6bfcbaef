"""Setups that are interrupted, run twice at once, meet a rotation, or have much to do."""

import json
from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Any

import pytest

from components.database_functions.database import Database, Session
from components.database_functions.errors import LoginRejectedError
from components.database_functions.setup.administrator import MasterUser
from components.database_functions.setup.setup import set_up
from tests.components.database_functions.setup.cluster import SETTINGS, Cluster, declared
from tests.components.database_functions.setup.test_setup import everything
from tools.testing.databases import DATABASE, DatabaseUnderTest
from tools.testing.secrets_manager import InMemorySecretsManager, InMemoryVersion

DECLARATION = declared(
    {
        "migrations": {"access": "owner", "databases": [DATABASE, "billing"]},
        "web": {"authentication": "iam", "access": "readwrite"},
    },
    {DATABASE: {"schemas": ["app"], "extensions": ["pgcrypto"]}, "billing": {}},
)
MASTER_SECRET = SETTINGS.master_secret_arn


class KilledError(Exception):
    """The process ended here."""


@dataclass
class Interrupted:
    """Sessions of a process that is killed before a statement."""

    cluster: Cluster
    survives: int
    statements: Any = field(default_factory=lambda: count(1))

    @contextmanager
    def session(self, database: str = "") -> Generator[Session]:
        with self.cluster.session(database) as session:
            run = session.run

            def counted(sql: str, **parameters: object) -> list[Any]:
                if next(self.statements) > self.survives:
                    raise KilledError
                return run(sql, **parameters)

            session.run = counted  # pyright: ignore[reportAttributeAccessIssue]
            yield session


def test_a_setup_that_is_killed_at_any_statement_is_completed_by_the_next(cluster: Cluster) -> None:
    """Most statements change nothing, or nothing yet: a state is completed once."""
    cluster.apply(DECLARATION)
    expected = set(everything(cluster))
    cluster.clean()
    untouched = set(everything(cluster))
    survives, left = 0, [expected]
    while True:
        try:
            set_up(DECLARATION, Interrupted(cluster, survives), lock_limit=5, dry_run=False)
        except KilledError:
            state = set(everything(cluster))
            if state not in left:
                left.append(state)
                cluster.apply(DECLARATION)
                differing = set(everything(cluster)) ^ expected
                assert differing == set(), f"killed after {survives} statements"
                assert cluster.apply(DECLARATION).changed == []
            if state != untouched:
                cluster.clean()
            survives += 1
        else:
            break
    assert survives > 50
    # What is declared, nothing, and what each of the first four transactions leaves.
    assert len(left) == 6


def test_two_setups_at_once_end_in_what_is_declared(cluster: Cluster) -> None:
    with ThreadPoolExecutor(2) as threads:
        first, second = threads.map(cluster.apply, [DECLARATION, DECLARATION])
    assert sorted(bool(report.changed) for report in (first, second)) == [False, True]
    assert cluster.apply(DECLARATION).changed == []


def test_two_hundred_users_are_set_up_and_checked(cluster: Cluster) -> None:
    users = {f"user{number}": {"authentication": "iam"} for number in range(200)}
    declaration = declared(users)
    cluster.apply(declaration)
    assert cluster.apply(declaration).changed == []
    (members,) = cluster.run(
        "SELECT count(*) FROM pg_auth_members WHERE roleid = 'trials_readonly'::regrole"
    )
    # The master user administers the role that it created.
    assert members == (201,)


@pytest.fixture
def secrets(running: Cluster) -> InMemorySecretsManager:
    manager = InMemorySecretsManager()
    manager.create(MASTER_SECRET, running.running.master.dump(), "first")
    return manager


def master_user(secrets: InMemorySecretsManager, running: DatabaseUnderTest) -> MasterUser:
    database = Database(SETTINGS, certificates=running.certificates)
    return MasterUser(secrets, MASTER_SECRET, database, 2)


def test_a_setup_logs_in_with_the_pending_password_of_a_rotation(
    secrets: InMemorySecretsManager, cluster: Cluster
) -> None:
    """Between setSecret and finishSecret, AWSCURRENT has a password that no longer works."""
    running = cluster.running
    versions = secrets.secrets[MASTER_SECRET].versions
    outdated = {**json.loads(running.master.dump()), "password": "of-yesterday"}
    versions["first"].labels = {"AWSPENDING"}
    versions["old"] = InMemoryVersion(json.dumps(outdated), {"AWSCURRENT"})
    set_up(declared(), master_user(secrets, running), lock_limit=5, dry_run=False)
    assert cluster.apply(declared()).changed == []


def test_a_secret_that_cannot_log_in_is_reported_without_its_value(
    secrets: InMemorySecretsManager, cluster: Cluster
) -> None:
    running = replace(cluster.running, master_password="wrong")
    versions = secrets.secrets[MASTER_SECRET].versions
    versions["first"].value = running.master.dump()
    with pytest.raises(LoginRejectedError) as failed:
        set_up(declared(), master_user(secrets, running), lock_limit=5, dry_run=False)
    assert str(failed.value) == f"no version of {MASTER_SECRET} can log in to the database"
