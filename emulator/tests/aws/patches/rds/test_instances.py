import re
from collections.abc import Callable
from typing import Any

import pytest

from emulator.testing.requests import (
    ACCOUNT_ID,
    cluster_request,
    create_role,
    instance_request,
    serverless_cluster_request,
)
from emulator.tests.aws.requests import Network, Rejection, cluster_of, instance_of, rejection

pytestmark = pytest.mark.emulator

_VALUE, _COMBINATION = "InvalidParameterValue", "InvalidParameterCombination"
_ROLE_NAME = "monitoring-of-instances"
_ROLE = f"arn:aws:iam::{ACCOUNT_ID}:role/{_ROLE_NAME}"
_NO_ROLE = (
    "A MonitoringRoleARN value is required if you specify a MonitoringInterval value other than 0."
)
_NO_INTERVAL = (
    "You must specify a MonitoringInterval value other than 0 when you specify a MonitoringRoleARN "
    "value."
)


@pytest.fixture(scope="module", autouse=True)
def _role(client: Callable[[str], Any]) -> None:  # pyright: ignore[reportUnusedFunction]
    create_role(client("iam"), _ROLE_NAME, "monitoring.rds.amazonaws.com")


@pytest.fixture
def cluster(rds: Any, name: str, network: Network) -> str:
    """Return a serverless cluster in three zones."""
    request = serverless_cluster_request(name, DBSubnetGroupName=network.subnet_group)
    rds.create_db_cluster(**request)
    return name


_ON_CREATE_AND_MODIFY: list[tuple[dict[str, Any], str, str]] = [
    *(
        (
            {"PromotionTier": tier},
            _VALUE,
            f"Invalid promotion tier: {tier}. Must be between 0 and 15.",
        )
        for tier in (-1, 16)
    ),
    (
        {"EnablePerformanceInsights": True, "PerformanceInsightsRetentionPeriod": 30},
        _VALUE,
        "Invalid Performance Insights retention period: 30.",
    ),
    (
        {"MonitoringInterval": 45, "MonitoringRoleArn": _ROLE},
        _VALUE,
        "Invalid monitoring interval: 45. Valid values are 0, 1, 5, 10, 15, 30, 60.",
    ),
    ({"MonitoringInterval": 60}, _COMBINATION, _NO_ROLE),
    ({"MonitoringRoleArn": _ROLE}, _COMBINATION, _NO_INTERVAL),
]
_ON_CREATE: list[tuple[dict[str, Any], str, str]] = [
    *(
        (
            {"DBInstanceIdentifier": identifier},
            _VALUE,
            "The parameter DBInstanceIdentifier is not a valid identifier. Identifiers must begin "
            "with a letter; must contain only ASCII letters, digits, and hyphens; and must not end "
            "with a hyphen or contain two consecutive hyphens.",
        )
        for identifier in ("1st", "a--b", "a-", "a_b", "a" * 64)
    ),
    (
        {"Engine": "aurora-mysql"},
        _COMBINATION,
        "The engine name requested for your DB instance (aurora-mysql) doesn't match the engine "
        "name of your DB cluster (aurora-postgresql).",
    ),
    (
        {"EngineVersion": "17.6"},
        _COMBINATION,
        "The engine version that you requested for your DB instance (17.6) does not match the "
        "engine version of your DB cluster (17.7).",
    ),
    *(
        ({"DBInstanceClass": name}, _VALUE, f"Invalid DB Instance class: {name}")
        for name in ("serverless", "r6g.large", "db.r6g")
    ),
    *(
        (
            {member: value},
            _COMBINATION,
            f"The requested DB Instance will be a member of a DB Cluster. Set {member} for the DB "
            "Cluster.",
        )
        for member, value in {
            "AllocatedStorage": 20,
            "BackupRetentionPeriod": 7,
            "DBName": "trials",
            "MasterUserPassword": "correct-horse",
            "MasterUsername": "platform",
            "PreferredBackupWindow": "03:00-04:00",
            "StorageEncrypted": True,
            "VpcSecurityGroupIds": ["sg-1"],
        }.items()
    ),
]


@pytest.mark.parametrize(
    ("members", "code", "message"), [*_ON_CREATE_AND_MODIFY, *_ON_CREATE], ids=str
)
def test_an_invalid_instance_is_rejected_and_not_created(
    rds: Any, cluster: str, members: dict[str, Any], code: str, message: str
) -> None:
    request = {**instance_request(f"{cluster}-1", cluster), **members}
    assert rejection(rds.create_db_instance, **request) == Rejection(code, message)
    assert cluster_of(rds, cluster)["DBClusterMembers"] == []


