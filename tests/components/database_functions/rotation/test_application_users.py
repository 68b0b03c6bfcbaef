"""Creation of an application's user and its clone, and the roles that cannot be cloned."""

import secrets
from collections.abc import Iterator

import pytest

from components.database_functions.errors import (
    LockedOutError,
    NotRotatableError,
    StatementError,
)
from components.database_functions.rotation.handler import STEPS
from components.database_functions.rotation.settings import ALTERNATING_USERS
from tests.components.database_functions.rds_roles import RdsDatabase, administer_roles_as_rds
from tests.components.database_functions.rotation.rotations import (
    SECRET,
    SUPERUSER_SECRET,
    Bench,
    MakeBench,
    new_token,
)
from tools.testing.databases import DatabaseUnderTest, running_database


def _with_current(bench: Bench, username: str) -> None:
    """Replace the secret by one of a user whose password is not set."""
    first = bench.under_test.login(username, secrets.token_urlsafe(24))
    bench.secret = bench.secrets_manager.create(SECRET, first.dump(), new_token())


def _roles(bench: Bench, username: str) -> dict[str, tuple[bool, bool]]:
    """Return whether user and clone may log in and have a password, by name."""
    with bench.under_test.server.superuser() as connection:
        rows = connection.execute(
            "SELECT rolname, rolcanlogin, rolpassword IS NOT NULL FROM pg_authid "
            "WHERE rolname IN (%s, %s)",
            (username, f"{username}_clone"),
        ).fetchall()
    return {name: (may_log_in, has_password) for name, may_log_in, has_password in rows}


def test_on_a_new_database_the_first_rotation_creates_the_user_and_its_clone(
    make_bench: MakeBench,
) -> None:
    bench = make_bench(ALTERNATING_USERS, has_user=False)
    first = bench.credential("AWSCURRENT")
    assert first is not None
    user, clone = first.username, f"{first.username}_clone"
    bench.rotate()
    assert _roles(bench, user) == {user: (True, False), clone: (True, True)}
    assert [bench.can_log_in(label) for label in ("AWSCURRENT", "AWSPREVIOUS")] == [True, False]
    bench.rotate()
    assert _roles(bench, user) == {user: (True, True), clone: (True, True)}
    assert [bench.can_log_in(label) for label in ("AWSCURRENT", "AWSPREVIOUS")] == [True, True]
    assert not bench.database().can_log_in(first), "the password in the state cannot log in"


@pytest.mark.parametrize("role", ["rds_superuser", "rds_iam", "platform", "rdsadmin"])
def test_no_clone_is_created_of_a_group_or_an_administrator(
    make_bench: MakeBench, role: str
) -> None:
    bench = make_bench(ALTERNATING_USERS)
    _with_current(bench, role)
    token = bench.secret.stage(new_token())
    bench.step("createSecret", token)
    with pytest.raises(NotRotatableError) as error:
        bench.step("setSecret", token)
    assert str(error.value) == (
        f"{role} is not a plain login role: it cannot log in, is a superuser, or may create roles"
    )
    assert f"{role}_clone" not in _roles(bench, role)


def test_an_unfinished_rotation_of_the_superuser_does_not_block_the_rotation_of_the_user(
    make_bench: MakeBench,
) -> None:
    bench = make_bench(ALTERNATING_USERS)
    superuser, before = bench.secrets_manager.secrets[SUPERUSER_SECRET], bench.under_test.master
    after = bench.under_test.login(before.username, secrets.token_urlsafe(24))
    pending = superuser.stage(new_token())
    superuser.versions[pending].value = after.dump()
    try:
        bench.under_test.server.set_password(after.username, after.password)
        bench.rotate()
    finally:
        bench.under_test.server.set_password(before.username, before.password)
    assert bench.can_log_in("AWSCURRENT")


def test_a_superuser_that_cannot_log_in_is_reported(make_bench: MakeBench) -> None:
    bench = make_bench(ALTERNATING_USERS)
    wrong = bench.under_test.login(bench.under_test.master.username, "of-somebody-else")
    bench.secrets_manager.create(SUPERUSER_SECRET, wrong.dump(), new_token())
    token = bench.secret.stage(new_token())
    bench.step(next(iter(STEPS)), token)
    with pytest.raises(LockedOutError) as error:
        bench.step("setSecret", token)
    assert str(error.value) == (
        "no version of the secret in SUPERUSER_SECRET_ARN can log in: rotate that secret "
        "first; clients of this one are not affected"
    )
    assert bench.can_log_in("AWSCURRENT")


@pytest.mark.parametrize("suffix", ["", "_clone"])
def test_a_role_that_another_role_created_is_reported_with_the_grant_that_it_lacks(
    make_bench: MakeBench, suffix: str
) -> None:
    """PostgreSQL 16 and later: CREATEROLE manages only roles that it has with ADMIN option."""
    bench = make_bench(ALTERNATING_USERS, has_user=False)
    first = bench.credential("AWSCURRENT")
    assert first is not None
    role = first.username + suffix
    with bench.under_test.server.superuser() as connection:
        connection.execute(f"CREATE ROLE {role} LOGIN".encode())
    token = bench.secret.stage(new_token())
    bench.step("createSecret", token)
    with pytest.raises(NotRotatableError) as refused:
        bench.step("setSecret", token)
    cure = (
        f'GRANT "{role}" TO "{bench.under_test.master.username}" '
        "WITH ADMIN TRUE, INHERIT FALSE, SET FALSE"
    )
    assert str(refused.value) == (
        f"role {role} was created by another role, so {bench.under_test.master.username} cannot "
        f"manage it; as its creator, run: {cure}"
    )
    with bench.under_test.server.superuser() as connection:
        connection.execute(cure.encode())
    bench.step("setSecret", token)
    assert bench.can_log_in("AWSPENDING")


@pytest.fixture(scope="module")
def rds() -> Iterator[DatabaseUnderTest]:
    with running_database({}) as database:
        administer_roles_as_rds(database)
        yield database


@pytest.mark.parametrize("creates", [True, False], ids=["new user", "user of another role"])
def test_users_alternate_where_roles_are_administered_as_on_rds(
    rds: DatabaseUnderTest, creates: bool
) -> None:
    bench = Bench(rds, ALTERNATING_USERS, has_user=not creates)
    database = RdsDatabase(bench.settings, certificates=rds.certificates)
    for _ in range(3):
        token = bench.secret.stage(new_token())
        for step in STEPS:
            bench.step(step, token, database=database)
        assert bench.can_log_in("AWSCURRENT")
    current, previous = (bench.credential(label) for label in ("AWSCURRENT", "AWSPREVIOUS"))
    assert current is not None
    assert previous is not None
    assert current.username == f"{previous.username}_clone"


def test_a_reader_endpoint_in_the_secret_is_reported(make_bench: MakeBench) -> None:
    bench = make_bench()
    current = bench.credential("AWSCURRENT")
    assert current is not None
    token = bench.secret.stage(new_token())
    bench.step("createSecret", token)
    with bench.under_test.server.superuser() as connection:
        connection.execute(
            f"ALTER ROLE {current.username} SET default_transaction_read_only = on".encode()
        )
    with pytest.raises(StatementError) as refused:
        bench.step("setSecret", token)
    assert str(refused.value) == (
        f"{current.host}:5432 is not the writer; store the writer endpoint of the cluster in the "
        "secret: cannot execute ALTER ROLE in a read-only transaction (SQLSTATE 25006)"
    )
