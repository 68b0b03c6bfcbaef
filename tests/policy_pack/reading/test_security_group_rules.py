"""Security group rules, whichever type of resource declares them."""

from typing import Any

import pytest

from policy_pack.aurora_policies.reading.resource_types import (
    DEFAULT_SECURITY_GROUP,
    EGRESS_RULE,
    INGRESS_RULE,
    SECURITY_GROUP,
    SECURITY_GROUP_RULE,
)
from policy_pack.aurora_policies.reading.security_group_rules import (
    DIRECTIONS,
    SecurityGroupRule,
    security_group_rules,
)
from policy_pack.aurora_policies.reading.values import UNKNOWN, Value
from tests.policy_pack.reading.resources import declared

PORTS = frozenset({443.0, 5432.0})


def rule(**properties: Any) -> SecurityGroupRule:
    (found,) = security_group_rules(declared(INGRESS_RULE, **properties), "ingress")
    return found


def test_a_rule_of_its_own_is_read_completely() -> None:
    assert rule(
        ipProtocol="tcp",
        fromPort=1,
        toPort=2,
        cidrIpv4="10.0.0.0/8",
        cidrIpv6="fd00::/8",
        prefixListId="pl-1",
        referencedSecurityGroupId="sg-1",
        description="why",
    ) == SecurityGroupRule(
        path="",
        direction="ingress",
        protocol="tcp",
        from_port=1,
        to_port=2,
        addresses=(("cidrIpv4", "10.0.0.0/8"), ("cidrIpv6", "fd00::/8")),
        prefix_lists=(("prefixListId", "pl-1"),),
        groups=("sg-1",),
        description="why",
    )


@pytest.mark.parametrize("type_", [SECURITY_GROUP, DEFAULT_SECURITY_GROUP])
def test_an_inline_rule_is_read_completely(type_: str) -> None:
    block = {
        "protocol": "udp",
        "fromPort": 1,
        "toPort": 2,
        "cidrBlocks": ["10.0.0.0/8"],
        "ipv6CidrBlocks": ["fd00::/8"],
        "prefixListIds": ["pl-1"],
        "securityGroups": ["sg-1", "sg-2"],
        "description": "why",
    }
    group = declared(type_, egress=["no rule", block], ingress=UNKNOWN)
    assert list(security_group_rules(group, "ingress")) == []
    assert list(security_group_rules(group, "egress")) == [
        SecurityGroupRule(
            path="egress[1].",
            direction="egress",
            protocol="udp",
            from_port=1,
            to_port=2,
            addresses=(("cidrBlocks", "10.0.0.0/8"), ("ipv6CidrBlocks", "fd00::/8")),
            prefix_lists=(("prefixListIds", "pl-1"),),
            groups=("sg-1", "sg-2"),
            description="why",
        )
    ]


@pytest.mark.parametrize(
    ("type_", "direction", "directions"),
    [
        *((INGRESS_RULE, None, ["ingress"]), (EGRESS_RULE, None, ["egress"])),
        (SECURITY_GROUP_RULE, "ingress", ["ingress"]),
        (SECURITY_GROUP_RULE, "egress", ["egress"]),
        (SECURITY_GROUP_RULE, "Ingress", ["ingress", "egress"]),
        (SECURITY_GROUP_RULE, None, ["ingress", "egress"]),
        (SECURITY_GROUP_RULE, UNKNOWN, []),
        ("aws:ec2/vpc:Vpc", "ingress", []),
    ],
)
def test_a_rule_is_of_its_direction_and_of_both_if_that_is_malformed(
    type_: str, direction: Value, directions: list[str]
) -> None:
    resource = declared(type_, type=direction, sourceSecurityGroupId="sg-1")
    found = [each for way in DIRECTIONS for each in security_group_rules(resource, way)]
    assert [each.direction for each in found] == directions


def test_a_rule_of_two_directions_has_its_group() -> None:
    resource = declared(SECURITY_GROUP_RULE, type="ingress", sourceSecurityGroupId="sg-1")
    (found,) = security_group_rules(resource, "ingress")
    assert (found.path, found.groups) == ("", ("sg-1",))


def test_ranges_of_one_property_are_public_together_and_of_two_are_not() -> None:
    blocks = {"cidrBlocks": ["52.0.0.0/9", "53.0.0.0/9"], "ipv6CidrBlocks": ["2600::/12"]}
    (together,) = security_group_rules(declared(SECURITY_GROUP, ingress=[blocks]), "ingress")
    assert together.public_addresses == ["cidrBlocks"]
    assert rule(cidrIpv4="52.0.0.0/9", cidrIpv6="2600::/12").public_addresses == []
    assert rule(cidrIpv4="0.0.0.0/0", cidrIpv6="::/0").public_addresses == ["cidrIpv4", "cidrIpv6"]


@pytest.mark.parametrize(
    ("protocol", "tcp", "every"),
    [
        *(("tcp", True, False), ("TCP", True, False), ("6", True, False), (6, True, False)),
        *(("-1", False, True), (-1, False, True), ("All", False, True), ("-1.0", False, True)),
        *(("udp", False, False), (1, False, False), (None, False, False), (UNKNOWN, True, False)),
        (["tcp"], False, False),
    ],
)
def test_a_protocol_has_a_name_and_a_number(protocol: Value, *, tcp: bool, every: bool) -> None:
    found = rule(ipProtocol=protocol)
    assert (found.allows_tcp_only, found.allows_all_protocols) == (tcp, every)


@pytest.mark.parametrize(
    ("first", "last", "allowed"),
    [
        *((5432, 5432, True), ("443", 443, True), (UNKNOWN, 443, True), (UNKNOWN, UNKNOWN, True)),
        *((443, 5432, False), (22, 22, False), (UNKNOWN, 22, False), (443, None, False)),
        (None, None, False),
    ],
)
def test_a_rule_allows_one_of_the_ports(first: Value, last: Value, *, allowed: bool) -> None:
    assert rule(fromPort=first, toPort=last).allows_one_port_of(PORTS) is allowed


def test_a_rule_allows_the_only_port() -> None:
    assert rule(fromPort=443, toPort=443).allows_one_port_of(frozenset({443.0}))


@pytest.mark.parametrize(
    ("properties", "ports", "protocol"),
    [
        ({"fromPort": 443, "toPort": "443", "ipProtocol": "tcp"}, "443", "tcp"),
        ({"fromPort": 0, "toPort": 65535, "ipProtocol": -1}, "0 to 65535", "-1"),
        ({"fromPort": 22, "ipProtocol": "hunter2"}, "not set", "another value"),
        ({"fromPort": 22, "toPort": UNKNOWN}, "22", "not set"),
    ],
)
def test_ports_and_protocol_are_described(
    properties: dict[str, Any], ports: str, protocol: str
) -> None:
    found = rule(**properties)
    assert (found.described_ports, found.described_protocol) == (ports, protocol)
