"""EC2: interface endpoints of AWS services. Gateway endpoints are not supported."""
# ruff: noqa: ARG002 - the signatures are ResourceType's

from collections.abc import Mapping
from typing import ClassVar

from emulator.provider.aws_connection import AwsConnection
from emulator.provider.aws_resource import REGION, TAGS
from emulator.provider.operations import Operations
from emulator.provider.protocol.comparisons import same_json, same_members
from emulator.provider.protocol.properties import Properties
from emulator.provider.protocol.resource_type import Property
from emulator.provider.resources.ec2.ec2_resource import Ec2Resource, arn

LIMIT_SECONDS = 10 * 60.0
"""The official provider's timeout for creating, changing and deleting an endpoint."""

LISTS = {"subnetIds": "SubnetIds", "securityGroupIds": "SecurityGroupIds"}
"""Lists of which ModifyVpcEndpoint accepts additions and removals."""


class VpcEndpoint(Ec2Resource):
    """An interface endpoint."""

    token = "aws:ec2/vpcEndpoint:VpcEndpoint"  # noqa: S105 - a type's name
    tagged_as = "vpc-endpoint"
    not_found_codes = frozenset({"InvalidVpcEndpointId.NotFound"})
    operations = Operations(
        identifier="VpcEndpointIds[]",
        create="create_vpc_endpoint",
        created="VpcEndpoint.VpcEndpointId",
        describe="describe_vpc_endpoints",
        described="VpcEndpoints[]",
        delete="delete_vpc_endpoints",
    )
    inputs: ClassVar[Mapping[str, Property]] = {
        "policy": Property("PolicyDocument", computed=True, same=same_json),
        "privateDnsEnabled": Property("PrivateDnsEnabled", computed=True),
        "securityGroupIds": Property(
            "SecurityGroupIds", "Groups[].GroupId", computed=True, same=same_members
        ),
        "serviceName": Property("ServiceName", replaces=True),
        "subnetIds": Property("SubnetIds", computed=True, same=same_members),
        "vpcEndpointType": Property("VpcEndpointType", replaces=True, default="Gateway"),
        "vpcId": Property("VpcId", replaces=True, required=True),
        **REGION,
        **TAGS,
    }
    outputs: ClassVar[Mapping[str, str]] = {
        "arn": "",
        "dnsEntries": "",
        "networkInterfaceIds": "NetworkInterfaceIds",
        "ownerId": "OwnerId",
        "requesterManaged": "RequesterManaged",
        "state": "State",
    }

    def finish(self, session: AwsConnection, resource_id: str, inputs: Properties) -> None:
        """Wait until the endpoint is available."""
        self.wait(
            session,
            resource_id,
            lambda found: found is not None and found["State"] == "available",
            LIMIT_SECONDS,
        )

    def change(
        self,
        session: AwsConnection,
        resource_id: str,
        inputs: Properties,
        changed: frozenset[str],
    ) -> None:
        """Change the endpoint in place; send additions and removals of lists."""
        request = self.request(inputs, changed - LISTS.keys() - {"tags", "tagsAll"})
        now = self.read(session, resource_id, inputs) or {}
        for name in changed & LISTS.keys():
            before, after = set(now.get(name) or []), set(inputs.get(name) or [])
            request[f"Add{LISTS[name]}"] = sorted(after - before) or None
            request[f"Remove{LISTS[name]}"] = sorted(before - after) or None
        if request:
            session.call("ec2", "modify_vpc_endpoint", VpcEndpointId=resource_id, **request)

    def describe(self, session: AwsConnection, resource_id: str) -> Properties | None:
        """Return the description, or None if the endpoint is deleted."""
        found = super().describe(session, resource_id)
        return None if found is None or found["State"] == "deleted" else found

    def details(
        self, session: AwsConnection, description: Properties, state: Properties
    ) -> Properties:
        """Compose the ARN and the DNS entries."""
        owner = state.get("ownerId") or session.account
        entries: list[Properties] = description.get("DnsEntries") or []
        return {
            "arn": arn(session, owner, "vpc-endpoint", state["id"]),
            "dnsEntries": [
                {"dnsName": entry["DnsName"], "hostedZoneId": entry.get("HostedZoneId", "")}
                for entry in entries
            ],
        }
