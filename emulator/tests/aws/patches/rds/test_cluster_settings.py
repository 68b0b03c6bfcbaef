from collections.abc import Callable
from typing import Any

import pytest

from emulator.testing.requests import (
    ACCOUNT_ID,
    cluster_request,
    create_role,
    create_security_group,
    serverless_cluster_request,
)
from emulator.tests.aws.requests import ADVANCED_INSIGHTS, Network, Rejection, cluster_of, rejection

pytestmark = pytest.mark.emulator


def _aws_managed_key(kms: Any) -> str:
    return kms.describe_key(KeyId="alias/aws/rds")["KeyMetadata"]["Arn"]


def _same_members(cluster: dict[str, Any], expected: dict[str, Any]) -> dict[str, Any]:
    """Return a cluster's values of the members in `expected`; None for missing ones."""
    return {name: cluster.get(name) for name in expected}


def _group_ids(cluster: dict[str, Any]) -> list[str]:
    return [group["VpcSecurityGroupId"] for group in cluster["VpcSecurityGroups"]]


def test_what_was_sent_on_create_is_read_back(
    rds: Any, ec2: Any, kms: Any, client: Callable[[str], Any], name: str, network: Network
) -> None:
    key = kms.create_key()["KeyMetadata"]["Arn"]
    group_id = create_security_group(ec2, name, network.vpc_id)
    kept: dict[str, Any] = {
        "BackupRetentionPeriod": 14,
        "CopyTagsToSnapshot": True,
        "DatabaseName": "trials",
        "DeletionProtection": True,
        "EngineLifecycleSupport": "open-source-rds-extended-support-disabled",
        "KmsKeyId": key,
        "MonitoringInterval": 60,
        "MonitoringRoleArn": create_role(client("iam"), name, "monitoring.rds.amazonaws.com"),
        "NetworkType": "IPV4",
        "PerformanceInsightsKMSKeyId": key,
        "Port": 6432,
        "PreferredBackupWindow": "03:00-04:00",
        "PreferredMaintenanceWindow": "sun:05:00-sun:06:00",
        "StorageEncrypted": True,
        "StorageType": "aurora-iopt1",
    }
    rds.create_db_cluster(
        **cluster_request(
            name,
            DBSubnetGroupName=network.subnet_group,
            EnableCloudwatchLogsExports=["postgresql"],
            EnableHttpEndpoint=True,
            EnableIAMDatabaseAuthentication=True,
            ServerlessV2ScalingConfiguration={"MinCapacity": 0.5, "MaxCapacity": 128},
            VpcSecurityGroupIds=[group_id],
            **ADVANCED_INSIGHTS,
            **kept,
        )
    )
    cluster = cluster_of(rds, name)
    assert _group_ids(cluster) == [group_id]
    expected = {
        **kept,
        "DBSubnetGroup": network.subnet_group,
        "DatabaseInsightsMode": "advanced",
        "EnabledCloudwatchLogsExports": ["postgresql"],
        "HttpEndpointEnabled": True,
        "IAMDatabaseAuthenticationEnabled": True,
        "PerformanceInsightsEnabled": True,
        "PerformanceInsightsRetentionPeriod": 465,
        "ServerlessV2ScalingConfiguration": {"MinCapacity": 0.5, "MaxCapacity": 128.0},
    }
    assert _same_members(cluster, expected) == expected


def test_what_was_not_sent_on_create_has_awss_default(
    rds: Any, ec2: Any, name: str, network: Network
) -> None:
    rds.create_db_cluster(**cluster_request(name, DBSubnetGroupName=network.subnet_group))
    (default,) = ec2.describe_security_groups(
        Filters=[
            {"Name": "vpc-id", "Values": [network.vpc_id]},
            {"Name": "group-name", "Values": ["default"]},
        ]
    )["SecurityGroups"]
    cluster = cluster_of(rds, name)
    assert _group_ids(cluster) == [default["GroupId"]]
    expected = {
        "DatabaseInsightsMode": "standard",
        "EngineLifecycleSupport": "open-source-rds-extended-support",
        "HttpEndpointEnabled": False,
        "IAMDatabaseAuthenticationEnabled": False,
        "KmsKeyId": None,
        "MonitoringInterval": 0,
        "MonitoringRoleArn": None,
        "PerformanceInsightsEnabled": False,
        "PerformanceInsightsKMSKeyId": None,
        "PerformanceInsightsRetentionPeriod": None,
        "StorageEncrypted": False,
        "StorageType": "aurora",
    }
    assert _same_members(cluster, expected) == expected


@pytest.mark.parametrize("storage_type", ["aurora", "aurora-iopt1"])
def test_a_storage_type_of_aurora_is_accepted(rds: Any, name: str, storage_type: str) -> None:
    rds.create_db_cluster(**cluster_request(name, StorageType=storage_type))
    assert cluster_of(rds, name)["StorageType"] == storage_type


def test_encryption_and_insights_use_the_key_that_aws_manages(
    rds: Any, kms: Any, name: str
) -> None:
    encrypted = {"StorageEncrypted": True, "EnablePerformanceInsights": True}
    rds.create_db_cluster(**cluster_request(name, **encrypted))
    key = _aws_managed_key(kms)
    expected = {
        "KmsKeyId": key,
        "PerformanceInsightsKMSKeyId": key,
        "PerformanceInsightsRetentionPeriod": 7,
    }
    assert _same_members(cluster_of(rds, name), expected) == expected


