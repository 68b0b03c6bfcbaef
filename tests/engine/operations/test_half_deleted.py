"""A stack without its instance, secret, log group and topic: clear sentences, no traceback."""

from collections.abc import Iterator

import pytest
from pulumi.automation import Stack

from tests.engine.operations.conftest import Command
from tests.operations.defects.credentials import restore_secret
from tests.operations.defects.deployed import CLUSTER, Deployed
from tests.operations.defects.table import DELETIONS


@pytest.fixture(scope="module")
def half_deleted(dev: Stack, deployed: Deployed) -> Iterator[Deployed]:
    """Delete all of them; afterwards do what the remedies of `verify` say."""
    for delete in DELETIONS:
        delete(deployed)
    yield deployed
    restore_secret(deployed)
    dev.up(refresh=True)


def test_verify_fails_what_is_gone_and_runs_the_remaining_checks(
    command: Command, half_deleted: Deployed
) -> None:
    ended = command("verify", "--json")
    by_result: dict[str, set[str]] = {}
    for each in ended.json["checks"]:
        by_result.setdefault(each["result"], set()).add(each["id"])
    assert ended.code == 1
    assert by_result["failed"] == {
        *("instances-available", "secret-present", "log-groups", "logs-received"),
        "alarm-recipients",
    }
    assert by_result["unknown"] == {
        *("tls-refused-without", "secret-format", "login-current", "login-superseded"),
        *("parameters-in-force", "parameters-pending", "master-without-iam", "users-declared"),
    }
    assert len(by_result["passed"]) == 41
    reasons = {each["evidence"] for each in ended.json["checks"] if each["result"] == "unknown"}
    assert reasons == {in_recovery(half_deleted)}


def in_recovery(deployed: Deployed) -> str:
    arn = deployed.secret
    return (
        f"the secret {arn.rpartition(':')[2]} is scheduled for deletion: restore it with "
        f"`aws secretsmanager restore-secret --secret-id {arn}`"
    )


def test_status_says_what_is_missing(command: Command, half_deleted: Deployed) -> None:
    ended = command("status")
    lines = [line.rstrip() for line in ended.out.splitlines()]
    assert ended.code == 0
    assert lines[1] == "no instances: nothing can connect"
    assert "rotation     the secret is scheduled for deletion" in lines


@pytest.mark.parametrize(
    ("verb", "code"),
    [
        *((verb, 2) for verb in ("inspect locks", "upgrade check", "rotate --apply")),
        *((verb, 2) for verb in ("rotate unstick", "connect --user master --print url")),
        *((verb, 2) for verb in ("drill restore --apply", "drill scaling --apply")),
        ("rotate status", 1),
    ],
)
def test_a_verb_that_needs_the_secret_says_how_to_restore_it(
    command: Command, half_deleted: Deployed, verb: str, code: int
) -> None:
    ended = command(*verb.split())
    assert ended.code == code
    assert ended.err == f"operations: {in_recovery(half_deleted)}\n"


def test_no_drill_creates_a_cluster(command: Command, half_deleted: Deployed) -> None:
    command("drill", "restore", "--apply")
    clusters = half_deleted.client("rds").describe_db_clusters()["DBClusters"]
    assert [each["DBClusterIdentifier"] for each in clusters] == [CLUSTER]


def test_users_quotes_the_function(command: Command, half_deleted: Deployed) -> None:
    ended = command("users")
    assert (ended.code, ended.out) == (2, "")
    assert "marked for deletion" in ended.err
    assert "Traceback" not in ended.err


def test_a_report_contains_the_other_parts(
    command: Command, half_deleted: Deployed, tmp_path: object
) -> None:
    ended = command("report", "--file", f"{tmp_path}/ticket.zip")
    assert ended.code == 2
    assert [line for line in ended.err.splitlines() if not line.startswith("reading ")] == [
        f"parameters.json: {in_recovery(half_deleted)}",
        "postgresql-log.json: logs:FilterLogEvents: ResourceNotFoundException: The specified log "
        "group does not exist.",
    ]


def test_without_an_instance_the_database_cannot_be_reached(
    command: Command, half_deleted: Deployed
) -> None:
    restore_secret(half_deleted)
    try:
        ended = command("inspect", "locks")
    finally:
        half_deleted.client("secretsmanager").delete_secret(SecretId=half_deleted.secret)
    assert ended.code == 2
    assert "cannot be reached from here" in ended.err
