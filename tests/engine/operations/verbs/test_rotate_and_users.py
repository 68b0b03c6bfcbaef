"""`rotate` and `users`: what they change, and when."""

import json
import re

import pytest

from operations.checks.catalogue import checks
from tests.engine.operations.conftest import Command
from tests.operations.defects.deployed import CLUSTER, Deployed


def test_a_rotation_needs_apply_and_is_followed_to_its_end(
    command: Command, deployed: Deployed
) -> None:
    before = deployed.stages()["AWSCURRENT"]
    refused = command("rotate")
    assert (refused.code, refused.out) == (3, "")
    assert refused.err == (
        f"operations: this command rotates the master password of {CLUSTER} now; new logins with "
        "the old one are refused; free of charge, usually under a minute. Repeat it with --apply\n"
    )
    assert deployed.stages()["AWSCURRENT"] == before
    rotated = command("rotate", "--apply", "--json")
    after = deployed.stages()
    assert (rotated.code, rotated.json["summary"]["currentVersion"]) == (0, after["AWSCURRENT"])
    assert after["AWSPREVIOUS"] == before
    assert command("verify", "--only", "secrets").code == 0


def test_an_unfinished_rotation_is_completed(command: Command, deployed: Deployed) -> None:
    assert command("rotate", "unstick").err == "nothing to do: no rotation is unfinished\n"
    secrets = deployed.client("secretsmanager")
    content = json.loads(secrets.get_secret_value(SecretId=deployed.secret)["SecretString"])
    pending = secrets.put_secret_value(
        SecretId=deployed.secret,
        SecretString=json.dumps({**content, "password": "never-set-in-the-database-before"}),
        VersionStages=["AWSPENDING"],
    )["VersionId"]
    assert command("rotate", "status", "--json").json["summary"]["unfinishedVersion"] == pending
    assert command("rotate", "unstick").code == 3
    assert command("rotate", "unstick", "--apply").code == 0
    assert deployed.stages()["AWSCURRENT"] == pending
    assert command("verify", "--only", "login-current").code == 0


def test_the_application_secret_must_exist(command: Command) -> None:
    ended = command("rotate", "--secret", "application", "--apply")
    assert ended.code == 2
    assert ended.err == (
        "operations: --secret application: stack dev has no such secret; it has master\n"
    )


def test_users_are_compared_with_their_declaration_and_repaired(
    command: Command, deployed: Deployed
) -> None:
    assert command("users").out == "databases and users are as declared\n"
    with deployed.superuser() as connection:
        connection.execute("ALTER ROLE trialfinder_app SET lock_timeout = '1h'")
    found = command("users")
    assert (found.code, found.out) == (
        1,
        "differs   user trialfinder_app: lock_timeout = 10s\n",
    )
    assert found.err == (
        "operations: databases or users differ from their declaration. Repeat it with --apply\n"
    )
    repaired = command("users", "--apply")
    assert (repaired.code, repaired.out) == (
        0,
        "repaired  user trialfinder_app: lock_timeout = 10s\n",
    )
    assert command("users", "--json").json["summary"] == {
        "changed": [],
        "warnings": [],
        "remaining": [],
    }


@pytest.mark.parametrize(
    "statement",
    [
        "ALTER ROLE trialfinder_app NOLOGIN",
        "GRANT trialfinder_owner TO trialfinder_app GRANTED BY aurora_master",
        "REVOKE trialfinder_readwrite FROM trialfinder_app GRANTED BY aurora_master",
    ],
)
def test_the_remedy_of_a_user_that_differs_repairs_it(
    command: Command, deployed: Deployed, statement: str
) -> None:
    (check,) = [each for each in checks() if each.id == "users-declared"]
    remedy = re.search(r"`python -m operations (.+?)`", check.remedy)
    with deployed.superuser() as connection:
        connection.execute(statement.encode())
    try:
        assert command("verify", "--only", "users").code == 1
        assert remedy is not None
        assert command(*remedy[1].split()).code == 0
        assert command("verify", "--only", "users").code == 0
    finally:
        command("users", "--apply")
