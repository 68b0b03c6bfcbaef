"""prod: what protects it, and the steps that lift the protection (docs/runbooks/remove-prod.md)."""

import re
import subprocess
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from pulumi.automation import CommandError, OpType, Stack

from rehearsal import Rehearsal
from tests.engine.plans import RESOURCES, Plan, Step, resources_of
from tests.engine.policy_reports import expected, found, judge

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
    assert resources_of(stack) == [], "the last test destroys it"


@pytest.fixture
def prod(deployed: None, rehearsal: Rehearsal) -> Stack:
    """The stack with its file as it is in the repository, no rotation on its way."""
    stack = rehearsal.stack("prod")
    rehearsal.database(stack).wait_for_first_rotation()
    return stack


def the_cluster(client: Callable[[str], Any]) -> dict[str, Any]:
    (cluster,) = client("rds").describe_db_clusters(DBClusterIdentifier=CLUSTER)["DBClusters"]
    # It is the time of the answer.
    del cluster["LatestRestorableTime"]
    return cluster


def test_prod_has_a_reader_in_another_zone_that_takes_over(
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


def test_what_is_deployed_passes_the_pack_with_the_documented_advice_only(
    prod: Stack, rehearsal: Rehearsal
) -> None:
    code, told = judge(rehearsal, "policy analyze", "prod", "prod")
    assert code == 0, told
    assert found(told, "mandatory") == set()
    assert found(told, "advisory") == expected("prod")


@pytest.mark.parametrize(
    "changes",
    [
        {"kmsKeyId": "alias/shared-database"},
        {"masterUsername": "another_master"},
        {"databaseName": "another"},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_a_change_that_would_replace_the_database_is_refused(
    prod: Stack, rehearsal: Rehearsal, client: Callable[[str], Any], changes: dict[str, str]
) -> None:
    before = the_cluster(client)
    stack = rehearsal.stack("prod", changes)
    plan = Plan()
    with pytest.raises(CommandError, match="protect"):
        stack.preview(on_event=plan.record)
    assert plan.steps["aurora-cluster"] == Step("replace", tuple(changes), tuple(changes))
    with pytest.raises(CommandError, match="protect"):
        stack.up()
    assert the_cluster(client) == before
    rehearsal.stack("prod").up()
    assert the_cluster(client) == before


def test_another_subnet_group_and_name_would_replace_the_database_and_are_refused(
    prod: Stack, rehearsal: Rehearsal, client: Callable[[str], Any]
) -> None:
    before = the_cluster(client)
    stack = rehearsal.stack("prod", {"environment": "staging"})
    plan = Plan()
    with pytest.raises(CommandError, match="protect"):
        stack.preview(on_event=plan.record)
    assert {"clusterIdentifier", "dbSubnetGroupName"} <= set(plan.steps["aurora-cluster"].replacing)
    assert the_cluster(client) == before


def test_destroying_is_refused_and_removes_nothing(prod: Stack, rehearsal: Rehearsal) -> None:
    refused = subprocess.run(
        [rehearsal.launcher, *["destroy", "--yes", "--non-interactive", "--stack", "prod"]],
        capture_output=True,
        text=True,
        check=False,
    )
    assert refused.returncode != 0
    # The engine stops at the first protected resources on its way.
    told = set(re.findall(r'resource ".*::(\S+)" cannot be deleted', refused.stdout))
    assert told
    assert told <= set(PROTECTED)
    assert prod.preview(refresh=True, expect_no_changes=True).change_summary == {
        OpType.SAME: RESOURCES["prod"]
    }


def test_destroying_without_a_preview_keeps_what_holds_or_serves_data(
    prod: Stack, client: Callable[[str], Any]
) -> None:
    before = the_cluster(client)
    with pytest.raises(CommandError, match="protect"):
        prod.destroy()
    assert the_cluster(client) == before
    kept = {row["urn"].rpartition("::")[2] for row in resources_of(prod)}
    assert set(PROTECTED) <= kept
    prod.up()
    assert prod.preview(expect_no_changes=True).change_summary == {OpType.SAME: RESOURCES["prod"]}


def test_aws_refuses_when_only_pulumis_protection_is_lifted(
    prod: Stack, rehearsal: Rehearsal, client: Callable[[str], Any]
) -> None:
    stack = rehearsal.stack("prod", {"protectResources": False})
    assert stack.up().summary.resource_changes == {OpType.SAME: RESOURCES["prod"]}
    plan = Plan()
    with pytest.raises(CommandError):
        stack.destroy(on_event=plan.record)
    assert any("InvalidParameterCombination" in text for text in plan.errors())
    assert the_cluster(client)["Status"] == "available"
    assert stack.up(refresh=True).summary.result == "succeeded", "what was deleted comes back"


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
    assert "DeletedDate" in secret, "it can be restored for 30 days"
