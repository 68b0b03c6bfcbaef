"""Restored clusters: what they have from their source, and what from the request."""

from typing import Any

import pytest

from emulator.testing.requests import create_security_group, serverless_cluster_request
from emulator.tests.aws.requests import Network, rejection

pytestmark = pytest.mark.emulator


def snapshot_of(rds: Any, name: str) -> dict[str, Any]:
    return rds.create_db_cluster_snapshot(
        DBClusterIdentifier=name, DBClusterSnapshotIdentifier=f"{name}-snapshot"
    )["DBClusterSnapshot"]


@pytest.mark.parametrize("way", ["from_snapshot", "to_point_in_time"])
def test_what_is_not_sent_has_the_default_and_not_the_sources_value(
    rds: Any, ec2: Any, name: str, network: Network, way: str
) -> None:
    group = create_security_group(ec2, name, network.vpc_id)
    rds.create_db_cluster(
        **serverless_cluster_request(
            name,
            DBSubnetGroupName=network.subnet_group,
            VpcSecurityGroupIds=[group],
            DeletionProtection=True,
            EnableIAMDatabaseAuthentication=True,
            CopyTagsToSnapshot=True,
            EnableCloudwatchLogsExports=["postgresql"],
            Tags=[{"Key": "Environment", "Value": "prod"}],
        )
    )
    source: dict[str, Any] = {
        "from_snapshot": {
            "SnapshotIdentifier": snapshot_of(rds, name)["DBClusterSnapshotIdentifier"],
            "Engine": "aurora-postgresql",
        },
        "to_point_in_time": {"SourceDBClusterIdentifier": name, "UseLatestRestorableTime": True},
    }[way]
    restored = getattr(rds, f"restore_db_cluster_{way}")(
        DBClusterIdentifier=f"{name}-then",
        DBSubnetGroupName=network.subnet_group,
        VpcSecurityGroupIds=[group],
        Tags=[{"Key": "drill", "Value": "restore"}],
        **source,
    )["DBCluster"]
    expected = {
        "DBClusterParameterGroup": "default.aurora-postgresql17",
        "DeletionProtection": False,
        "IAMDatabaseAuthenticationEnabled": False,
        "CopyTagsToSnapshot": False,
        "TagList": [{"Key": "drill", "Value": "restore"}],
        "DBSubnetGroup": network.subnet_group,
    }
    assert {key: restored[key] for key in expected} == expected
    assert restored.get("EnabledCloudwatchLogsExports", []) == []
    assert [each["VpcSecurityGroupId"] for each in restored["VpcSecurityGroups"]] == [group]
    (left,) = rds.describe_db_clusters(DBClusterIdentifier=name)["DBClusters"]
    assert left["DeletionProtection"] is True
    assert left["TagList"] == [{"Key": "Environment", "Value": "prod"}]


def test_a_snapshot_is_not_restored_with_an_earlier_version(rds: Any, name: str) -> None:
    rds.create_db_cluster(**serverless_cluster_request(name, EngineVersion="17.7"))
    rejected = rejection(
        rds.restore_db_cluster_from_snapshot,
        DBClusterIdentifier=f"{name}-then",
        SnapshotIdentifier=snapshot_of(rds, name)["DBClusterSnapshotIdentifier"],
        Engine="aurora-postgresql",
        EngineVersion="17.5",
    )
    assert rejected.code == "InvalidParameterCombination"


def test_a_backup_is_encrypted_with_the_key_that_is_sent(rds: Any, kms: Any, name: str) -> None:
    first, second = (kms.create_key()["KeyMetadata"]["Arn"] for _ in range(2))
    request = serverless_cluster_request(name, StorageEncrypted=True, KmsKeyId=first)
    rds.create_db_cluster(**request)
    restored = rds.restore_db_cluster_from_snapshot(
        DBClusterIdentifier=f"{name}-then",
        SnapshotIdentifier=snapshot_of(rds, name)["DBClusterSnapshotIdentifier"],
        Engine="aurora-postgresql",
        KmsKeyId=second,
    )["DBCluster"]
    clone = rds.restore_db_cluster_to_point_in_time(
        DBClusterIdentifier=f"{name}-clone",
        SourceDBClusterIdentifier=name,
        RestoreType="copy-on-write",
        UseLatestRestorableTime=True,
        KmsKeyId=second,
    )["DBCluster"]
    assert (restored["KmsKeyId"], clone["KmsKeyId"]) == (second, second)
