from collections.abc import Callable
from typing import Any

import pytest

from emulator.testing.requests import (
    ACCOUNT_ID,
    cluster_request,
    create_role,
    create_security_group,
    instance_request,
    serverless_cluster_request,
    subnets_of,
)
from emulator.tests.aws.requests import (
    UNKNOWN_KEY,
    Network,
    Rejection,
    cluster_of,
    create_parameter_group,
    instance_of,
    names_of_clusters,
    rejection,
)

pytestmark = pytest.mark.emulator

_UNTRUSTED = Rejection(
    "InvalidParameterValue",
    "IAM role ARN value is invalid or does not include the required permissions for: "
    "ENHANCED_MONITORING",
)
_UNKNOWN_GROUP = "sg-00000000000000000"
_UNKNOWN_ROLE = f"arn:aws:iam::{ACCOUNT_ID}:role/nobody"


def _no_key(name: str) -> Rejection:
    return Rejection(
        "KMSKeyNotAccessibleFault",
        f"The specified KMS key [{name}] does not exist, is not enabled or you do not have "
        "permissions to access it.",
    )


_UNKNOWN: list[tuple[dict[str, Any], Rejection]] = [
    (
        {"DBClusterParameterGroupName": "nowhere"},
        Rejection(
            "DBClusterParameterGroupNotFound", "DBClusterParameterGroup not found: nowhere", 404
        ),
    ),
    (
        {"VpcSecurityGroupIds": [_UNKNOWN_GROUP]},
        Rejection(
            "InvalidParameterValue",
            f"Invalid security group , groupId= {_UNKNOWN_GROUP}, groupName=.",
        ),
    ),
    (
        {"EnablePerformanceInsights": True, "PerformanceInsightsKMSKeyId": UNKNOWN_KEY},
        _no_key(UNKNOWN_KEY),
    ),
    (
        {"ManageMasterUserPassword": True, "MasterUserSecretKmsKeyId": UNKNOWN_KEY},
        _no_key(UNKNOWN_KEY),
    ),
    ({"MonitoringInterval": 60, "MonitoringRoleArn": _UNKNOWN_ROLE}, _UNTRUSTED),
]
_UNKNOWN_ON_CREATE: list[tuple[dict[str, Any], Rejection]] = [
    (
        {"DBSubnetGroupName": "nowhere"},
        Rejection("DBSubnetGroupNotFoundFault", "DB subnet group 'nowhere' does not exist.", 404),
    ),
    ({"StorageEncrypted": True, "KmsKeyId": UNKNOWN_KEY}, _no_key(UNKNOWN_KEY)),
    ({"StorageEncrypted": True, "KmsKeyId": "alias/nowhere"}, _no_key("alias/nowhere")),
]


@pytest.mark.parametrize(("members", "rejected"), [*_UNKNOWN, *_UNKNOWN_ON_CREATE])
def test_a_reference_to_what_does_not_exist_is_rejected(
    rds: Any, name: str, members: dict[str, Any], rejected: Rejection
) -> None:
    request = cluster_request(name, **members)
    if "ManageMasterUserPassword" in members:
        del request["MasterUserPassword"]
    assert rejection(rds.create_db_cluster, **request) == rejected
    assert name not in names_of_clusters(rds)


@pytest.mark.parametrize(("members", "rejected"), _UNKNOWN)
def test_a_change_to_what_does_not_exist_is_rejected(
    rds: Any, name: str, members: dict[str, Any], rejected: Rejection
) -> None:
    rds.create_db_cluster(**cluster_request(name))
    before = cluster_of(rds, name)
    assert rejection(rds.modify_db_cluster, DBClusterIdentifier=name, **members) == rejected
    assert cluster_of(rds, name) == before


