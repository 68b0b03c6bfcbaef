"""VPC endpoints: private DNS names and service names."""

from moto.ec2.models.vpcs import VPCEndPoint

from emulator.aws.errors import reject
from emulator.aws.moto_adapter.call import Answer, Call, Proceed
from emulator.aws.registry import patch_operations

_TEST = "ec2/test_vpc_endpoints"


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
    if wanted.get("PrivateDnsEnabled") and any(
        _is_private(other, wanted["VpcId"], wanted["ServiceName"])
        for other in call.ec2.vpc_end_points.values()
    ):
        service = wanted["ServiceName"].rpartition(".")[2]
        reject(
            "InvalidParameter",
            "private-dns-enabled cannot be set because there is already a conflicting DNS domain "
            f"for {service}.{call.region}.amazonaws.com in the VPC {wanted['VpcId']}",
        )
    return proceed()


@patch_operations(
    "ec2:CreateVpcEndpoint",
    moto_behaviour="any text is a service name",
    aws="InvalidServiceName",
    source="EC2 API reference, CreateVpcEndpoint, ServiceName; error codes",
    test=f"{_TEST}::test_a_service_of_another_region_is_rejected",
)
def require_service_of_region(call: Call, proceed: Proceed) -> Answer:
    """Reject a name that is not com.amazonaws.REGION.SERVICE, the form of AWS's own services."""
    service = call.params["ServiceName"]
    parts = service.split(".")
    if call.region not in parts or "amazonaws" not in parts:
        reject("InvalidServiceName", f"The Vpc Endpoint Service '{service}' does not exist")
    return proceed()


def _is_private(endpoint: VPCEndPoint, vpc_id: str, service: str) -> bool:
    return (
        endpoint.vpc_id == vpc_id
        and endpoint.service_name == service
        and bool(endpoint.private_dns_enabled)
        and endpoint.state != "deleted"
    )
