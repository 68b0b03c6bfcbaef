"""The landing zone of the rehearsal: networks, ECS groups and roles, two keys, a trail.

It is created over AWS's API before a stack is deployed, as another team would have created it. A
real landing zone may use other tags and names.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from emulator.provider import AwsConnection, Properties

SHARED_KEY_ALIAS = "alias/shared-database"
STATE_KEY_ALIAS = "alias/pulumi-state"
"""Alias of the key that encrypts the secrets in Pulumi's state, as docs/ci.md recommends."""

TRAIL = "landing-zone-trail"
"""Name of the account's CloudTrail trail."""

GLOBAL_REGION = "us-east-1"
"""The region whose buckets have no location constraint (S3 API reference, CreateBucket)."""

REGION_SHORT_CODES = {
    "eu-central-1": "ec1",
    "eu-west-1": "ew1",
    "us-east-1": "ue1",
    "us-east-2": "ue2",
    "us-west-2": "uw2",
}
"""Names end with the code (convention of cloudposse's terraform-aws-utils, `to_fixed`)."""

ZONES_PER_VPC = 3
ANYWHERE = "0.0.0.0/0"

_TRUSTED_BY_ECS = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Service": "ecs-tasks.amazonaws.com"},
                "Action": "sts:AssumeRole",
            }
        ],
    }
)


class UnknownRegionError(Exception):
    """The landing zone has no short code for the region."""


@dataclass(frozen=True)
class Environment:
    """One environment of the landing zone.

    Attributes:
        name: `dev` or `prod`; the value of every `Environment` tag and the prefix of every name.
        cidr: The VPC's address range, a /16.
        private_subnets_per_zone: Number of private subnets in each Availability Zone.
        nat: Whether private subnets reach the internet through a NAT gateway. Otherwise they use
            the VPC's main route table, which has local routes only.
    """

    name: str
    cidr: str
    private_subnets_per_zone: int = 1
    nat: bool = True

    def vpc_name(self, short_code: str) -> str:
        """Return the `Name` tag of the VPC."""
        return f"{self.name}-vpc-{short_code}"

    def ecs_security_group_name(self, short_code: str) -> str:
        """Return the name of the ECS tasks' security group."""
        return f"{self.name}-ecs-container-sg-{short_code}"

    @property
    def role_names(self) -> tuple[str, str]:
        """The ECS task role and the ECS task execution role."""
        return (
            f"{self.name}-trialfinder-ecs-task-role",
            f"{self.name}-trialfinder-ecs-execution-role",
        )

    def subnets(self, zones: list[str]) -> Iterator[tuple[str, str, str, str]]:
        """Yield name, tier, zone and address range of every subnet."""
        counts = {"private": self.private_subnets_per_zone, "public": 1}
        slots = [
            (tier, zone, number)
            for tier, count in counts.items()
            for number in range(count)
            for zone in zones
        ]
        for index, (tier, zone, number) in enumerate(slots):
            suffix = f"-{number + 1}" if counts[tier] > 1 else ""
            range_of_subnet = f"{self.cidr.removesuffix('0.0/16')}{index * 16}.0/20"
            yield f"{self.name}-{tier}-{zone}{suffix}", tier, zone, range_of_subnet


ENVIRONMENTS = (
    Environment("dev", "10.20.0.0/16"),
    Environment("prod", "10.30.0.0/16", nat=False),
    Environment("shared", "10.40.0.0/16", private_subnets_per_zone=2),
)
"""`shared` has two private subnets in each Availability Zone, as VPCs of several teams do."""


def seed(url: str, region: str) -> None:
    """Create the landing zone in a region, unless it exists.

    Args:
        url: URL of the emulated AWS.
        region: For example `us-east-2`.

    Raises:
        UnknownRegionError: the region has no short code.
    """
    if region not in REGION_SHORT_CODES:
        known = ", ".join(REGION_SHORT_CODES)
        message = f"the rehearsal has no landing zone in region {region!r}; it has one in {known}"
        raise UnknownRegionError(message)
    aws = AwsConnection(url, region)
    aliases = aws.pages("kms", "list_aliases", "Aliases")
    # The alias is created last.
    if any(alias["AliasName"] == SHARED_KEY_ALIAS for alias in aliases):
        return
    for environment in ENVIRONMENTS:
        _create_network(aws, environment, REGION_SHORT_CODES[region])
        _create_roles(aws, environment)
    _create_trail(aws)
    _create_key(aws, STATE_KEY_ALIAS, "Secrets of Pulumi stacks")
    _create_key(aws, SHARED_KEY_ALIAS, "Shared database key of the landing zone")


def private_network(url: str, region: str, environment: Environment) -> tuple[str, list[str]]:
    """Return the ID of an environment's VPC, and the IDs of its private subnets.

    Args:
        url: URL of the emulated AWS.
        region: A region with a landing zone.
        environment: The environment.
    """
    aws = AwsConnection(url, region)
    name = environment.vpc_name(REGION_SHORT_CODES[region])
    by_name = [{"Name": "tag:Name", "Values": [name]}]
    (vpc,) = aws.call("ec2", "describe_vpcs", Filters=by_name)["Vpcs"]
    private = [
        {"Name": "vpc-id", "Values": [vpc["VpcId"]]},
        {"Name": "tag:Tier", "Values": ["private"]},
    ]
    subnets = aws.call("ec2", "describe_subnets", Filters=private)["Subnets"]
    return vpc["VpcId"], sorted(each["SubnetId"] for each in subnets)


