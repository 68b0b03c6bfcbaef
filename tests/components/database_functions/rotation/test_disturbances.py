"""What goes wrong around a rotation: what the function says, and what it leaves as it was."""

from collections.abc import Callable

import pytest

from components.database_functions.database import Database
from components.database_functions.errors import (
    DatabaseUnreachableError,
    LockedOutError,
    LoginRefusedError,
    NotRotatableError,
    RotationError,
    SecretFormatError,
    SecretMismatchError,
    SecretsManagerError,
)
from components.database_functions.rotation.credential import Credential
from components.database_functions.rotation.handler import STEPS
from components.database_functions.rotation.settings import (
    ALTERNATING_USERS,
    SINGLE_USER,
    STRATEGIES,
)
from emulator.postgresql.certificate_authority import ServerCertificateAuthority
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
    """Run the steps that come before one; return the rotation's version."""
    token = bench.secret.stage(new_token())
    for earlier in _ORDER[: _ORDER.index(step)]:
        bench.step(earlier, token)
    return token


def _finish(bench: Bench, token: str) -> None:
    for step in STEPS:
        bench.step(step, token)
    assert bench.secret.holder("AWSCURRENT") == token
    assert bench.opens("AWSCURRENT")


def _labelled(bench: Bench, label: str) -> Credential:
    credential = bench.credential(label)
    assert credential is not None
    return credential


@_DATABASE_STEPS
def test_a_database_that_is_down_stops_a_step_and_nothing_else(step: str) -> None:
    with running_database({}) as own:
        bench = Bench(own, SINGLE_USER)
        token = _before(bench, step)
        own.server.stop()
        with pytest.raises(DatabaseUnreachableError, match=r"did not take a connection for 1 s"):
            bench.step(step, token)
        own.server.start({})
        _finish(bench, token)


@_DATABASE_STEPS
def test_a_server_that_cannot_prove_who_it_is_stops_a_step_and_nothing_else(
    make_bench: MakeBench, step: str
) -> None:
    bench = make_bench()
    token = _before(bench, step)
    with open_folder() as folder:
        other = ServerCertificateAuthority(folder).certificate
        unknown = Database(bench.settings, certificates=other)
        with pytest.raises(DatabaseUnreachableError, match=r" is not who it should be: "):
            bench.step(step, token, database=unknown)
    _finish(bench, token)


def test_a_password_changed_by_hand_is_told_and_changes_nothing(make_bench: MakeBench) -> None:
    bench = make_bench()
    token, current = _before(bench, "setSecret"), _labelled(bench, "AWSCURRENT")
    bench.under_test.server.set_password(current.username, "a-password-that-nobody-has")
    with pytest.raises(LockedOutError) as refused:
        bench.step("setSecret", token)
    assert str(refused.value) == (
        "no version of the secret opens the database: reset the master password of the cluster "
        "(ModifyDBCluster) and put it into the secret as a new version"
    )
    bench.under_test.server.set_password(current.username, current.password)
    assert bench.opens("AWSCURRENT")
    _finish(bench, token)


def test_alternating_users_put_a_password_changed_by_hand_right(make_bench: MakeBench) -> None:
    bench = make_bench(ALTERNATING_USERS)
    bench.rotate()
    user = _labelled(bench, "AWSPREVIOUS").username
    bench.under_test.server.set_password(user, "a-password-that-nobody-has")
    bench.rotate()
    assert _labelled(bench, "AWSCURRENT").username == user
    assert bench.opens("AWSCURRENT")


def test_a_database_that_went_back_in_time_takes_the_previous_password(
    make_bench: MakeBench,
) -> None:
    bench = make_bench()
    bench.rotate()
    previous = _labelled(bench, "AWSPREVIOUS")
    bench.under_test.server.set_password(previous.username, previous.password)
    assert [bench.opens(label) for label in ("AWSCURRENT", "AWSPREVIOUS")] == [False, True]
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
def test_a_rotation_that_was_given_up_before_a_step_is_taken_up_by_the_next(
    make_bench: MakeBench, strategy: str, step: str
) -> None:
    bench = make_bench(strategy)
    given_up = _before(bench, step)
    assert bench.rotate() == given_up
    assert bench.rotate() != given_up
    assert bench.opens("AWSCURRENT")


_SPOILED: dict[str, tuple[dict[str, object], type[RotationError], str]] = {
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
    "three faults": (
        {"password": None, "engine": "mysql", "port": "many"},
        SecretFormatError,
        "the AWSPENDING version is no database secret: password must be a text, engine must be "
        "postgres or aurora-postgresql, port must be a number",
    ),
}


@pytest.mark.parametrize(("spoiled", "error", "says"), _SPOILED.values(), ids=_SPOILED)
def test_a_pending_version_that_is_not_ours_is_refused_and_changes_nothing(
    make_bench: MakeBench, spoiled: dict[str, object], error: type[RotationError], says: str
) -> None:
    bench = make_bench()
    token, pending = _before(bench, "setSecret"), _labelled(bench, "AWSPENDING")
    content = {**pending.content, **spoiled}
    bench.secret.versions[token].value = Credential("", 0, "", "", "", content).dump()
    with pytest.raises(error) as refused:
        bench.step("setSecret", token)
    assert str(refused.value) == says.format(user=pending.username, host=pending.host)
    assert bench.opens("AWSCURRENT")


