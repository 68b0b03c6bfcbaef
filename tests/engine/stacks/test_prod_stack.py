"""The prod stack: its protection, and its removal as in docs/runbooks/remove-prod.md."""

import re
import subprocess
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from pulumi.automation import CommandError, OpType, Stack

from rehearsal import Rehearsal
from tests.engine.plans import RESOURCES, Plan, resources_of
from tests.engine.policy_reports import expected, found, run_pack

CLUSTER = "prod-aurora-cluster-ue2"
PROTECTED = (
    *("aurora-cluster", "aurora-instance-1", "aurora-instance-2"),
    *("aurora-key", "aurora-password", "aurora-secret", "aurora-secret-version"),
    *("aurora-log-postgresql", "aurora-log-iam-db-auth-error"),
)


@pytest.fixture(scope="module")
def deployed(rehearsal: Rehearsal) -> Iterator[None]:
    stack = rehearsal.stack("prod")
    stack.up()
    yield
    assert resources_of(stack) == [], "the last test destroys the stack"


@pytest.fixture
def prod(deployed: None, rehearsal: Rehearsal) -> Stack:
    """Return the stack as configured by the repository, with no rotation in progress."""
    stack = rehearsal.stack("prod")
    rehearsal.database(stack).wait_for_first_rotation()
    return stack


def the_cluster(client: Callable[[str], Any]) -> dict[str, Any]:
    (cluster,) = client("rds").describe_db_clusters(DBClusterIdentifier=CLUSTER)["DBClusters"]
    # It changes with every response.
    del cluster["LatestRestorableTime"]
    return cluster


def test_prod_has_a_reader_in_another_zone_as_failover_target(
    prod: Stack, client: Callable[[str], Any]
) -> None:
    instances = client("rds").describe_db_instances()["DBInstances"]
    assert [
        (row["DBInstanceIdentifier"], row["PromotionTier"], row["AvailabilityZone"])
        for row in sorted(instances, key=lambda row: row["DBInstanceIdentifier"])
    ] == [(f"{CLUSTER}-1", 0, "us-east-2a"), (f"{CLUSTER}-2", 1, "us-east-2b")]
    cluster = the_cluster(client)
    assert cluster["DeletionProtection"] is True
    assert cluster["BackupRetentionPeriod"] == 30
    assert cluster["ServerlessV2ScalingConfiguration"] == {"MinCapacity": 1, "MaxCapacity": 256}


def test_a_second_preview_and_a_refresh_change_nothing(prod: Stack) -> None:
    drift = prod.preview(refresh=True, expect_no_changes=True)
    assert drift.change_summary == {OpType.SAME: RESOURCES["prod"]}


def test_the_deployed_resources_have_only_the_documented_advisory_violations(
    prod: Stack, rehearsal: Rehearsal
) -> None:
    code, report = run_pack(rehearsal, "policy analyze", "prod", "prod")
    assert code == 0, report
    assert found(report, "mandatory") == set()
    assert found(report, "advisory") == expected("prod")


def test_a_replacement_of_the_database_is_rejected(
    prod: Stack, rehearsal: Rehearsal, client: Callable[[str], Any]
) -> None:
    before = the_cluster(client)
    changes = {
        "databaseName": "another",
        "kmsKeyId": "alias/shared-database",
        "masterUsername": "another_master",
    }
    stack = rehearsal.stack("prod", changes)
    plan = Plan()
    with pytest.raises(CommandError, match="protect"):
        stack.preview(on_event=plan.record)
    step = plan.steps["aurora-cluster"]
    assert (step.operation, set(step.replacing)) == ("replace", set(changes))
    with pytest.raises(CommandError, match="protect"):
        stack.up()
    assert the_cluster(client) == before
    rehearsal.stack("prod").up()
    assert the_cluster(client) == before


def test_a_replacement_by_another_subnet_group_and_name_is_rejected(
    prod: Stack, rehearsal: Rehearsal, client: Callable[[str], Any]
) -> None:
    before = the_cluster(client)
    stack = rehearsal.stack("prod", {"environment": "staging"})
    plan = Plan()
    with pytest.raises(CommandError, match="protect"):
        stack.preview(on_event=plan.record)
    assert {"clusterIdentifier", "dbSubnetGroupName"} <= set(plan.steps["aurora-cluster"].replacing)
    assert the_cluster(client) == before


def test_destroying_is_rejected_and_deletes_nothing(prod: Stack, rehearsal: Rehearsal) -> None:
    done = subprocess.run(
        [rehearsal.launcher, *["destroy", "--yes", "--non-interactive", "--stack", "prod"]],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0
    # The engine reports only the first protected resources that it reaches.
    reported = set(re.findall(r'resource ".*::(\S+)" cannot be deleted', done.stdout))
    assert reported
    assert reported <= set(PROTECTED)
    assert prod.preview(refresh=True, expect_no_changes=True).change_summary == {
        OpType.SAME: RESOURCES["prod"]
    }


def test_destroying_without_a_preview_keeps_everything_that_stores_or_serves_data(
    prod: Stack, client: Callable[[str], Any]
) -> None:
    before = the_cluster(client)
    with pytest.raises(CommandError, match="protect"):
        prod.destroy()
    assert the_cluster(client) == before
    remaining = {row["urn"].rpartition("::")[2] for row in resources_of(prod)}
    assert set(PROTECTED) <= remaining
    prod.up()
    assert prod.preview(expect_no_changes=True).change_summary == {OpType.SAME: RESOURCES["prod"]}


def test_aws_rejects_the_deletion_when_only_pulumis_protection_is_removed(
    prod: Stack, rehearsal: Rehearsal, client: Callable[[str], Any]
) -> None:
    stack = rehearsal.stack("prod", {"protectResources": False})
    assert stack.up().summary.resource_changes == {OpType.SAME: RESOURCES["prod"]}
    plan = Plan()
    with pytest.raises(CommandError):
        stack.destroy(on_event=plan.record)
    assert any("InvalidParameterCombination" in text for text in plan.errors())
    assert the_cluster(client)["Status"] == "available"
    assert stack.up(refresh=True).summary.result == "succeeded", (
        "deleted resources are created again"
    )


def test_the_documented_steps_remove_prod_and_keep_a_final_snapshot(
    prod: Stack, rehearsal: Rehearsal, client: Callable[[str], Any]
) -> None:
    stack = rehearsal.stack("prod", {"protectResources": False, "enableDeletionProtection": False})
    plan = Plan()
    stack.up(on_event=plan.record)
    assert plan.steps["aurora-cluster"].changed == ("deletionProtection",)
    stack.destroy()
    rds = client("rds")
    assert rds.describe_db_clusters()["DBClusters"] == []
    snapshots = rds.describe_db_cluster_snapshots(SnapshotType="manual")["DBClusterSnapshots"]
    assert [row["DBClusterIdentifier"] for row in snapshots].count(CLUSTER) == 1
    secret = client("secretsmanager").describe_secret(SecretId="/prod/rds/aurora/master-password")
    assert "DeletedDate" in secret, "the secret can be restored for 30 days"