@pytest.mark.parametrize(("members", "code", "message"), _ON_CREATE_AND_MODIFY, ids=str)
def test_an_instance_that_aws_rejects_is_rejected_and_not_modified(
    rds: Any, cluster: str, members: dict[str, Any], code: str, message: str
) -> None:
    named = {"DBInstanceIdentifier": f"{cluster}-1"}
    rds.create_db_instance(**instance_request(f"{cluster}-1", cluster))
    before = instance_of(rds, f"{cluster}-1")
    assert rejection(rds.modify_db_instance, **named, **members) == Rejection(code, message)
    assert instance_of(rds, f"{cluster}-1") == before


@pytest.mark.parametrize("operation", ["create", "modify"])
def test_an_unknown_certificate_is_not_found(rds: Any, cluster: str, operation: str) -> None:
    request = instance_request(f"{cluster}-1", cluster)
    if operation == "modify":
        rds.create_db_instance(**request)
        request = {"DBInstanceIdentifier": f"{cluster}-1"}
    call = getattr(rds, f"{operation}_db_instance")
    assert rejection(call, **request, CACertificateIdentifier="rds-ca-2019") == Rejection(
        "CertificateNotFound", "Certificate not found: rds-ca-2019", 404
    )


def test_an_instance_of_a_missing_cluster_is_rejected(rds: Any, name: str) -> None:
    assert rejection(rds.create_db_instance, **instance_request(f"{name}-1", name)) == Rejection(
        "DBClusterNotFoundFault", f"DBCluster {name} not found.", 404
    )


def test_an_instance_without_a_cluster_is_not_implemented(rds: Any, name: str) -> None:
    request = instance_request(name, "none")
    del request["DBClusterIdentifier"]
    assert rejection(rds.create_db_instance, **request) == Rejection(
        "NotImplemented", "the emulated AWS supports only instances of Aurora clusters"
    )


def test_a_serverless_instance_needs_a_scaling_configuration(rds: Any, name: str) -> None:
    rds.create_db_cluster(**cluster_request(name))
    assert rejection(rds.create_db_instance, **instance_request(f"{name}-1", name)) == Rejection(
        "InvalidDBClusterStateFault",
        "Set the Serverless v2 scaling configuration on the parent DB cluster before creating a "
        "Serverless v2 DB instance.",
    )
    provisioned = instance_request(f"{name}-1", name, DBInstanceClass="db.r6g.large")
    assert rds.create_db_instance(**provisioned)["DBInstance"]["DBInstanceClass"] == "db.r6g.large"


def test_an_instance_is_created_once_and_found_in_any_spelling(rds: Any, cluster: str) -> None:
    rds.create_db_instance(**instance_request(f"{cluster}-One", cluster.upper()))
    assert rejection(
        rds.create_db_instance, **instance_request(f"{cluster}-ONE", cluster)
    ) == Rejection("DBInstanceAlreadyExists", "DB instance already exists")
    rds.modify_db_instance(DBInstanceIdentifier=f"{cluster}-ONE", PromotionTier=3)
    instance = instance_of(rds, f"{cluster}-one")
    assert instance["DBInstanceIdentifier"] == f"{cluster}-one"
    assert (instance["DBClusterIdentifier"], instance["PromotionTier"]) == (cluster, 3)
    (member,) = cluster_of(rds, cluster)["DBClusterMembers"]
    assert member["DBInstanceIdentifier"] == f"{cluster}-one"
    rds.delete_db_instance(DBInstanceIdentifier=f"{cluster}-ONE")
    assert cluster_of(rds, cluster)["DBClusterMembers"] == []


def test_a_seventeenth_instance_is_rejected(rds: Any, cluster: str) -> None:
    for number in range(1, 17):
        rds.create_db_instance(**instance_request(f"{cluster}-{number}", cluster))
    request = instance_request(f"{cluster}-17", cluster)
    assert rejection(rds.create_db_instance, **request) == Rejection(
        "InvalidDBClusterStateFault", f"The cluster {cluster} already has 16 instances."
    )
    assert len(cluster_of(rds, cluster)["DBClusterMembers"]) == 16


def test_instances_differ_in_resource_id_and_spread_over_the_zones(rds: Any, cluster: str) -> None:
    for number in range(4):
        rds.create_db_instance(**instance_request(f"{cluster}-{number}", cluster))
    chosen = instance_request(f"{cluster}-4", cluster, AvailabilityZone="us-east-2c")
    rds.create_db_instance(**chosen)
    instances = [instance_of(rds, f"{cluster}-{number}") for number in range(5)]
    assert [instance["AvailabilityZone"][-1] for instance in instances] == ["a", "b", "c", "a", "c"]
    ids = {instance["DbiResourceId"] for instance in instances}
    assert len(ids) == 5
    assert all(re.fullmatch("db-[A-Z0-9]{26}", resource_id) for resource_id in ids)
    assert {instance["CACertificateIdentifier"] for instance in instances} == {"rds-ca-rsa2048-g1"}