@pytest.mark.parametrize("text", ["[]", "not JSON: hunter2"])
def test_a_value_that_is_no_json_object_is_not_quoted(make_bench: MakeBench, text: str) -> None:
    bench = make_bench()
    token = _before(bench, "setSecret")
    bench.secret.versions[token].value = text
    with pytest.raises(SecretFormatError) as refused:
        bench.step("setSecret", token)
    assert str(refused.value) == "the AWSPENDING version is not a JSON object"


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
    _not_pending: "version {token} of {secret} is not labelled AWSPENDING",
    _without_value: "the AWSPENDING version has no value: createSecret comes first",
}


@pytest.mark.parametrize(("disturb", "says"), _NOT_DUE.items())
@pytest.mark.parametrize("step", ["setSecret", "finishSecret"])
def test_a_step_that_is_not_due_is_refused(
    make_bench: MakeBench, step: str, disturb: Callable[[Bench, str], None], says: str
) -> None:
    bench = make_bench()
    token = _before(bench, step)
    disturb(bench, token)
    with pytest.raises(NotRotatableError) as refused:
        bench.step(step, token)
    assert str(refused.value) == says.format(secret=SECRET, token=token)


@pytest.mark.parametrize("step", _ORDER)
def test_a_step_of_a_rotation_that_is_done_does_nothing(make_bench: MakeBench, step: str) -> None:
    bench = make_bench()
    token = bench.rotate()
    before = bench.secret.value("AWSCURRENT")
    bench.step(step, token)
    assert (bench.secret.holder("AWSCURRENT"), bench.secret.value("AWSCURRENT")) == (token, before)


@_EACH_STRATEGY
@pytest.mark.parametrize("has_value", [True, False])
def test_a_test_without_a_rotation_passes_with_the_current_value_or_none(
    make_bench: MakeBench, strategy: str, *, has_value: bool
) -> None:
    bench = make_bench(strategy)
    token = bench.secret.stage(new_token())
    bench.secret.versions[token].value = bench.secret.value("AWSCURRENT") if has_value else None
    bench.step("testSecret", token)
    assert bench.opens("AWSCURRENT")


def test_a_version_that_does_not_open_the_database_never_becomes_current(
    make_bench: MakeBench,
) -> None:
    bench = make_bench()
    token, before = _before(bench, "setSecret"), bench.secret.holder("AWSCURRENT")
    for step in ("testSecret", "finishSecret"):
        with pytest.raises(LoginRefusedError, match=r"cannot log in with the AWSPENDING version$"):
            bench.step(step, token)
    assert bench.secret.holder("AWSCURRENT") == before


def test_a_superuser_of_another_database_is_refused(make_bench: MakeBench) -> None:
    bench = make_bench(ALTERNATING_USERS)
    token = _before(bench, "setSecret")
    content = {**bench.under_test.master.content, "host": "db.example.com"}
    elsewhere = Credential("", 0, "", "", "", content)
    bench.stand_in.create(SUPERUSER_SECRET, elsewhere.dump(), new_token())
    with pytest.raises(SecretMismatchError, match=r"^SUPERUSER_SECRET_ARN is for db\.example\.com"):
        bench.step("setSecret", token)
    del bench.stand_in.secrets[SUPERUSER_SECRET]
    with pytest.raises(NotRotatableError, match=r" has no current version$"):
        bench.step("setSecret", token)


def test_a_refusal_of_secrets_manager_is_told_by_its_code(make_bench: MakeBench) -> None:
    bench = make_bench()
    del bench.stand_in.secrets[SECRET]
    with pytest.raises(SecretsManagerError) as refused:
        bench.step("createSecret", new_token())
    assert str(refused.value) == "DescribeSecret: ResourceNotFoundException: as AWS would say"


def test_a_clone_acts_as_its_user_and_leaves_it_what_it_makes(make_bench: MakeBench) -> None:
    bench = make_bench(ALTERNATING_USERS)
    first = _labelled(bench, "AWSCURRENT").username
    with bench.under_test.server.superuser("trials") as connection:
        connection.execute(f"GRANT CREATE ON SCHEMA public TO {first}".encode())
    bench.rotate()
    clone = _labelled(bench, "AWSCURRENT")
    assert clone.username == f"{first}_clone"
    with bench.database().session(clone) as session:
        assert session.run("SELECT session_user, current_user") == [[clone.username, first]]
        session.run(f"CREATE TABLE table_of_{first} (number integer)")
    bench.rotate()
    with bench.database().session(_labelled(bench, "AWSCURRENT")) as session:
        assert session.run("SELECT session_user") == [[first]]
        session.run(f"DROP TABLE table_of_{first}")


def test_a_name_too_long_for_a_clone_is_refused(make_bench: MakeBench) -> None:
    bench = make_bench(ALTERNATING_USERS)
    current = _labelled(bench, "AWSCURRENT").with_login("a" * 60, "x")
    bench.secret.versions[str(bench.secret.holder("AWSCURRENT"))].value = current.dump()
    with pytest.raises(NotRotatableError, match=r" is longer than 63 bytes, PostgreSQL's limit "):
        bench.step("createSecret", bench.secret.stage(new_token()))
