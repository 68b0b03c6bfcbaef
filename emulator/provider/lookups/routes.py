"""Lookups of route tables."""

from typing import Any

from emulator.provider.aws_connection import AwsConnection
from emulator.provider.lookups.search import only, search
from emulator.provider.protocol.properties import Properties
from emulator.provider.resources.ec2.ec2_resource import arn
from emulator.provider.tagging import tags_of

TARGETS = {
    "carrierGatewayId": "CarrierGatewayId",
    "cidrBlock": "DestinationCidrBlock",
    "coreNetworkArn": "CoreNetworkArn",
    "destinationPrefixListId": "DestinationPrefixListId",
    "egressOnlyGatewayId": "EgressOnlyInternetGatewayId",
    "instanceId": "InstanceId",
    "ipv6CidrBlock": "DestinationIpv6CidrBlock",
    "localGatewayId": "LocalGatewayId",
    "natGatewayId": "NatGatewayId",
    "networkInterfaceId": "NetworkInterfaceId",
    "odbNetworkArn": "OdbNetworkArn",
    "transitGatewayId": "TransitGatewayId",
    "vpcPeeringConnectionId": "VpcPeeringConnectionId",
}
"""Destinations and targets of a route, and their members in EC2's description."""

LOCAL, ENDPOINT = "local", "vpce-"
PROPAGATED = "EnableVgwRoutePropagation"


def get_route_table(aws: AwsConnection, arguments: Properties) -> Properties:
    """Return the only matching route table.

    hashicorp/terraform-provider-aws, internal/service/ec2/vpc_route_table_data_source.go.
    """
    filters = {
        "association.gateway-id": arguments.get("gatewayId"),
        "association.subnet-id": arguments.get("subnetId"),
        "route-table-id": arguments.get("routeTableId"),
        "vpc-id": arguments.get("vpcId"),
    }
    table = only("EC2 Route Table", _found(aws, search(arguments, filters)))
    associations: list[Properties] = table.get("Associations") or []
    routes: list[Properties] = table.get("Routes") or []
    return {
        "arn": arn(aws, table["OwnerId"], "route-table", table["RouteTableId"]),
        "associations": [_association(each) for each in associations],
        "gatewayId": arguments.get("gatewayId") or "",
        "id": table["RouteTableId"],
        "ownerId": table["OwnerId"],
        "routeTableId": table["RouteTableId"],
        "routes": [_route(each) for each in routes if _is_listed(each)],
        "subnetId": arguments.get("subnetId") or "",
        "tags": tags_of(table),
        "vpcId": table["VpcId"],
    }


def get_route_tables(aws: AwsConnection, arguments: Properties) -> Properties:
    """Return the ids of matching route tables, possibly none."""
    found = _found(aws, search(arguments, {"vpc-id": arguments.get("vpcId")}))
    return {"id": aws.region, "ids": [table["RouteTableId"] for table in found]}


def _found(aws: AwsConnection, request: Properties) -> list[Any]:
    return aws.pages("ec2", "describe_route_tables", "RouteTables", **request)


def _association(association: Properties) -> Properties:
    return {
        "gatewayId": association.get("GatewayId", ""),
        "main": bool(association.get("Main")),
        "routeTableAssociationId": association["RouteTableAssociationId"],
        "routeTableId": association["RouteTableId"],
        "subnetId": association.get("SubnetId", ""),
    }


def _is_listed(route: Properties) -> bool:
    """Return whether the official provider lists a route: not the VPC's own or propagated ones."""
    gateway = route.get("GatewayId") or ""
    own = gateway == LOCAL or route.get("Origin") == PROPAGATED
    of_endpoint = bool(route.get("DestinationPrefixListId")) and gateway.startswith(ENDPOINT)
    return not own and not of_endpoint


def _route(route: Properties) -> Properties:
    gateway = route.get("GatewayId") or ""
    through_endpoint = gateway.startswith(ENDPOINT)
    return {
        **{name: route.get(member) or "" for name, member in TARGETS.items()},
        "gatewayId": "" if through_endpoint else gateway,
        "vpcEndpointId": gateway if through_endpoint else "",
    }