@pytest.mark.parametrize(
    ("members", "rejected"),
    [
        (
            {"EnablePerformanceInsights": True, "PerformanceInsightsKMSKeyId": UNKNOWN_KEY},
            _no_key(UNKNOWN_KEY),
        ),
        ({"MonitoringInterval": 60, "MonitoringRoleArn": _UNKNOWN_ROLE}, _UNTRUSTED),
    ],
)
def test_an_instance_that_refers_to_what_does_not_exist_is_rejected(
    rds: Any, name: str, members: dict[str, Any], rejected: Rejection
) -> None:
    rds.create_db_cluster(**serverless_cluster_request(name))
    request = instance_request(f"{name}-1", name)
    assert rejection(rds.create_db_instance, **request, **members) == rejected
    assert cluster_of(rds, name)["DBClusterMembers"] == []
    rds.create_db_instance(**request)
    before = instance_of(rds, f"{name}-1")
    named = {"DBInstanceIdentifier": f"{name}-1"}
    assert rejection(rds.modify_db_instance, **named, **members) == rejected
    assert instance_of(rds, f"{name}-1") == before


def test_an_instance_in_a_subnet_group_that_does_not_exist_is_rejected(rds: Any, name: str) -> None:
    rds.create_db_cluster(**serverless_cluster_request(name))
    request = instance_request(f"{name}-1", name, DBSubnetGroupName="nowhere")
    assert rejection(rds.create_db_instance, **request) == Rejection(
        "DBSubnetGroupNotFoundFault", "DB subnet group 'nowhere' does not exist.", 404
    )
    assert cluster_of(rds, name)["DBClusterMembers"] == []


@pytest.mark.parametrize("way", ["from_snapshot", "to_point_in_time"])
@pytest.mark.parametrize(
    ("members", "rejected"),
    [
        (
            {"DBSubnetGroupName": "nowhere"},
            Rejection(
                "DBSubnetGroupNotFoundFault", "DB subnet group 'nowhere' does not exist.", 404
            ),
        ),
        (
            {"VpcSecurityGroupIds": [_UNKNOWN_GROUP]},
            Rejection(
                "InvalidParameterValue",
                f"Invalid security group , groupId= {_UNKNOWN_GROUP}, groupName=.",
            ),
        ),
    ],
)
def test_a_restore_that_refers_to_what_does_not_exist_is_rejected(
    rds: Any, name: str, way: str, members: dict[str, Any], rejected: Rejection
) -> None:
    rds.create_db_cluster(**cluster_request(name))
    snapshot = f"{name}-snapshot"
    rds.create_db_cluster_snapshot(DBClusterIdentifier=name, DBClusterSnapshotIdentifier=snapshot)
    source: dict[str, Any] = {
        "from_snapshot": {"SnapshotIdentifier": snapshot, "Engine": "aurora-postgresql"},
        "to_point_in_time": {"SourceDBClusterIdentifier": name, "UseLatestRestorableTime": True},
    }[way]
    restore = getattr(rds, f"restore_db_cluster_{way}")
    request = {"DBClusterIdentifier": f"{name}-restored", **source, **members}
    assert rejection(restore, **request) == rejected
    assert f"{name}-restored" not in names_of_clusters(rds)


@pytest.mark.parametrize("way", ["from_snapshot", "to_point_in_time"])
def test_a_backup_is_not_restored_while_its_key_is_not_enabled(
    rds: Any, kms: Any, name: str, way: str
) -> None:
    key = kms.create_key()["KeyMetadata"]["Arn"]
    rds.create_db_cluster(**cluster_request(name, StorageEncrypted=True, KmsKeyId=key))
    snapshot = f"{name}-snapshot"
    rds.create_db_cluster_snapshot(DBClusterIdentifier=name, DBClusterSnapshotIdentifier=snapshot)
    source: dict[str, Any] = {
        "from_snapshot": {"SnapshotIdentifier": snapshot, "Engine": "aurora-postgresql"},
        "to_point_in_time": {"SourceDBClusterIdentifier": name, "UseLatestRestorableTime": True},
    }[way]
    restore = getattr(rds, f"restore_db_cluster_{way}")
    request = {"DBClusterIdentifier": f"{name}-restored", **source}
    inaccessible = Rejection(
        "KMSKeyNotAccessibleFault",
        f"The specified KMS key [{key}] does not exist, is not enabled or you do not have "
        "permissions to access it.",
    )
    kms.schedule_key_deletion(KeyId=key, PendingWindowInDays=7)
    assert rejection(restore, **request) == inaccessible
    kms.cancel_key_deletion(KeyId=key)
    assert rejection(restore, **request) == inaccessible, "a cancelled deletion disables the key"
    kms.enable_key(KeyId=key)
    restore(**request)
    assert f"{name}-restored" in names_of_clusters(rds)


