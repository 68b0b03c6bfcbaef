from typing import Any

import pytest

from emulator.testing.requests import (
    instance_request,
    serverless_cluster_request,
    subnet_group_request,
    subnets_of,
)
from emulator.tests.aws.requests import Network, Rejection, instance_of, rejection

pytestmark = pytest.mark.emulator

_UNKNOWN = "subnet-00000000000000000"


def _group(rds: Any, name: str) -> dict[str, Any]:
    (group,) = rds.describe_db_subnet_groups(DBSubnetGroupName=name)["DBSubnetGroups"]
    return group


def _subnet_ids(rds: Any, name: str) -> set[str]:
    return {subnet["SubnetIdentifier"] for subnet in _group(rds, name)["Subnets"]}


def test_a_second_group_of_the_same_name_is_rejected(rds: Any, network: Network) -> None:
    name = network.subnet_group.upper()
    request = subnet_group_request(name, *network.subnet_ids[:2])
    assert rejection(rds.create_db_subnet_group, **request) == Rejection(
        "DBSubnetGroupAlreadyExists", f"The DB subnet group '{name}' already exists."
    )
    assert _subnet_ids(rds, name) == set(network.subnet_ids)


@pytest.mark.parametrize("operation", ["create_db_subnet_group", "modify_db_subnet_group"])
@pytest.mark.parametrize("case", ["one zone", "one subnet", "two VPCs", "unknown subnet"])
def test_invalid_subnets_are_rejected_on_create_and_modify(
    rds: Any, ec2: Any, network: Network, name: str, operation: str, case: str
) -> None:
    a, b, _ = network.subnet_ids
    zone = {"Name": "availability-zone", "Values": ["us-east-2a"]}
    vpc = {"Name": "vpc-id", "Values": [network.vpc_id]}
    in_a = [subnet["SubnetId"] for subnet in ec2.describe_subnets(Filters=[zone, vpc])["Subnets"]]
    too_few = Rejection(
        "DBSubnetGroupDoesNotCoverEnoughAZs",
        "The DB subnet group doesn't meet Availability Zone (AZ) coverage requirement. Current AZ "
        "coverage: us-east-2a. Add subnets to cover at least 2 AZs.",
    )
    elsewhere = subnets_of(ec2, "second")[1]["SubnetId"]
    subnet_ids, rejected = {
        "one zone": (in_a, too_few),
        "one subnet": ([a], too_few),
        "two VPCs": (
            [a, elsewhere],
            Rejection("InvalidSubnet", "The specified subnets are not all in the same VPC."),
        ),
        "unknown subnet": (
            [a, b, _UNKNOWN],
            Rejection("InvalidSubnet", f"Some input subnets in :[{_UNKNOWN}] are invalid."),
        ),
    }[case]
    group = f"{name}-new" if operation.startswith("create") else network.subnet_group
    request = subnet_group_request(group, *subnet_ids)
    assert rejection(getattr(rds, operation), **request) == rejected
    names = [
        item["DBSubnetGroupName"] for item in rds.describe_db_subnet_groups()["DBSubnetGroups"]
    ]
    assert f"{name}-new" not in names
    assert _subnet_ids(rds, network.subnet_group) == set(network.subnet_ids)


def test_a_modified_group_is_still_there_with_its_new_subnets(rds: Any, network: Network) -> None:
    kept = network.subnet_ids[:2]
    answered = rds.modify_db_subnet_group(
        DBSubnetGroupName=network.subnet_group.upper(),
        DBSubnetGroupDescription="Two zones",
        SubnetIds=list(kept),
    )["DBSubnetGroup"]
    group = _group(rds, network.subnet_group)
    assert answered == group
    assert _subnet_ids(rds, network.subnet_group) == set(kept)
    assert group["DBSubnetGroupDescription"] == "Two zones"
    assert group["VpcId"] == network.vpc_id
    rds.modify_db_subnet_group(
        DBSubnetGroupName=network.subnet_group, SubnetIds=list(network.subnet_ids)
    )
    assert _group(rds, network.subnet_group)["DBSubnetGroupDescription"] == "Two zones"


def test_a_group_stays_in_its_vpc(rds: Any, ec2: Any, network: Network) -> None:
    elsewhere = [subnet["SubnetId"] for subnet in subnets_of(ec2, "second")]
    request = subnet_group_request(network.subnet_group, *elsewhere)
    assert rejection(rds.modify_db_subnet_group, **request) == Rejection(
        "InvalidSubnet", "The new Subnets are not in the same Vpc as the existing subnet group"
    )
    assert _subnet_ids(rds, network.subnet_group) == set(network.subnet_ids)


def test_a_missing_group_is_not_modified(rds: Any, network: Network, name: str) -> None:
    request = subnet_group_request(f"{name}-missing", *network.subnet_ids)
    assert rejection(rds.modify_db_subnet_group, **request) == Rejection(
        "DBSubnetGroupNotFoundFault", f"DB subnet group '{name}-missing' does not exist.", 404
    )


def test_the_zone_of_an_instance_stays_in_its_group(rds: Any, network: Network, name: str) -> None:
    rds.create_db_cluster(
        **serverless_cluster_request(name, DBSubnetGroupName=network.subnet_group)
    )
    rds.create_db_instance(**instance_request(f"{name}-1", name, AvailabilityZone="us-east-2c"))
    request = {"DBSubnetGroupName": network.subnet_group, "SubnetIds": network.subnet_ids[:2]}
    assert rejection(rds.modify_db_subnet_group, **request) == Rejection(
        "SubnetAlreadyInUse", f"Subnets in use by {name}-1 cannot be removed."
    )
    assert _subnet_ids(rds, network.subnet_group) == set(network.subnet_ids)
    others = {"DBSubnetGroupName": network.subnet_group, "SubnetIds": network.subnet_ids[1:]}
    rds.modify_db_subnet_group(**others)
    assert instance_of(rds, f"{name}-1")["AvailabilityZone"] == "us-east-2c"


def test_a_group_in_use_is_not_deleted(rds: Any, network: Network, name: str) -> None:
    rds.create_db_cluster(
        **serverless_cluster_request(name, DBSubnetGroupName=network.subnet_group)
    )
    group = {"DBSubnetGroupName": network.subnet_group}
    assert rejection(rds.delete_db_subnet_group, **group) == Rejection(
        "InvalidDBSubnetGroupStateFault",
        f"Cannot delete the subnet group '{network.subnet_group}' because at least one database "
        f"cluster: {name} is still using it.",
    )
    rds.delete_db_cluster(DBClusterIdentifier=name, SkipFinalSnapshot=True)
    rds.delete_db_subnet_group(DBSubnetGroupName=network.subnet_group.upper())
    rejected = rejection(rds.describe_db_subnet_groups, **group)
    assert (rejected.code, rejected.status) == ("DBSubnetGroupNotFoundFault", 404)
