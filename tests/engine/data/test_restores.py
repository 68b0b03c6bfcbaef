"""Restores and clones on the real engine: whole platforms next to the source, which is unchanged."""

import os
import subprocess
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from signal import SIGINT, SIGKILL
from time import sleep
from typing import Any

import pytest
from pulumi.automation import Stack

from rehearsal import Rehearsal
from rehearsal.users import UserAccess
from tests.docs.test_runbooks import blocks
from tests.engine.interruptions import start_and_signal
from tests.engine.plans import Plan, Step, resources_of
from tools.repository import ROOT, read_yaml

RUNBOOK = ROOT / "docs/runbooks/restore.md"
SOURCE, COPY = "origin", "copied"
CLUSTER = f"dev-{SOURCE}-cluster-ue2"
SNAPSHOT = "before-the-mistake"
USERS = {
    "migrations": {"authentication": "iam", "access": "owner"},
    "orders": {"authentication": "password", "access": "readwrite"},
}
INSIGHTS = {
    *("performanceInsightsEnabled", "performanceInsightsKmsKeyId"),
    "performanceInsightsRetentionPeriod",
}
NOTES = "SELECT note FROM notes ORDER BY note"
Configure = Callable[..., Stack]


@pytest.fixture(scope="module")
def configure(rehearsal: Rehearsal) -> Iterator[Configure]:
    """Return a stack with the users; each is removed at the end, the source last."""
    stacks: dict[str, Stack] = {}

    def configured(platform: str, **changes: object) -> Stack:
        stacks[platform] = rehearsal.stack(
            platform, {"platformName": platform, "users": USERS, **changes}, like="dev"
        )
        return stacks[platform]

    yield configured
    for stack in reversed(stacks.values()):
        stack.destroy()
        stack.workspace.remove_stack(stack.name)


@pytest.fixture(scope="module")
def origin(configure: Configure, rehearsal: Rehearsal, client: Callable[[str], Any]) -> datetime:
    """Deploy the source, write rows, take a snapshot, damage the rows; return a time before."""
    stack = configure(SOURCE)
    stack.up()
    for database in rehearsal.logins(stack):
        database.wait_for_first_rotation()
    with rehearsal.database(stack).connect() as master:
        master.execute("SET ROLE trialfinder_owner")
        master.execute("CREATE TABLE notes AS VALUES ('first'), ('second')")
        master.execute("ALTER TABLE notes RENAME column1 TO note")
    client("rds").create_db_cluster_snapshot(
        DBClusterIdentifier=CLUSTER, DBClusterSnapshotIdentifier=SNAPSHOT
    )
    sleep(1.1)
    # Times in requests have whole seconds.
    moment = datetime.now(UTC).replace(microsecond=0)
    sleep(1.1)
    with rehearsal.database(stack).connect() as master:
        master.execute("SET ROLE trialfinder_owner")
        master.execute("DELETE FROM notes WHERE note = 'second'")
    return moment


def notes(rehearsal: Rehearsal, stack: Stack) -> list[str]:
    """Read the notes as the application's user."""
    _, orders = rehearsal.logins(stack)
    orders.wait_for_first_rotation()
    with orders.connect() as connection:
        return [row[0] for row in connection.execute(NOTES)]


def everything_of_the_source(
    rehearsal: Rehearsal, stack: Stack, client: Callable[[str], Any]
) -> dict[str, Any]:
    rds, secrets = client("rds"), client("secretsmanager")
    (cluster,) = rds.describe_db_clusters(DBClusterIdentifier=CLUSTER)["DBClusters"]
    # These two change with time.
    moving = {"LatestRestorableTime", "EarliestRestorableTime"}
    (snapshot,) = rds.describe_db_cluster_snapshots(DBClusterSnapshotIdentifier=SNAPSHOT)[
        "DBClusterSnapshots"
    ]
    with rehearsal.database(stack).connect() as master:
        roles = master.execute("SELECT rolname FROM pg_roles ORDER BY 1").fetchall()
    return {
        "cluster": {key: value for key, value in cluster.items() if key not in moving},
        "snapshot": snapshot,
        "secret": secrets.get_secret_value(SecretId=f"/dev/rds/{SOURCE}/master-password"),
        "roles": roles,
        "notes": notes(rehearsal, stack),
        "state": resources_of(stack),
    }


def changes_of(stack: Stack) -> dict[str, Step]:
    plan = Plan()
    stack.preview(on_event=plan.record)
    return plan.steps


def without_response(found: dict[str, Any]) -> dict[str, Any]:
    found["secret"].pop("ResponseMetadata")
    return found


@pytest.mark.parametrize(
    ("source", "omitted", "rows"),
    [
        pytest.param(
            {"cluster": CLUSTER, "method": "copy-on-write"}, INSIGHTS, ["first"], id="clone"
        ),
        pytest.param(
            {"snapshot": SNAPSHOT},
            {*INSIGHTS, "iamDatabaseAuthenticationEnabled"},
            ["first", "second"],
            id="snapshot",
        ),
    ],
)
def test_a_restored_platform_is_whole_and_its_source_unchanged(
    origin: datetime,
    configure: Configure,
    rehearsal: Rehearsal,
    client: Callable[[str], Any],
    source: dict[str, str],
    omitted: set[str],
    rows: list[str],
) -> None:
    original = configure(SOURCE)
    before = without_response(everything_of_the_source(rehearsal, original, client))
    stack = configure(COPY, restoreFrom=source)
    stack.up()
    plan = Plan()
    stack.up(on_event=plan.record)
    assert plan.steps.keys() == {f"{COPY}-cluster"}, "the provider's known omissions"
    assert set(plan.steps[f"{COPY}-cluster"].changed) == omitted
    assert changes_of(stack) == {}
    assert notes(rehearsal, stack) == rows
    assert rehearsal.users(stack).try_access() == [
        UserAccess("migrations", "migrations", "iam", can_write=True, rows=1),
        UserAccess("orders", "orders_clone", "password", can_write=True, rows=1),
    ]
    for database in rehearsal.logins(stack):
        database.rotate()
        database.log_in()
    assert without_response(everything_of_the_source(rehearsal, original, client)) == before
    # Adding, changing and removing a source changes nothing; the source may be gone.
    for other in ({"snapshot": "gone"}, {"cluster": "cluster-GONE"}, {}):
        live = configure(COPY, restoreFrom=other)
        assert changes_of(live) == {}
    configure(COPY, restoreFrom={"snapshot": "gone"}).destroy()
    with rehearsal.database(original).connect() as master:
        assert master.execute(NOTES).fetchall() == [("first",)]