def _create_network(aws: AwsConnection, environment: Environment, short_code: str) -> None:
    vpc_id = _create_vpc(aws, environment, short_code)
    gateway = aws.call("ec2", "create_internet_gateway")["InternetGateway"]["InternetGatewayId"]
    aws.call("ec2", "attach_internet_gateway", InternetGatewayId=gateway, VpcId=vpc_id)
    subnets = _create_subnets(aws, environment, vpc_id)
    public = _create_route_table(aws, environment, vpc_id, "public", GatewayId=gateway)
    _associate(aws, public, subnets["public"])
    if environment.nat:
        address = aws.call("ec2", "allocate_address", Domain="vpc")["AllocationId"]
        nat = aws.call(
            "ec2", "create_nat_gateway", SubnetId=subnets["public"][0], AllocationId=address
        )["NatGateway"]["NatGatewayId"]
        private = _create_route_table(aws, environment, vpc_id, "private", NatGatewayId=nat)
        _associate(aws, private, subnets["private"])
    name = environment.ecs_security_group_name(short_code)
    aws.call(
        "ec2",
        "create_security_group",
        GroupName=name,
        Description=f"ECS tasks of {environment.name}",
        VpcId=vpc_id,
        TagSpecifications=_specified("security-group", _tags(environment, name)),
    )


def _create_vpc(aws: AwsConnection, environment: Environment, short_code: str) -> str:
    tags = _tags(environment, environment.vpc_name(short_code))
    vpc_id: str = aws.call(
        "ec2",
        "create_vpc",
        CidrBlock=environment.cidr,
        TagSpecifications=_specified("vpc", tags),
    )["Vpc"]["VpcId"]
    aws.call("ec2", "modify_vpc_attribute", VpcId=vpc_id, EnableDnsHostnames={"Value": True})
    return vpc_id


def _create_subnets(
    aws: AwsConnection, environment: Environment, vpc_id: str
) -> dict[str, list[str]]:
    zones = aws.call("ec2", "describe_availability_zones")["AvailabilityZones"]
    names = sorted(zone["ZoneName"] for zone in zones)[:ZONES_PER_VPC]
    created: dict[str, list[str]] = {"private": [], "public": []}
    for name, tier, zone, cidr in environment.subnets(names):
        tags = [*_tags(environment, name), {"Key": "Tier", "Value": tier}]
        subnet = aws.call(
            "ec2",
            "create_subnet",
            VpcId=vpc_id,
            CidrBlock=cidr,
            AvailabilityZone=zone,
            TagSpecifications=_specified("subnet", tags),
        )["Subnet"]
        created[tier].append(subnet["SubnetId"])
    return created


def _create_route_table(
    aws: AwsConnection, environment: Environment, vpc_id: str, tier: str, **target: str
) -> str:
    tags = _tags(environment, f"{environment.name}-{tier}")
    table: str = aws.call(
        "ec2",
        "create_route_table",
        VpcId=vpc_id,
        TagSpecifications=_specified("route-table", tags),
    )["RouteTable"]["RouteTableId"]
    aws.call("ec2", "create_route", RouteTableId=table, DestinationCidrBlock=ANYWHERE, **target)
    return table


def _associate(aws: AwsConnection, route_table: str, subnets: list[str]) -> None:
    for subnet in subnets:
        aws.call("ec2", "associate_route_table", RouteTableId=route_table, SubnetId=subnet)


def _create_roles(aws: AwsConnection, environment: Environment) -> None:
    existing = {role["RoleName"] for role in aws.pages("iam", "list_roles", "Roles")}
    # IAM is global: an earlier region may have created them.
    for name in sorted(set(environment.role_names) - existing):
        aws.call(
            "iam",
            "create_role",
            RoleName=name,
            AssumeRolePolicyDocument=_TRUSTED_BY_ECS,
            Description=f"ECS tasks of TrialFinder in {environment.name}",
            Tags=_tags(environment, name),
        )


def _create_trail(aws: AwsConnection) -> None:
    """Create the account's trail, on which the alarm for failed rotations depends."""
    # It covers every region: an earlier region may have created it.
    if aws.call("cloudtrail", "describe_trails")["trailList"]:
        return
    bucket = f"{TRAIL}-{aws.account}"
    location = {"LocationConstraint": aws.region} if aws.region != GLOBAL_REGION else None
    aws.call("s3", "create_bucket", Bucket=bucket, CreateBucketConfiguration=location)
    aws.call("cloudtrail", "create_trail", Name=TRAIL, S3BucketName=bucket, IsMultiRegionTrail=True)
    # AWS's own default, which moto does not return for a new trail.
    selector: Properties = {"ReadWriteType": "All", "IncludeManagementEvents": True}
    aws.call("cloudtrail", "put_event_selectors", TrailName=TRAIL, EventSelectors=[selector])
    aws.call("cloudtrail", "start_logging", Name=TRAIL)


def _create_key(aws: AwsConnection, alias: str, description: str) -> None:
    policy = {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "AccountAdministersKey",
                "Effect": "Allow",
                "Principal": {"AWS": f"arn:{aws.partition}:iam::{aws.account}:root"},
                "Action": "kms:*",
                "Resource": "*",
            }
        ],
    }
    key = aws.call(
        "kms",
        "create_key",
        Policy=json.dumps(policy),
        Description=description,
        Tags=[{"TagKey": "ManagedBy", "TagValue": "landing-zone"}],
    )["KeyMetadata"]["KeyId"]
    aws.call("kms", "enable_key_rotation", KeyId=key)
    aws.call("kms", "create_alias", AliasName=alias, TargetKeyId=key)


def _tags(environment: Environment, name: str) -> list[dict[str, str]]:
    return [
        {"Key": "Name", "Value": name},
        {"Key": "Environment", "Value": environment.name},
        {"Key": "ManagedBy", "Value": "landing-zone"},
    ]


def _specified(kind: str, tags: list[dict[str, str]]) -> list[Properties]:
    return [{"ResourceType": kind, "Tags": tags}]