def test_names_are_found_in_any_spelling(rds: Any, name: str, network: Network) -> None:
    group = create_parameter_group(rds, f"{name}-parameters")
    rds.create_db_cluster(
        **cluster_request(
            name,
            DBSubnetGroupName=network.subnet_group.upper(),
            DBClusterParameterGroupName=group.upper(),
        )
    )
    cluster = cluster_of(rds, name)
    assert cluster["DBSubnetGroup"] == network.subnet_group
    assert cluster["DBClusterParameterGroup"] == group


def test_a_security_group_of_another_vpc_is_rejected(
    rds: Any, ec2: Any, name: str, network: Network
) -> None:
    other_vpc = subnets_of(ec2, "second")[0]["VpcId"]
    members = {"VpcSecurityGroupIds": [create_security_group(ec2, name, other_vpc)]}
    rejected = Rejection(
        "InvalidParameterCombination",
        "The DB instance and EC2 security group are in different VPCs. The DB instance is in "
        f"{network.vpc_id} and the EC2 security group is in {other_vpc}",
    )
    request = cluster_request(name, DBSubnetGroupName=network.subnet_group)
    assert rejection(rds.create_db_cluster, **{**request, **members}) == rejected
    rds.create_db_cluster(**request)
    assert rejection(rds.modify_db_cluster, DBClusterIdentifier=name, **members) == rejected


def test_a_parameter_group_of_another_family_is_rejected(rds: Any, name: str) -> None:
    members = {
        "DBClusterParameterGroupName": create_parameter_group(rds, name, "aurora-postgresql16")
    }
    rejected = Rejection(
        "InvalidParameterCombination",
        f"The Parameter Group {name} with DBParameterGroupFamily aurora-postgresql16 can't be used "
        "for this instance. Please use a Parameter Group with DBParameterGroupFamily "
        "aurora-postgresql17",
    )
    assert rejection(rds.create_db_cluster, **cluster_request(name, **members)) == rejected
    rds.create_db_cluster(**cluster_request(name))
    assert rejection(rds.modify_db_cluster, DBClusterIdentifier=name, **members) == rejected
    assert cluster_of(rds, name)["DBClusterParameterGroup"] == "default.aurora-postgresql17"


def test_a_major_upgrade_must_replace_a_custom_parameter_group(rds: Any, name: str) -> None:
    old = create_parameter_group(rds, f"{name}-17")
    new = create_parameter_group(rds, f"{name}-18", "aurora-postgresql18")
    rds.create_db_cluster(**cluster_request(name, DBClusterParameterGroupName=old))
    rds.modify_db_cluster(DBClusterIdentifier=name, BackupRetentionPeriod=2)
    assert cluster_of(rds, name)["DBClusterParameterGroup"] == old
    upgrade = {
        "DBClusterIdentifier": name,
        "EngineVersion": "18.6",
        "AllowMajorVersionUpgrade": True,
        "ApplyImmediately": True,
    }
    assert rejection(rds.modify_db_cluster, **upgrade) == Rejection(
        "InvalidParameterCombination",
        f"The current DB cluster parameter group {old} is custom. You must explicitly specify a "
        "new DB cluster parameter group, either default or custom, for the engine version upgrade.",
    )
    rds.modify_db_cluster(**upgrade, DBClusterParameterGroupName=new)
    assert cluster_of(rds, name)["DBClusterParameterGroup"] == new