def test_what_was_sent_on_modify_is_read_back(
    rds: Any, kms: Any, client: Callable[[str], Any], name: str
) -> None:
    role = create_role(client("iam"), name, "monitoring.rds.amazonaws.com")
    rds.create_db_cluster(**cluster_request(name, EnableCloudwatchLogsExports=["instance"]))
    answered = rds.modify_db_cluster(
        DBClusterIdentifier=name,
        ApplyImmediately=True,
        CloudwatchLogsExportConfiguration={
            "EnableLogTypes": ["postgresql", "iam-db-auth-error"],
            "DisableLogTypes": ["instance"],
        },
        EnableHttpEndpoint=True,
        EnableIAMDatabaseAuthentication=True,
        MonitoringInterval=30,
        MonitoringRoleArn=role,
        StorageType="aurora-iopt1",
        **ADVANCED_INSIGHTS,
    )["DBCluster"]
    expected = {
        "DatabaseInsightsMode": "advanced",
        "EnabledCloudwatchLogsExports": ["iam-db-auth-error", "postgresql"],
        "HttpEndpointEnabled": True,
        "IAMDatabaseAuthenticationEnabled": True,
        "MonitoringInterval": 30,
        "MonitoringRoleArn": role,
        "PerformanceInsightsEnabled": True,
        "PerformanceInsightsKMSKeyId": _aws_managed_key(kms),
        "PerformanceInsightsRetentionPeriod": 465,
        "StorageType": "aurora-iopt1",
    }
    assert _same_members(answered, expected) == expected
    rds.modify_db_cluster(DBClusterIdentifier=name, BackupRetentionPeriod=2)
    expected["BackupRetentionPeriod"] = 2
    cluster = cluster_of(rds, name)
    assert _same_members(cluster, expected) == expected
    rds.modify_db_cluster(
        DBClusterIdentifier=name,
        ApplyImmediately=True,
        DatabaseInsightsMode="standard",
        EnableIAMDatabaseAuthentication=False,
        EnablePerformanceInsights=False,
        MonitoringInterval=0,
    )
    expected = {
        "DatabaseInsightsMode": "standard",
        "IAMDatabaseAuthenticationEnabled": False,
        "MonitoringInterval": 0,
        "MonitoringRoleArn": None,
        "PerformanceInsightsEnabled": False,
        "PerformanceInsightsKMSKeyId": None,
        "PerformanceInsightsRetentionPeriod": None,
    }
    assert _same_members(cluster_of(rds, name), expected) == expected


@pytest.mark.parametrize(
    ("created", "sent", "read"),
    [
        (
            {"MinCapacity": 0, "MaxCapacity": 8, "SecondsUntilAutoPause": 600},
            {"MaxCapacity": 16},
            {"MinCapacity": 0.0, "MaxCapacity": 16.0, "SecondsUntilAutoPause": 600},
        ),
        (
            {"MinCapacity": 0, "MaxCapacity": 8},
            {"MaxCapacity": 16},
            {"MinCapacity": 0.0, "MaxCapacity": 16.0, "SecondsUntilAutoPause": 300},
        ),
        (
            {"MinCapacity": 0, "MaxCapacity": 8, "SecondsUntilAutoPause": 600},
            {"MinCapacity": 0.5},
            {"MinCapacity": 0.5, "MaxCapacity": 8.0},
        ),
        (
            {"MinCapacity": 2, "MaxCapacity": 8},
            {"MinCapacity": 0, "SecondsUntilAutoPause": 900},
            {"MinCapacity": 0.0, "MaxCapacity": 8.0, "SecondsUntilAutoPause": 900},
        ),
    ],
)
def test_scaling_members_that_are_not_sent_stay(
    rds: Any, name: str, created: dict[str, Any], sent: dict[str, Any], read: dict[str, Any]
) -> None:
    request = serverless_cluster_request(name, ServerlessV2ScalingConfiguration=created)
    rds.create_db_cluster(**request)
    rds.modify_db_cluster(DBClusterIdentifier=name, ServerlessV2ScalingConfiguration=sent)
    assert cluster_of(rds, name)["ServerlessV2ScalingConfiguration"] == read


def test_a_maximum_below_the_minimum_that_the_cluster_has_is_rejected(rds: Any, name: str) -> None:
    scaling = {"MinCapacity": 4, "MaxCapacity": 8}
    rds.create_db_cluster(
        **serverless_cluster_request(name, ServerlessV2ScalingConfiguration=scaling)
    )
    assert rejection(
        rds.modify_db_cluster,
        DBClusterIdentifier=name,
        ServerlessV2ScalingConfiguration={"MaxCapacity": 2},
    ) == Rejection(
        "InvalidParameterCombination",
        "Serverless v2 minimum capacity 4.0 is larger than the maximum capacity 2.0.",
    )
    assert cluster_of(rds, name)["ServerlessV2ScalingConfiguration"] == scaling


def test_the_data_api_is_switched_by_its_own_calls(rds: Any, name: str) -> None:
    rds.create_db_cluster(**cluster_request(name))
    arn = cluster_of(rds, name)["DBClusterArn"]
    for operation, enabled in (("enable", True), ("disable", False)):
        answered = getattr(rds, f"{operation}_http_endpoint")(ResourceArn=arn)
        assert (answered["ResourceArn"], answered["HttpEndpointEnabled"]) == (arn, enabled)
        assert cluster_of(rds, name)["HttpEndpointEnabled"] is enabled


def test_the_data_api_of_a_missing_cluster_is_not_switched(rds: Any, name: str) -> None:
    arn = f"arn:aws:rds:us-east-2:{ACCOUNT_ID}:cluster:{name}"
    assert rejection(rds.enable_http_endpoint, ResourceArn=arn) == Rejection(
        "ResourceNotFoundFault", f"The resource {arn} was not found.", 404
    )
