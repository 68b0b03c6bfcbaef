"""The aws provider's functions: what a program looks up before it creates anything."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from emulator.provider import engine_version_lookup
from emulator.provider.aws_connection import AwsConnection
from emulator.provider.properties import Properties
from emulator.provider.resource_type import dig
from emulator.provider.resources import kms
from emulator.provider.resources.ec2 import arn
from emulator.provider.servicer import RefusedError

Lookup = Callable[[AwsConnection, Properties], Properties]


def get_vpc(aws: AwsConnection, arguments: Properties) -> Properties:
    """Find exactly one VPC."""
    filters = {
        "cidr": arguments.get("cidrBlock"),
        "dhcp-options-id": arguments.get("dhcpOptionsId"),
        "isDefault": arguments.get("default"),
        "state": arguments.get("state"),
    }
    vpc = only(
        "VPC",
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
                "state": dig(one, "CidrBlockState.State"),
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


def get_subnets(aws: AwsConnection, arguments: Properties) -> Properties:
    """List subnets' ids; none is no error."""
    found = aws.pages("ec2", "describe_subnets", "Subnets", **search(arguments, {}))
    return {"id": aws.region, "ids": [one["SubnetId"] for one in found]}


def get_subnet(aws: AwsConnection, arguments: Properties) -> Properties:
    """Find exactly one subnet."""
    filters = {
        "availability-zone": arguments.get("availabilityZone"),
        "availability-zone-id": arguments.get("availabilityZoneId"),
        "cidr-block": arguments.get("cidrBlock"),
        "default-for-az": arguments.get("defaultForAz"),
        "state": arguments.get("state"),
        "vpc-id": arguments.get("vpcId"),
    }
    subnet = only(
        "subnet",
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
    """Find exactly one security group."""
    filters = {"group-name": arguments.get("name"), "vpc-id": arguments.get("vpcId")}
    group = only(
        "security group",
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


def get_role(aws: AwsConnection, arguments: Properties) -> Properties:
    """Find a role by its name."""
    role = aws.call("iam", "get_role", RoleName=arguments["name"])["Role"]
    used: Properties = role.get("RoleLastUsed") or {}
    return {
        "arn": role["Arn"],
        "assumeRolePolicy": json.dumps(role["AssumeRolePolicyDocument"]),
        "createDate": role["CreateDate"],
        "description": role.get("Description", ""),
        "id": role["RoleName"],
        "maxSessionDuration": role["MaxSessionDuration"],
        "name": role["RoleName"],
        "path": role["Path"],
        "permissionsBoundary": dig(role, "PermissionsBoundary.PermissionsBoundaryArn") or "",
        "roleLastUseds": [
            {"lastUsedDate": used.get("LastUsedDate", ""), "region": used.get("Region", "")}
        ],
        "tags": tags_of(role),
        "uniqueId": role["RoleId"],
    }


def get_key(aws: AwsConnection, arguments: Properties) -> Properties:
    """Find a key by id, ARN or alias."""
    key = aws.call("kms", "describe_key", KeyId=arguments["keyId"])["KeyMetadata"]
    return {
        "arn": key["Arn"],
        "awsAccountId": key["AWSAccountId"],
        "creationDate": key["CreationDate"],
        "customerMasterKeySpec": key.get("CustomerMasterKeySpec"),
        "deletionDate": key.get("DeletionDate", ""),
        "description": key["Description"],
        "enabled": key["Enabled"],
        "expirationModel": key.get("ExpirationModel", ""),
        "id": key["KeyId"],
        "keyManager": key["KeyManager"],
        "keySpec": key["KeySpec"],
        "keyState": key["KeyState"],
        "keyUsage": key["KeyUsage"],
        "multiRegion": key.get("MultiRegion", False),
        "origin": key["Origin"],
    }


def get_alias(aws: AwsConnection, arguments: Properties) -> Properties:
    """Find an alias of a key.

    Raises:
        RefusedError: there is none of that name.
    """
    alias = kms.find_alias(aws, arguments["name"])
    if alias is None:
        message = f"no KMS alias is named {arguments['name']}"
        raise RefusedError(message)
    return {
        "arn": alias["AliasArn"],
        "id": alias["AliasArn"],
        "targetKeyArn": kms.target_arn(alias),
        "targetKeyId": alias["TargetKeyId"],
    }


def get_caller_identity(aws: AwsConnection, _arguments: Properties) -> Properties:
    """Tell whose account it is."""
    caller = aws.call("sts", "get_caller_identity")
    return {
        "accountId": caller["Account"],
        "arn": caller["Arn"],
        "id": caller["Account"],
        "userId": caller["UserId"],
    }


def get_partition(aws: AwsConnection, _arguments: Properties) -> Properties:
    """Tell the partition of the region."""
    suffix = aws.dns_suffix
    return {
        "dnsSuffix": suffix,
        "id": aws.partition,
        "partition": aws.partition,
        "reverseDnsPrefix": ".".join(reversed(suffix.split("."))),
    }


def get_region(aws: AwsConnection, arguments: Properties) -> Properties:
    """Describe the region."""
    name = arguments.get("region") or arguments.get("name") or aws.region
    return {
        "description": name,
        "endpoint": f"ec2.{name}.{aws.dns_suffix}",
        "id": name,
        "name": name,
        "region": name,
    }


LOOKUPS: Mapping[str, Lookup] = {
    "aws:ec2/getSecurityGroup:getSecurityGroup": get_security_group,
    "aws:ec2/getSubnet:getSubnet": get_subnet,
    "aws:ec2/getSubnets:getSubnets": get_subnets,
    "aws:ec2/getVpc:getVpc": get_vpc,
    "aws:iam/getRole:getRole": get_role,
    "aws:index/getCallerIdentity:getCallerIdentity": get_caller_identity,
    "aws:index/getPartition:getPartition": get_partition,
    "aws:index/getRegion:getRegion": get_region,
    "aws:kms/getAlias:getAlias": get_alias,
    "aws:kms/getKey:getKey": get_key,
    "aws:rds/getEngineVersion:getEngineVersion": engine_version_lookup.get_engine_version,
}


def only(kind: str, found: list[Any]) -> Properties:
    """Give the only match.

    Raises:
        RefusedError: none or many match.
    """
    if len(found) != 1:
        many = "no" if not found else f"more than one ({len(found)})"
        message = f"{many} matching {kind} found; change the search criteria"
        raise RefusedError(message)
    return found[0]


def search(
    arguments: Properties,
    filters: Mapping[str, Any],
    ids_member: str = "",
    id_argument: str = "",
) -> Properties:
    """Write an EC2 search from a function's arguments: filters, tags, the program's own, an id."""
    tags: Properties = arguments.get("tags") or {}
    own: list[Properties] = arguments.get("filters") or []
    wanted = {**filters, **{f"tag:{key}": value for key, value in tags.items()}}
    written = ec2_filters(wanted)
    written += [{"Name": one["name"], "Values": one["values"]} for one in own]
    request: Properties = {"Filters": written or None}
    if id_argument and arguments.get(id_argument):
        request[ids_member] = [arguments[id_argument]]
    return request


def ec2_filters(wanted: Mapping[str, Any]) -> list[Properties]:
    """Write what is given as EC2's filters."""
    return [
        {"Name": name, "Values": [str(value).lower() if value is True or value is False else value]}
        for name, value in wanted.items()
        if value is not None
    ]


def vpc_attribute(aws: AwsConnection, vpc_id: str, name: str) -> bool:
    """Read one of a VPC's switches."""
    answer = aws.call("ec2", "describe_vpc_attribute", VpcId=vpc_id, Attribute=name)
    return answer[name[:1].upper() + name[1:]]["Value"]


def tags_of(description: Properties) -> dict[str, str]:
    """Read a description's tags, AWS's own included, as the official functions do."""
    tags: list[Properties] = description.get("Tags") or []
    return {tag["Key"]: tag["Value"] for tag in tags}


def look_up(aws: AwsConnection, token: str, arguments: Properties) -> Properties:
    """Call a function by its token; the arguments are part of its answer.

    Raises:
        RefusedError: there is no such function, or it finds nothing.
        AwsError: AWS refused.
    """
    if token not in LOOKUPS:
        message = f"the emulated aws provider has no function {token}"
        raise RefusedError(message)
    found = LOOKUPS[token](aws, arguments)
    return {"id": aws.region, "region": aws.region, **arguments, **found}
