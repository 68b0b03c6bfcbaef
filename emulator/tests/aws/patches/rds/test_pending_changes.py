"""Changes of a cluster that wait for its maintenance window."""

from typing import Any

import pytest

from emulator.testing.requests import serverless_cluster_request

pytestmark = pytest.mark.emulator


def seen(rds: Any, name: str) -> dict[str, Any]:
    (cluster,) = rds.describe_db_clusters(DBClusterIdentifier=name)["DBClusters"]
    members = ("EngineVersion", "IAMDatabaseAuthenticationEnabled", "StorageType")
    return {
        **{member: cluster.get(member) for member in members},
        "waiting": cluster.get("PendingModifiedValues", {}),
    }


@pytest.mark.parametrize(
    ("sent", "waiting"),
    [
        ({"EngineVersion": "17.9"}, {"EngineVersion": "17.9"}),
        (
            {"EnableIAMDatabaseAuthentication": True},
            {"IAMDatabaseAuthenticationEnabled": True},
        ),
        ({"StorageType": "aurora-iopt1"}, {"StorageType": "aurora-iopt1"}),
    ],
    ids=["version", "IAM", "storage"],
)
def test_a_change_waits_for_the_window_unless_it_is_made_at_once(
    rds: Any, name: str, sent: dict[str, Any], waiting: dict[str, Any]
) -> None:
    rds.create_db_cluster(**serverless_cluster_request(name))
    before = seen(rds, name)
    assert before["waiting"] == {}
    answered = rds.modify_db_cluster(DBClusterIdentifier=name, **sent)["DBCluster"]
    assert answered["PendingModifiedValues"] == waiting
    assert seen(rds, name) == {**before, "waiting": waiting}
    # Other settings change at once; pending changes stay pending.
    rds.modify_db_cluster(DBClusterIdentifier=name, BackupRetentionPeriod=9)
    assert seen(rds, name)["waiting"] == waiting
    rds.modify_db_cluster(DBClusterIdentifier=name, ApplyImmediately=True)
    assert seen(rds, name) == {**before, **waiting}


def test_the_parameter_group_of_a_version_waits_with_it(rds: Any, name: str) -> None:
    """Therefore the old group cannot be deleted yet."""
    for number in (17, 18):
        rds.create_db_cluster_parameter_group(
            DBClusterParameterGroupName=f"{name}-{number}",
            DBParameterGroupFamily=f"aurora-postgresql{number}",
            Description="Of a test",
        )
    rds.create_db_cluster(
        **serverless_cluster_request(name, DBClusterParameterGroupName=f"{name}-17")
    )
    (target,) = rds.describe_db_engine_versions(
        Engine="aurora-postgresql", DBParameterGroupFamily="aurora-postgresql18", DefaultOnly=True
    )["DBEngineVersions"]
    rds.modify_db_cluster(
        DBClusterIdentifier=name,
        EngineVersion=target["EngineVersion"],
        AllowMajorVersionUpgrade=True,
        DBClusterParameterGroupName=f"{name}-18",
    )
    (cluster,) = rds.describe_db_clusters(DBClusterIdentifier=name)["DBClusters"]
    assert cluster["DBClusterParameterGroup"] == f"{name}-17"
    assert cluster["PendingModifiedValues"] == {"EngineVersion": target["EngineVersion"]}
