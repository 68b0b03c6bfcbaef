from typing import Any

import pytest

from emulator.aws.server import RunningServer
from emulator.testing.requests import connect
from emulator.tests.aws.requests import Rejection, rejection

pytestmark = pytest.mark.emulator

SERVICE = "com.amazonaws.us-east-2.secretsmanager"


def request(vpc_id: str, **changes: Any) -> dict[str, Any]:
    return {
        "VpcId": vpc_id,
        "ServiceName": SERVICE,
        "VpcEndpointType": "Interface",
        "PrivateDnsEnabled": True,
        **changes,
    }


@pytest.fixture
def vpc_id(ec2: Any) -> str:
    made: str = ec2.create_vpc(CidrBlock="10.99.0.0/16")["Vpc"]["VpcId"]
    return made


def test_a_second_private_name_of_a_service_is_rejected(ec2: Any, vpc_id: str) -> None:
    first = ec2.create_vpc_endpoint(**request(vpc_id))["VpcEndpoint"]["VpcEndpointId"]
    assert rejection(ec2.create_vpc_endpoint, **request(vpc_id)) == Rejection(
        "InvalidParameter",
        "private-dns-enabled cannot be set because there is already a conflicting DNS domain for "
        f"secretsmanager.us-east-2.amazonaws.com in the VPC {vpc_id}",
    )
    ec2.create_vpc_endpoint(**request(vpc_id, PrivateDnsEnabled=False))
    ec2.delete_vpc_endpoints(VpcEndpointIds=[first])
    ec2.create_vpc_endpoint(**request(vpc_id))


@pytest.mark.parametrize("service", ["com.amazonaws.eu-west-1.secretsmanager", "secretsmanager"])
def test_a_service_of_another_region_is_rejected(ec2: Any, vpc_id: str, service: str) -> None:
    assert rejection(ec2.create_vpc_endpoint, **request(vpc_id, ServiceName=service)) == Rejection(
        "InvalidServiceName", f"The Vpc Endpoint Service '{service}' does not exist"
    )


def test_an_endpoint_without_a_service_is_rejected(ec2: Any, vpc_id: str) -> None:
    members = request(vpc_id, ServiceName="")
    del members["ServiceName"]
    assert rejection(ec2.create_vpc_endpoint, **members) == Rejection(
        "MissingParameter", "The request must contain the parameter ServiceName"
    )


def _subnet(ec2: Any, vpc_id: str, number: int, zone: str) -> str:
    created = ec2.create_subnet(
        VpcId=vpc_id, CidrBlock=f"10.99.{number}.0/24", AvailabilityZone=zone
    )
    return created["Subnet"]["SubnetId"]


def test_two_subnets_in_one_zone_are_rejected_on_create_and_modify(ec2: Any, vpc_id: str) -> None:
    a, also_a = sorted(_subnet(ec2, vpc_id, number, "us-east-2a") for number in (1, 2))
    b = _subnet(ec2, vpc_id, 3, "us-east-2b")
    duplicate = Rejection(
        "DuplicateSubnetsInSameZone",
        f"Found another VPC endpoint subnet in the availability zone of {also_a}. VPC endpoint "
        "subnets should be in different availability zones supported by the VPC endpoint service.",
    )
    assert rejection(ec2.create_vpc_endpoint, **request(vpc_id, SubnetIds=[a, also_a])) == duplicate
    created = ec2.create_vpc_endpoint(**request(vpc_id, SubnetIds=[a, b]))["VpcEndpoint"]
    endpoint = created["VpcEndpointId"]
    modify = ec2.modify_vpc_endpoint
    assert rejection(modify, VpcEndpointId=endpoint, AddSubnetIds=[also_a]) == duplicate
    modify(VpcEndpointId=endpoint, AddSubnetIds=[also_a], RemoveSubnetIds=[a])
    (found,) = ec2.describe_vpc_endpoints(VpcEndpointIds=[endpoint])["VpcEndpoints"]
    assert sorted(found["SubnetIds"]) == sorted([also_a, b])


def test_modifying_a_missing_endpoint_is_rejected(ec2: Any) -> None:
    answered = rejection(ec2.modify_vpc_endpoint, VpcEndpointId="vpce-0", AddSubnetIds=[])
    assert answered.code == "InvalidVpcEndpointId.NotFound"


def test_a_zone_without_the_service_is_rejected(server: RunningServer) -> None:
    ec2 = connect("ec2", server.url, "us-east-1")
    zones = ec2.describe_availability_zones()["AvailabilityZones"]
    (zone,) = [each["ZoneName"] for each in zones if each["ZoneId"] == "use1-az3"]
    vpc_id = ec2.create_vpc(CidrBlock="10.99.0.0/16")["Vpc"]["VpcId"]
    subnet = _subnet(ec2, vpc_id, 1, zone)
    service = "com.amazonaws.us-east-1.secretsmanager"
    answered = rejection(
        ec2.create_vpc_endpoint, **request(vpc_id, ServiceName=service, SubnetIds=[subnet])
    )
    assert answered == Rejection(
        "InvalidParameter",
        f"The VPC endpoint service {service} does not support the availability zone of the "
        f"subnet: {subnet}.",
    )
