"""VPC endpoints: private DNS names and service names."""

from moto.ec2.models.subnets import Subnet
from moto.ec2.models.vpcs import VPCEndPoint

from emulator.aws.errors import reject
from emulator.aws.moto_adapter.call import Answer, Call, Proceed
from emulator.aws.registry import patch_operations

_TEST = "ec2/test_vpc_endpoints"

ZONES_WITHOUT_ENDPOINTS = frozenset({"use1-az3"})
"""Zone ids without interface endpoints of most services."""


@patch_operations(
    "ec2:CreateVpcEndpoint",
    moto_behaviour="a VPC can have two endpoints with private DNS for one service",
    aws="InvalidParameter: conflicting DNS domain",
    source="AWS PrivateLink guide, access an AWS service using an interface endpoint, private DNS",
    test=f"{_TEST}::test_a_second_private_name_of_a_service_is_rejected",
)
def require_unique_private_dns(call: Call, proceed: Proceed) -> Answer:
    """Reject a private DNS name that the VPC already has."""
    wanted = call.params
    name = wanted.get("ServiceName", "")
    if wanted.get("PrivateDnsEnabled") and any(
        _is_private(other, wanted["VpcId"], name) for other in call.ec2.vpc_end_points.values()
    ):
        service = name.rpartition(".")[2]
        reject(
            "InvalidParameter",
            "private-dns-enabled cannot be set because there is already a conflicting DNS domain "
            f"for {service}.{call.region}.amazonaws.com in the VPC {wanted['VpcId']}",
        )
    return proceed()


@patch_operations(
    "ec2:CreateVpcEndpoint",
    moto_behaviour="any text is a service name",
    aws="InvalidServiceName; MissingParameter without a name, except for the types Resource and "
    "ServiceNetwork",
    source="EC2 API reference, CreateVpcEndpoint, ServiceName; error codes",
    test=f"{_TEST}::test_a_service_of_another_region_is_rejected",
)
def require_service_of_region(call: Call, proceed: Proceed) -> Answer:
    """Reject a name that is not com.amazonaws.REGION.SERVICE, the form of AWS's own services."""
    service = call.params.get("ServiceName")
    if not service:
        reject("MissingParameter", "The request must contain the parameter ServiceName")
    parts = service.split(".")
    if call.region not in parts or "amazonaws" not in parts:
        reject("InvalidServiceName", f"The Vpc Endpoint Service '{service}' does not exist")
    return proceed()


@patch_operations(
    "ec2:CreateVpcEndpoint",
    "ec2:ModifyVpcEndpoint",
    moto_behaviour="an interface endpoint can have several subnets in one zone",
    aws="DuplicateSubnetsInSameZone",
    source="EC2 error codes, DuplicateSubnetsInSameZone; terraform-aws-modules/terraform-aws-vpc "
    "issue 583 quotes the message",
    test=f"{_TEST}::test_two_subnets_in_one_zone_are_rejected_on_create_and_modify",
)
def require_one_subnet_per_zone(call: Call, proceed: Proceed) -> Answer:
    """Reject a second subnet in a zone."""
    zones: set[str] = set()
    for subnet in _subnets(call):
        if subnet.availability_zone in zones:
            reject(
                "DuplicateSubnetsInSameZone",
                f"Found another VPC endpoint subnet in the availability zone of {subnet.id}. VPC "
                "endpoint subnets should be in different availability zones supported by the VPC "
                "endpoint service.",
            )
        zones.add(subnet.availability_zone)
    return proceed()


@patch_operations(
    "ec2:CreateVpcEndpoint",
    "ec2:ModifyVpcEndpoint",
    moto_behaviour="every service has endpoints in every zone",
    aws="InvalidParameter in a zone without the service",
    source="terraform-aws-modules/terraform-aws-vpc issue 462 quotes the message; "
    "chanzuckerberg/cztack pull request 865 lists the zones of us-east-1",
    test=f"{_TEST}::test_a_zone_without_the_service_is_rejected",
)
def require_service_in_zone(call: Call, proceed: Proceed) -> Answer:
    """Reject a subnet in a zone that is known to have no interface endpoints."""
    identifier = call.params.get("VpcEndpointId")
    endpoint = call.ec2.vpc_end_points.get(identifier or "")
    if identifier and endpoint is None:
        return proceed()  # moto rejects it
    service = endpoint.service_name if endpoint else call.params.get("ServiceName")
    for subnet in _subnets(call):
        if subnet.availability_zone_id in ZONES_WITHOUT_ENDPOINTS:
            reject(
                "InvalidParameter",
                f"The VPC endpoint service {service} does not support the availability zone of "
                f"the subnet: {subnet.id}.",
            )
    return proceed()


def _subnets(call: Call) -> list[Subnet]:
    """Return the subnets that the endpoint would have."""
    params = call.params
    endpoint = call.ec2.vpc_end_points.get(params.get("VpcEndpointId", ""))
    stored: list[str] = (endpoint.subnet_ids or []) if endpoint else []
    wanted = {*stored, *params.get("SubnetIds", ()), *params.get("AddSubnetIds", ())}
    remaining = sorted(wanted - set(params.get("RemoveSubnetIds", ())))
    return [call.ec2.get_subnet(subnet_id) for subnet_id in remaining]


def _is_private(endpoint: VPCEndPoint, vpc_id: str, service: str) -> bool:
    return (
        endpoint.vpc_id == vpc_id
        and endpoint.service_name == service
        and bool(endpoint.private_dns_enabled)
        and endpoint.state != "deleted"
    )
