"""Endpoints: one private name per service and VPC, of a service that exists, until deleted."""

from moto.ec2.models.vpcs import VPCEndPoint

from emulator.aws.errors import refuse
from emulator.aws.moto_internals import Answer, Call, Proceed
from emulator.aws.registry import corrects

_TEST = "test_vpc_endpoints"


@corrects(
    "ec2:CreateVpcEndpoint",
    fault="a second endpoint of a service with private DNS is accepted in one VPC",
    aws="InvalidParameter: a conflicting DNS domain",
    source="AWS PrivateLink guide, access an AWS service using an interface endpoint, private DNS",
    test=f"{_TEST}::test_a_second_private_name_of_a_service_is_refused",
)
def private_dns_name_is_unique(call: Call, proceed: Proceed) -> Answer:
    """Refuse a private name that the VPC has already."""
    wanted = call.params
    if wanted.get("PrivateDnsEnabled") and any(
        _is_private(other, wanted["VpcId"], wanted["ServiceName"])
        for other in call.ec2.vpc_end_points.values()
    ):
        service = wanted["ServiceName"].rpartition(".")[2]
        refuse(
            "InvalidParameter",
            "private-dns-enabled cannot be set because there is already a conflicting DNS domain "
            f"for {service}.{call.region}.amazonaws.com in the VPC {wanted['VpcId']}",
        )
    return proceed()


@corrects(
    "ec2:CreateVpcEndpoint",
    fault="any text is a service",
    aws="InvalidServiceName",
    source="EC2 API reference, CreateVpcEndpoint, ServiceName; error codes",
    test=f"{_TEST}::test_a_service_of_another_region_is_refused",
)
def service_is_of_the_region(call: Call, proceed: Proceed) -> Answer:
    """Refuse a name that is not com.amazonaws.REGION.SERVICE, the form of AWS's own services."""
    service = call.params["ServiceName"]
    parts = service.split(".")
    if call.region not in parts or "amazonaws" not in parts:
        refuse("InvalidServiceName", f"The Vpc Endpoint Service '{service}' does not exist")
    return proceed()


def _is_private(endpoint: VPCEndPoint, vpc_id: str, service: str) -> bool:
    return (
        endpoint.vpc_id == vpc_id
        and endpoint.service_name == service
        and bool(endpoint.private_dns_enabled)
        and endpoint.state != "deleted"
    )
