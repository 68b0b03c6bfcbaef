"""What an earlier team has created before the platform arrives, as data, and its seeding.

Stands in for an organisation's landing zone: networks, ECS security groups, ECS roles and a shared
key. It does not prove that a real landing zone carries the same tags or names.
"""

import json
from dataclasses import dataclass
from typing import Any

from emulator.aws import moto_internals as moto
from emulator.aws.regions import REGION_SHORT_CODES

ACCOUNT_ID = "123456789012"
SHARED_KEY_ALIAS = "alias/shared-database"

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


@dataclass(frozen=True)
class Environment:
    """One environment of the landing zone.

    Attributes:
        name: `dev` or `prod`; the value of every `Environment` tag and the prefix of every name.
        cidr: The VPC's address range, a /16.
    """

    name: str
    cidr: str

    def vpc_name(self, short_code: str) -> str:
        """Return the `Name` tag of the VPC."""
        return f"{self.name}-vpc-{short_code}"

    def ecs_security_group_name(self, short_code: str) -> str:
        """Return the name of the security group that the ECS tasks carry."""
        return f"{self.name}-ecs-container-sg-{short_code}"

    @property
    def role_names(self) -> tuple[str, str]:
        """The ECS task role and the ECS task execution role."""
        return (
            f"{self.name}-trialfinder-ecs-task-role",
            f"{self.name}-trialfinder-ecs-execution-role",
        )


ENVIRONMENTS = (Environment("dev", "10.20.0.0/16"), Environment("prod", "10.30.0.0/16"))
TIERS = ("private", "public")
ZONES_PER_VPC = 3


def seed(region: str) -> None:
    """Create what is missing of the landing zone in `region`; a second call changes nothing.

    Raises:
        ValueError: the region has no short code in `REGION_SHORT_CODES`.
    """
    if region not in REGION_SHORT_CODES:
        known = ", ".join(REGION_SHORT_CODES)
        message = f"no landing zone for region {region!r}: known regions are {known}"
        raise ValueError(message)
    for environment in ENVIRONMENTS:
        _seed_network(environment, region, REGION_SHORT_CODES[region])
        _seed_roles(environment)
    _seed_shared_key(region)


def _seed_network(environment: Environment, region: str, short_code: str) -> None:
    ec2 = moto.ec2(ACCOUNT_ID, region)
    vpc_name = environment.vpc_name(short_code)
    vpcs = ec2.describe_vpcs(filters={"tag:Name": [vpc_name]})
    vpc = vpcs[0] if vpcs else ec2.create_vpc(environment.cidr, tags=_tags(environment, vpc_name))
    if not vpcs:
        ec2.modify_vpc_attribute(vpc.id, "enable_dns_hostnames", "true")
    for index, (tier, zone) in enumerate(
        (tier, zone) for tier in TIERS for zone in ec2.describe_availability_zones()[:ZONES_PER_VPC]
    ):
        subnet_name = f"{environment.name}-{tier}-{zone.name}"
        if ec2.describe_subnets(filters={"tag:Name": [subnet_name], "vpc-id": [vpc.id]}):
            continue
        subnet = ec2.create_subnet(
            vpc.id,
            f"{environment.cidr.removesuffix('0.0/16')}{index * 16}.0/20",
            availability_zone=zone.name,
        )
        subnet.add_tags({tag["Key"]: tag["Value"] for tag in _tags(environment, subnet_name)})
        subnet.add_tags({"Tier": tier})
    group_name = environment.ecs_security_group_name(short_code)
    if ec2.get_security_group_by_name_or_id(group_name, vpc.id) is None:
        ec2.create_security_group(
            group_name,
            f"ECS tasks of {environment.name}",
            vpc_id=vpc.id,
            tags={tag["Key"]: tag["Value"] for tag in _tags(environment, group_name)},
        )


def _seed_roles(environment: Environment) -> None:
    iam = moto.iam(ACCOUNT_ID)
    existing = {role.name for role in iam.get_roles()}
    for role_name in environment.role_names:
        if role_name not in existing:
            iam.create_role(
                role_name=role_name,
                assume_role_policy_document=_TRUSTED_BY_ECS,
                path="/",
                permissions_boundary=None,
                description=f"ECS tasks of TrialFinder in {environment.name}",
                tags=_tags(environment, role_name),
                max_session_duration="3600",
            )


def _seed_shared_key(region: str) -> None:
    kms = moto.kms(ACCOUNT_ID, region)
    if kms.alias_exists(SHARED_KEY_ALIAS):
        return
    policy: dict[str, Any] = {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "AccountAdministersKey",
                "Effect": "Allow",
                "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT_ID}:root"},
                "Action": "kms:*",
                "Resource": "*",
            }
        ],
    }
    key = kms.create_key(
        policy=json.dumps(policy),
        key_usage="ENCRYPT_DECRYPT",
        key_spec="SYMMETRIC_DEFAULT",
        description="Shared database key of the landing zone",
        tags=[{"TagKey": "ManagedBy", "TagValue": "landing-zone"}],
    )
    kms.enable_key_rotation(key.id)
    kms.create_alias(key.id, SHARED_KEY_ALIAS)


def _tags(environment: Environment, name: str) -> list[dict[str, str]]:
    return [
        {"Key": "Name", "Value": name},
        {"Key": "Environment", "Value": environment.name},
        {"Key": "ManagedBy", "Value": "landing-zone"},
    ]
