from typing import Any

import pytest

from tests.emulator.aws.requests import Rejection, rejection

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
