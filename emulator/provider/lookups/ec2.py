"""Lookups of networks: VPCs, subnets and security groups."""

from emulator.provider.aws_connection import AwsConnection
from emulator.provider.lookups.search import ec2_filters, only, search
from emulator.provider.protocol.properties import Properties, get_path
from emulator.provider.resources.ec2.ec2_resource import arn
from emulator.provider.tagging import tags_of


def get_vpc(aws: AwsConnection, arguments: Properties) -> Properties:
    """Return the only matching VPC."""
    filters = {
        "cidr": arguments.get("cidrBlock"),
        "dhcp-options-id": arguments.get("dhcpOptionsId"),
        "isDefault": arguments.get("default"),
        "state": arguments.get("state"),
    }
    vpc = only(
        "EC2 VPC",
        aws.pages("ec2", "describe_vpcs", "Vpcs", **search(arguments, filters, "VpcIds", "id")),
    )
    vpc_id = vpc["VpcId"]
    tables = aws.pages(
        "ec2",
        "describe_route_tables",
        "RouteTables",
        Filters=ec2_filters({"vpc-id": vpc_id, "association.main": True}),
    )
    associations: list[Properties] = vpc.get("CidrBlockAssociationSet") or []
    return {
        "arn": arn(aws, vpc["OwnerId"], "vpc", vpc_id),
        "cidrBlock": vpc["CidrBlock"],
        "cidrBlockAssociations": [
            {
                "associationId": one["AssociationId"],
                "cidrBlock": one["CidrBlock"],
                "state": get_path(one, "CidrBlockState.State"),
            }
            for one in associations
        ],
        "default": vpc["IsDefault"],
        "dhcpOptionsId": vpc["DhcpOptionsId"],
        "enableDnsHostnames": vpc_attribute(aws, vpc_id, "enableDnsHostnames"),
        "enableDnsSupport": vpc_attribute(aws, vpc_id, "enableDnsSupport"),
        "id": vpc_id,
        "instanceTenancy": vpc["InstanceTenancy"],
        "mainRouteTableId": tables[0]["RouteTableId"] if tables else None,
        "ownerId": vpc["OwnerId"],
        "state": vpc["State"],
        "tags": tags_of(vpc),
    }


def get_vpcs(aws: AwsConnection, arguments: Properties) -> Properties:
    """Return the ids of matching VPCs, possibly none."""
    found = aws.pages("ec2", "describe_vpcs", "Vpcs", **search(arguments, {}))
    return {"id": aws.region, "ids": [one["VpcId"] for one in found]}


def get_subnets(aws: AwsConnection, arguments: Properties) -> Properties:
    """Return the ids of matching subnets, possibly none."""
    found = aws.pages("ec2", "describe_subnets", "Subnets", **search(arguments, {}))
    return {"id": aws.region, "ids": [one["SubnetId"] for one in found]}


def get_subnet(aws: AwsConnection, arguments: Properties) -> Properties:
    """Return the only matching subnet."""
    filters = {
        "availability-zone": arguments.get("availabilityZone"),
        "availability-zone-id": arguments.get("availabilityZoneId"),
        "cidr-block": arguments.get("cidrBlock"),
        "default-for-az": arguments.get("defaultForAz"),
        "state": arguments.get("state"),
        "vpc-id": arguments.get("vpcId"),
    }
    subnet = only(
        "EC2 Subnet",
        aws.pages(
            "ec2", "describe_subnets", "Subnets", **search(arguments, filters, "SubnetIds", "id")
        ),
    )
    return {
        "arn": subnet["SubnetArn"],
        "assignIpv6AddressOnCreation": subnet.get("AssignIpv6AddressOnCreation", False),
        "availabilityZone": subnet["AvailabilityZone"],
        "availabilityZoneId": subnet.get("AvailabilityZoneId"),
        "availableIpAddressCount": subnet["AvailableIpAddressCount"],
        "cidrBlock": subnet["CidrBlock"],
        "defaultForAz": subnet["DefaultForAz"],
        "id": subnet["SubnetId"],
        "mapPublicIpOnLaunch": subnet["MapPublicIpOnLaunch"],
        "ownerId": subnet["OwnerId"],
        "state": subnet["State"],
        "tags": tags_of(subnet),
        "vpcId": subnet["VpcId"],
    }


def get_security_group(aws: AwsConnection, arguments: Properties) -> Properties:
    """Return the only matching security group."""
    filters = {"group-name": arguments.get("name"), "vpc-id": arguments.get("vpcId")}
    group = only(
        "EC2 Security Group",
        aws.pages(
            "ec2",
            "describe_security_groups",
            "SecurityGroups",
            **search(arguments, filters, "GroupIds", "id"),
        ),
    )
    return {
        "arn": arn(aws, group["OwnerId"], "security-group", group["GroupId"]),
        "description": group["Description"],
        "id": group["GroupId"],
        "name": group["GroupName"],
        "tags": tags_of(group),
        "vpcId": group["VpcId"],
    }


def get_security_groups(aws: AwsConnection, arguments: Properties) -> Properties:
    """Return the ids of matching security groups, possibly none."""
    found = aws.pages("ec2", "describe_security_groups", "SecurityGroups", **search(arguments, {}))
    return {
        "arns": [arn(aws, one["OwnerId"], "security-group", one["GroupId"]) for one in found],
        "id": aws.region,
        "ids": [one["GroupId"] for one in found],
        "vpcIds": [one["VpcId"] for one in found],
    }


def vpc_attribute(aws: AwsConnection, vpc_id: str, name: str) -> bool:
    """Return a boolean attribute of a VPC."""
    answer = aws.call("ec2", "describe_vpc_attribute", VpcId=vpc_id, Attribute=name)
    return answer[name[:1].upper() + name[1:]]["Value"]