def test_the_default_parameter_group_follows_a_major_upgrade(rds: Any, name: str) -> None:
    rds.create_db_cluster(**cluster_request(name))
    assert cluster_of(rds, name)["DBClusterParameterGroup"] == "default.aurora-postgresql17"
    rds.modify_db_cluster(
        DBClusterIdentifier=name,
        EngineVersion="18.6",
        AllowMajorVersionUpgrade=True,
        ApplyImmediately=True,
    )
    assert cluster_of(rds, name)["DBClusterParameterGroup"] == "default.aurora-postgresql18"


@pytest.mark.parametrize("state", ["PendingDeletion", "Disabled"])
def test_a_key_pending_deletion_is_rejected(rds: Any, kms: Any, name: str, state: str) -> None:
    key = kms.create_key()["KeyMetadata"]["Arn"]
    if state == "Disabled":
        kms.disable_key(KeyId=key.rpartition("/")[2])
    else:
        kms.schedule_key_deletion(KeyId=key, PendingWindowInDays=7)
    request = cluster_request(name, StorageEncrypted=True, KmsKeyId=key)
    assert rejection(rds.create_db_cluster, **request) == _no_key(key)


@pytest.mark.parametrize("spelling", ["{id}", "{arn}", "alias/{name}", "{prefix}:alias/{name}"])
def test_the_arn_of_a_key_is_read_back_however_it_was_named(
    rds: Any, kms: Any, name: str, spelling: str
) -> None:
    metadata = kms.create_key()["KeyMetadata"]
    kms.create_alias(AliasName=f"alias/{name}", TargetKeyId=metadata["KeyId"])
    prefix = metadata["Arn"].rpartition(":")[0]
    key = spelling.format(id=metadata["KeyId"], arn=metadata["Arn"], name=name, prefix=prefix)
    rds.create_db_cluster(**serverless_cluster_request(name, StorageEncrypted=True, KmsKeyId=key))
    assert cluster_of(rds, name)["KmsKeyId"] == metadata["Arn"]
    insights = {"EnablePerformanceInsights": True, "PerformanceInsightsKMSKeyId": key}
    rds.create_db_instance(**instance_request(f"{name}-1", name, **insights))
    assert instance_of(rds, f"{name}-1")["PerformanceInsightsKMSKeyId"] == metadata["Arn"]


def test_the_key_that_aws_manages_is_there_without_being_created(
    rds: Any, kms: Any, name: str
) -> None:
    rds.create_db_cluster(**cluster_request(name, StorageEncrypted=True, KmsKeyId="alias/aws/rds"))
    key = kms.describe_key(KeyId="alias/aws/rds")["KeyMetadata"]["Arn"]
    assert cluster_of(rds, name)["KmsKeyId"] == key


def test_a_monitoring_role_that_does_not_trust_the_service_is_rejected(
    rds: Any, client: Callable[[str], Any], name: str
) -> None:
    role = create_role(client("iam"), name, "ecs-tasks.amazonaws.com")
    members = {"MonitoringInterval": 60, "MonitoringRoleArn": role}
    assert rejection(rds.create_db_cluster, **cluster_request(name, **members)) == _UNTRUSTED
    rds.create_db_cluster(**serverless_cluster_request(name))
    request = instance_request(f"{name}-1", name, **members)
    assert rejection(rds.create_db_instance, **request) == _UNTRUSTED


def test_a_monitoring_role_that_trusts_the_service_is_accepted(
    rds: Any, client: Callable[[str], Any], name: str
) -> None:
    role = create_role(client("iam"), name, "monitoring.rds.amazonaws.com")
    members = {"MonitoringInterval": 60, "MonitoringRoleArn": role}
    rds.create_db_cluster(**cluster_request(name, **members))
    assert cluster_of(rds, name)["MonitoringRoleArn"] == role
