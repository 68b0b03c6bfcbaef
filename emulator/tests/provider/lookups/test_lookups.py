"""Lookups of networks, with the official provider's answers and messages."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from emulator.tests.provider.engine import AbortedError, Engine

pytestmark = pytest.mark.emulator

ROUTE_TABLE = "aws:ec2/getRouteTable:getRouteTable"


@dataclass(frozen=True)
class Network:
    """A VPC with a public and a private subnet; the private one uses the main route table."""

    vpc: str
    public: str
    private: str
    public_table: str
    main_table: str
    gateway: str
    group: str


@pytest.fixture
def network(client: Callable[[str], Any], name: str) -> Network:
    ec2 = client("ec2")
    tags = [{"ResourceType": "vpc", "Tags": [{"Key": "Name", "Value": name}]}]
    vpc = ec2.create_vpc(CidrBlock="10.50.0.0/16", TagSpecifications=tags)["Vpc"]["VpcId"]
    subnets = [
        ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.50.{number}.0/24")["Subnet"]["SubnetId"]
        for number in range(2)
    ]
    gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
    table = ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
    for destination in (
        {"DestinationCidrBlock": "0.0.0.0/0"},
        {"DestinationIpv6CidrBlock": "::/0"},
    ):
        ec2.create_route(RouteTableId=table, GatewayId=gateway, **destination)
    ec2.associate_route_table(RouteTableId=table, SubnetId=subnets[0])
    main = ec2.describe_route_tables(
        Filters=[
            {"Name": "vpc-id", "Values": [vpc]},
            {"Name": "association.main", "Values": ["true"]},
        ]
    )["RouteTables"][0]["RouteTableId"]
    group = ec2.create_security_group(GroupName=name, Description="a", VpcId=vpc)["GroupId"]
    return Network(vpc, subnets[0], subnets[1], table, main, gateway, group)


def test_the_route_table_of_a_subnet_lists_its_routes_but_the_local_one(
    engine: Engine, network: Network
) -> None:
    found = engine.invoke(ROUTE_TABLE, subnetId=network.public)
    assert found["id"] == found["routeTableId"] == network.public_table
    assert found["arn"] == (
        f"arn:aws:ec2:us-east-2:123456789012:route-table/{network.public_table}"
    )
    routes = {
        (route["cidrBlock"], route["ipv6CidrBlock"], route["gatewayId"])
        for route in found["routes"]
    }
    assert routes == {("0.0.0.0/0", "", network.gateway), ("", "::/0", network.gateway)}
    (association,) = found["associations"]
    assert (association["subnetId"], association["main"]) == (network.public, False)


def test_a_subnet_without_an_explicit_association_has_no_route_table(
    engine: Engine, network: Network
) -> None:
    with pytest.raises(AbortedError) as caught:
        engine.invoke(ROUTE_TABLE, subnetId=network.private)
    assert str(caught.value) == "no matching EC2 Route Table found"


def test_the_main_route_table_is_found_by_filters(engine: Engine, network: Network) -> None:
    main = [{"name": "association.main", "values": ["true"]}]
    found = engine.invoke(ROUTE_TABLE, vpcId=network.vpc, filters=main)
    assert (found["routeTableId"], found["routes"]) == (network.main_table, [])
    assert [each["main"] for each in found["associations"]] == [True]


def test_route_tables_are_listed_by_vpc_and_filter(engine: Engine, network: Network) -> None:
    token = "aws:ec2/getRouteTables:getRouteTables"
    found = engine.invoke(token, vpcId=network.vpc)["ids"]
    assert sorted(found) == sorted([network.main_table, network.public_table])
    by_subnet = [{"name": "association.subnet-id", "values": [network.public]}]
    assert engine.invoke(token, filters=by_subnet)["ids"] == [network.public_table]
    nothing = [{"name": "association.subnet-id", "values": [network.private]}]
    assert engine.invoke(token, filters=nothing)["ids"] == []


def test_vpcs_and_security_groups_are_listed_with_all_ids(
    engine: Engine, network: Network, client: Callable[[str], Any], name: str
) -> None:
    tags = [{"ResourceType": "vpc", "Tags": [{"Key": "Name", "Value": name}]}]
    second = client("ec2").create_vpc(CidrBlock="10.51.0.0/16", TagSpecifications=tags)["Vpc"]
    found = engine.invoke("aws:ec2/getVpcs:getVpcs", tags={"Name": name})
    assert sorted(found["ids"]) == sorted([network.vpc, second["VpcId"]])
    named = [{"name": "group-name", "values": [name]}]
    groups = engine.invoke("aws:ec2/getSecurityGroups:getSecurityGroups", filters=named)
    assert (groups["ids"], groups["vpcIds"]) == ([network.group], [network.vpc])
    assert groups["arns"] == [f"arn:aws:ec2:us-east-2:123456789012:security-group/{network.group}"]


@pytest.mark.parametrize(
    ("token", "arguments", "kind"),
    [
        ("aws:ec2/getVpc:getVpc", {"state": "available"}, "EC2 VPC"),
        ("aws:ec2/getSubnet:getSubnet", {"state": "available"}, "EC2 Subnet"),
        ("aws:ec2/getSecurityGroup:getSecurityGroup", {"name": "default"}, "EC2 Security Group"),
        (ROUTE_TABLE, {}, "EC2 Route Table"),
    ],
)
def test_several_matches_are_rejected_in_the_official_providers_words(
    engine: Engine, network: Network, token: str, arguments: dict[str, Any], kind: str
) -> None:
    with pytest.raises(AbortedError) as caught:
        engine.invoke(token, **arguments)
    assert str(caught.value) == (
        f"multiple {kind}s matched; use additional constraints to reduce matches to a single {kind}"
    )


def test_an_unknown_function_is_not_implemented(engine: Engine) -> None:
    with pytest.raises(
        AbortedError, match=r"does not implement the function aws:ec2/getAmi:getAmi"
    ):
        engine.invoke("aws:ec2/getAmi:getAmi")


def test_the_region_is_the_providers_unless_another_is_named(engine: Engine) -> None:
    token = "aws:index/getRegion:getRegion"
    found = engine.invoke(token)
    assert (found["region"], found["endpoint"]) == ("us-east-2", "ec2.us-east-2.amazonaws.com")
    assert engine.invoke(token, region="eu-central-1")["region"] == "eu-central-1"