def test_an_instance_reads_back_insights_and_what_its_cluster_has(
    rds: Any, kms: Any, name: str, network: Network
) -> None:
    group = network.subnet_group
    rds.create_db_cluster(
        **serverless_cluster_request(
            name,
            DBSubnetGroupName=group,
            Port=6432,
            EnableIAMDatabaseAuthentication=True,
            EnableCloudwatchLogsExports=["postgresql"],
        )
    )
    request = instance_request(f"{name}-1", name, EnablePerformanceInsights=True)
    created = rds.create_db_instance(**request)["DBInstance"]
    assert (created["Endpoint"]["Port"], created["IAMDatabaseAuthenticationEnabled"]) == (
        6432,
        True,
    )
    instance = instance_of(rds, f"{name}-1")
    aws_managed = kms.describe_key(KeyId="alias/aws/rds")["KeyMetadata"]["Arn"]
    assert instance["PerformanceInsightsEnabled"] is True
    assert instance["PerformanceInsightsRetentionPeriod"] == 7
    assert instance["PerformanceInsightsKMSKeyId"] == aws_managed
    assert instance["DBSubnetGroup"]["DBSubnetGroupName"] == group
    assert instance["Endpoint"]["Port"] == 6432
    assert instance["IAMDatabaseAuthenticationEnabled"] is True
    assert instance["EnabledCloudwatchLogsExports"] == ["postgresql"]
    rds.modify_db_cluster(
        DBClusterIdentifier=name,
        ApplyImmediately=True,
        EnableIAMDatabaseAuthentication=False,
        CloudwatchLogsExportConfiguration={"EnableLogTypes": ["instance"]},
    )
    instance = instance_of(rds, f"{name}-1")
    assert instance["IAMDatabaseAuthenticationEnabled"] is False
    assert instance["EnabledCloudwatchLogsExports"] == ["instance", "postgresql"]
    rds.modify_db_cluster(
        DBClusterIdentifier=name, EnableIAMDatabaseAuthentication=True, ApplyImmediately=True
    )
    modified = rds.modify_db_instance(DBInstanceIdentifier=f"{name}-1", PromotionTier=2)
    assert modified["DBInstance"]["IAMDatabaseAuthenticationEnabled"] is True


def test_insights_are_switched_on_and_off(rds: Any, cluster: str) -> None:
    name = f"{cluster}-1"
    rds.create_db_instance(**instance_request(name, cluster))
    assert instance_of(rds, name)["PerformanceInsightsEnabled"] is False
    on = {"EnablePerformanceInsights": True, "PerformanceInsightsRetentionPeriod": 31}
    rds.modify_db_instance(DBInstanceIdentifier=name, **on)
    assert instance_of(rds, name)["PerformanceInsightsRetentionPeriod"] == 31
    rds.modify_db_instance(DBInstanceIdentifier=name, EnablePerformanceInsights=False)
    instance = instance_of(rds, name)
    assert instance["PerformanceInsightsEnabled"] is False
    assert "PerformanceInsightsRetentionPeriod" not in instance
    assert "PerformanceInsightsKMSKeyId" not in instance


def test_switching_monitoring_off_gives_the_role_up(rds: Any, cluster: str) -> None:
    name = f"{cluster}-1"
    monitored = {"MonitoringInterval": 60, "MonitoringRoleArn": _ROLE}
    rds.create_db_instance(**instance_request(name, cluster, **monitored))
    rds.modify_db_instance(DBInstanceIdentifier=name, MonitoringInterval=15)
    instance = instance_of(rds, name)
    assert (instance["MonitoringInterval"], instance["MonitoringRoleArn"]) == (15, _ROLE)
    rds.modify_db_instance(DBInstanceIdentifier=name, MonitoringInterval=0)
    instance = instance_of(rds, name)
    assert instance["MonitoringInterval"] == 0
    assert "MonitoringRoleArn" not in instance


def test_adjacent_windows_do_not_overlap_and_the_instance_can_be_modified(
    rds: Any, name: str, network: Network
) -> None:
    rds.create_db_cluster(
        **serverless_cluster_request(
            name,
            DBSubnetGroupName=network.subnet_group,
            PreferredBackupWindow="03:00-04:00",
            PreferredMaintenanceWindow="sun:04:00-sun:05:00",
        )
    )
    windows = {"PreferredMaintenanceWindow": "sun:04:00-sun:05:00"}
    rds.create_db_instance(**instance_request(f"{name}-1", name, **windows))
    modified = rds.modify_db_instance(DBInstanceIdentifier=f"{name}-1", PromotionTier=2, **windows)
    assert modified["DBInstance"]["PromotionTier"] == 2
    assert rejection(
        rds.modify_db_instance,
        DBInstanceIdentifier=f"{name}-1",
        PreferredMaintenanceWindow="sun:03:30-sun:04:30",
    ) == Rejection(
        "InvalidParameterValue", "The backup window and maintenance window must not overlap."
    )
