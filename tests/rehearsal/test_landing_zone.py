"""The landing zone for the program's lookups."""

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from emulator.aws.server import RunningServer
from emulator.testing.requests import REGION
from rehearsal import landing_zone
from rehearsal.landing_zone import UnknownRegionError

pytestmark = pytest.mark.emulator

Client = Callable[[str], Any]


def _tag(name: str, value: str) -> dict[str, Any]:
    return {"Name": f"tag:{name}", "Values": [value]}


def _subnets(client: Client, environment: str, tier: str) -> list[dict[str, Any]]:
    filters = [_tag("Environment", environment), _tag("Tier", tier)]
    return client("ec2").describe_subnets(Filters=filters)["Subnets"]


def _routes(client: Client, subnet: dict[str, Any]) -> list[tuple[str, str]]:
    """Return destination and target of the routes of a subnet."""
    ec2 = client("ec2")
    explicit = {"Name": "association.subnet-id", "Values": [subnet["SubnetId"]]}
    main = [
        {"Name": "vpc-id", "Values": [subnet["VpcId"]]},
        {"Name": "association.main", "Values": ["true"]},
    ]
    tables = (
        ec2.describe_route_tables(Filters=[explicit])["RouteTables"]
        or ec2.describe_route_tables(Filters=main)["RouteTables"]
    )
    (table,) = tables
    return [
        (route["DestinationCidrBlock"], (route.get("NatGatewayId") or route["GatewayId"])[:3])
        for route in table["Routes"]
    ]


@pytest.mark.parametrize("environment", ["dev", "prod"])
def test_an_environment_has_one_vpc_with_three_private_and_three_public_subnets(
    client: Client, environment: str
) -> None:
    (vpc,) = client("ec2").describe_vpcs(Filters=[_tag("Environment", environment)])["Vpcs"]
    assert {"Key": "Name", "Value": f"{environment}-vpc-ue2"} in vpc["Tags"]
    for tier in ("private", "public"):
        subnets = _subnets(client, environment, tier)
        assert {subnet["VpcId"] for subnet in subnets} == {vpc["VpcId"]}
        assert sorted(subnet["AvailabilityZone"] for subnet in subnets) == [
            "us-east-2a",
            "us-east-2b",
            "us-east-2c",
        ]


@pytest.mark.parametrize("environment", ["dev", "prod", "shared"])
def test_public_subnets_have_a_route_to_an_internet_gateway(
    client: Client, environment: str
) -> None:
    for subnet in _subnets(client, environment, "public"):
        assert ("0.0.0.0/0", "igw") in _routes(client, subnet)


@pytest.mark.parametrize(
    ("environment", "defaults"), [("dev", ["nat"]), ("prod", []), ("shared", ["nat"])]
)
def test_private_subnets_have_a_route_to_a_nat_gateway_or_local_routes_only(
    client: Client, environment: str, defaults: list[str]
) -> None:
    for subnet in _subnets(client, environment, "private"):
        routes = _routes(client, subnet)
        assert [target for cidr, target in routes if cidr == "0.0.0.0/0"] == defaults


def test_the_shared_vpc_has_two_private_subnets_in_each_zone(client: Client) -> None:
    zones = Counter(subnet["AvailabilityZone"] for subnet in _subnets(client, "shared", "private"))
    assert zones == {"us-east-2a": 2, "us-east-2b": 2, "us-east-2c": 2}


@pytest.mark.parametrize("environment", ["dev", "prod"])
def test_the_ecs_security_group_and_roles_exist(client: Client, environment: str) -> None:
    (group,) = client("ec2").describe_security_groups(
        Filters=[{"Name": "group-name", "Values": [f"{environment}-ecs-container-sg-ue2"]}]
    )["SecurityGroups"]
    assert {"Key": "Environment", "Value": environment} in group["Tags"]
    for kind in ("task", "execution"):
        name = f"{environment}-trialfinder-ecs-{kind}-role"
        assert client("iam").get_role(RoleName=name)["Role"]["Arn"] == (
            f"arn:aws:iam::123456789012:role/{name}"
        )


def test_the_shared_key_is_found_by_its_alias(client: Client) -> None:
    key = client("kms").describe_key(KeyId="alias/shared-database")["KeyMetadata"]
    assert key["KeyState"] == "Enabled"


def test_seeding_twice_changes_nothing(client: Client, server: RunningServer) -> None:
    def everything() -> list[Any]:
        ec2 = client("ec2")
        return [
            sorted(item["VpcId"] for item in ec2.describe_vpcs()["Vpcs"]),
            sorted(item["SubnetId"] for item in ec2.describe_subnets()["Subnets"]),
            sorted(item["RouteTableId"] for item in ec2.describe_route_tables()["RouteTables"]),
            sorted(item["GroupId"] for item in ec2.describe_security_groups()["SecurityGroups"]),
            sorted(item["RoleId"] for item in client("iam").list_roles()["Roles"]),
            sorted(item["KeyId"] for item in client("kms").list_keys()["Keys"]),
        ]

    before = everything()
    landing_zone.seed(server.url, REGION)
    assert everything() == before


def test_a_region_without_a_short_code_is_rejected(server: RunningServer) -> None:
    with pytest.raises(UnknownRegionError) as caught:
        landing_zone.seed(server.url, "mars-east-1")
    assert str(caught.value) == (
        "the rehearsal has no landing zone in region 'mars-east-1'; it has one in eu-central-1, "
        "eu-west-1, us-east-1, us-east-2, us-west-2"
    )


@pytest.mark.parametrize("environment", landing_zone.ENVIRONMENTS, ids=lambda each: each.name)
def test_the_private_network_of_an_environment_is_its_vpc_with_its_private_subnets(
    server: RunningServer, client: Client, environment: landing_zone.Environment
) -> None:
    vpc_id, subnet_ids = landing_zone.private_network(server.url, REGION, environment)
    private = _subnets(client, environment.name, "private")
    assert {subnet["VpcId"] for subnet in private} == {vpc_id}
    assert subnet_ids == sorted(subnet["SubnetId"] for subnet in private)