def test_the_runbook_restores_a_time_beside_the_source(
    origin: datetime, configure: Configure, rehearsal: Rehearsal, tmp_path: Path
) -> None:
    """Its commands are run as they are, with this test's names."""
    original, restored = configure(SOURCE), f"{SOURCE}-restored"
    describe, deploy, compare = (blocks(RUNBOOK, "sh")[number] for number in (2, 3, 4))
    shell = Shell(rehearsal, tmp_path)

    def run(block: str) -> str:
        script = block.replace("prod-aurora-cluster-ue2", CLUSTER).replace("prod", SOURCE)
        return shell.run(script.replace("2026-11-27T09:00:00Z", f"{origin:%Y-%m-%dT%H:%M:%SZ}"))

    try:
        run(describe)
        # A data key of its own: pkg/secrets/cloud/manager.go keeps one that the file already has.
        folder = rehearsal.project.folder
        copied, source = (
            read_yaml(folder / f"Pulumi.{stack}.yaml") for stack in (restored, SOURCE)
        )
        assert (copied.keys() - source.keys(), source.keys() - copied.keys()) == (
            {"encryptionsalt"},
            {"secretsprovider", "encryptedkey"},
        )
        run(deploy)
        stack = Stack.select(restored, original.workspace)
        for database in rehearsal.logins(stack):
            database.wait_for_first_rotation()
        run(compare.splitlines()[0])
        assert notes(rehearsal, stack) == ["first", "second"]
        assert changes_of(stack) == {}
    finally:
        shell.run(f"pulumi destroy --stack {restored}")
        shell.run(f"pulumi stack rm --stack {restored}")


class Shell:
    """Runs a runbook's commands in the rehearsed project; questions are answered with yes.

    Args:
        rehearsal: Its launchers stand in for `pulumi` and `python -m operations`.
        folder: Where the stand-ins are created.
    """

    def __init__(self, rehearsal: Rehearsal, folder: Path) -> None:
        self._project, self._folder = rehearsal.project.folder, folder
        confirmed = r'case "$1" in up|destroy) set -- "$@" --yes --skip-preview;; '
        confirmed += r'stack) [ "$2" != rm ] || set -- "$@" --yes;; esac'
        for name, lines in {
            "pulumi": [confirmed, f'exec "{rehearsal.launcher}" "$@"'],
            "python": ["shift 2", f'exec "{rehearsal.operations}" "$@"'],
        }.items():
            script = folder / name
            script.write_text("\n".join(["#!/bin/sh", *lines]), encoding="utf-8")
            script.chmod(0o755)

    def run(self, script: str) -> str:
        """Run a block and return its output; fail with it if a command fails."""
        done = subprocess.run(
            ["sh", "-e", "-c", script],
            cwd=self._project,
            env={**os.environ, "PATH": f"{self._folder}:{os.environ['PATH']}"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


def test_a_restore_that_is_killed_and_interrupted_continues_to_a_whole_platform(
    origin: datetime, configure: Configure, rehearsal: Rehearsal, client: Callable[[str], Any]
) -> None:
    """As docs/runbooks/restore.md says: a half-restored cluster is deleted, the source is untouched."""
    name, new = "resumed", "dev-resumed-cluster-ue2"
    stack = configure(name, restoreFrom={"cluster": CLUSTER, "method": "copy-on-write"})
    at = r"aws:rds:Cluster \S+ creating"
    assert start_and_signal(rehearsal, name, SIGKILL, at, parallel=1) == -SIGKILL
    stack.cancel()
    stack.refresh(clear_pending_creates=True)
    others = identifiers(client) - {new}
    if new in identifiers(client):
        client("rds").delete_db_cluster(DBClusterIdentifier=new, SkipFinalSnapshot=True)
    for line in (
        r"aws:rds:Cluster \S+ created",
        r"aws:rds:ClusterInstance \S+ creating",
        r"aws:secretsmanager:SecretVersion \S+ created",
        r"aws:lambda:Invocation \S+ creating",
    ):
        start_and_signal(rehearsal, name, SIGINT, line)
    stack.up()
    stack.up()
    assert changes_of(stack) == {}
    assert notes(rehearsal, stack) == ["first"]
    assert identifiers(client) == {*others, new}


def identifiers(client: Callable[[str], Any]) -> set[str]:
    return {
        each["DBClusterIdentifier"] for each in client("rds").describe_db_clusters()["DBClusters"]
    }


def test_a_source_added_to_an_existing_cluster_is_a_message_and_no_change(
    origin: datetime, configure: Configure
) -> None:
    plan = Plan()
    stack = configure(SOURCE, restoreFrom={"snapshot": SNAPSHOT})
    stack.preview(on_event=plan.record)
    assert plan.steps == {}
    message = (
        f"restoreFrom has no effect: it is read when a cluster is created, and {CLUSTER} exists"
    )
    assert f"info: {message}" in plan.diagnostics
    configure(SOURCE)
