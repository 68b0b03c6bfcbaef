"""Security group rules in one form, whichever type of resource declares them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

from .addresses import are_public
from .resource_types import EGRESS_RULE, INGRESS_RULE, SECURITY_GROUP_RULE, SECURITY_GROUPS
from .resources import Resource
from .values import UNKNOWN, Value, describe, get, items, number, texts

Direction: TypeAlias = Literal["ingress", "egress"]

DIRECTIONS: tuple[Direction, ...] = ("ingress", "egress")
_TCP = 6
_STANDALONE: dict[str, Direction] = {INGRESS_RULE: "ingress", EGRESS_RULE: "egress"}
_PROTOCOL = re.compile(r"all|tcp|udp|icmp|icmpv6|-?[0-9]{1,3}", re.IGNORECASE)


@dataclass(frozen=True)
class SecurityGroupRule:
    """A rule of a security group.

    Attributes:
        path: Path of its property, ending with a dot; empty if the resource is the rule.
        addresses: Property and value of every address range on its other side.
        prefix_lists: Property and value of every prefix list on its other side.
        groups: Security groups on its other side, except its own if `self` is set.
    """

    path: str
    direction: Direction
    protocol: Value
    from_port: Value
    to_port: Value
    addresses: tuple[tuple[str, Value], ...]
    prefix_lists: tuple[tuple[str, Value], ...]
    groups: tuple[Value, ...]
    description: Value

    @property
    def public_addresses(self) -> list[str]:
        """Properties whose ranges contain a substantial part of the public address space."""
        named = dict.fromkeys(name for name, _ in self.addresses)
        return [
            name
            for name in named
            if are_public(
                text for each, value in self.addresses if each == name for text in texts(value)
            )
        ]

    @property
    def allows_all_protocols(self) -> bool:
        """Whether it is known to allow every protocol."""
        return self._protocol_word == "all" or number(self.protocol) == -1

    @property
    def allows_tcp_only(self) -> bool:
        """Whether it allows, or may allow, TCP and nothing else."""
        return (
            self.protocol is UNKNOWN
            or self._protocol_word == "tcp"
            or (number(self.protocol) == _TCP)
        )

    def allows_one_port_of(self, ports: frozenset[float]) -> bool:
        """Return whether it allows, or may allow, a single port that is one of these."""
        known = {number(port) for port in (self.from_port, self.to_port) if port is not UNKNOWN}
        return len(known) <= 1 and known <= ports

    @property
    def described_protocol(self) -> str:
        """The protocol as a violation can show it."""
        return describe(self.protocol, _PROTOCOL)

    @property
    def described_ports(self) -> str:
        """The ports as a violation can show them."""
        ports = (self.from_port, self.to_port)
        known = dict.fromkeys(describe(number(port)) for port in ports if port is not UNKNOWN)
        return "not set" if "not set" in known else " to ".join(known)

    @property
    def _protocol_word(self) -> str:
        return self.protocol.lower() if isinstance(self.protocol, str) else ""


def security_group_rules(resource: Resource, direction: Direction) -> Iterator[SecurityGroupRule]:
    """Yield the rules of one direction that a resource declares."""
    if resource.type in SECURITY_GROUPS:
        for index, rule in enumerate(items(resource[direction])):
            if isinstance(rule, dict):
                yield _block(f"{direction}[{index}].", direction, rule, "securityGroups")
    elif resource.type == SECURITY_GROUP_RULE:
        declared = resource["type"]
        # A rule whose direction is malformed is checked in both.
        if declared == direction or (declared is not UNKNOWN and declared not in DIRECTIONS):
            yield _block("", direction, resource.properties, "sourceSecurityGroupId")
    elif _STANDALONE.get(resource.type) == direction:
        yield SecurityGroupRule(
            path="",
            direction=direction,
            protocol=resource["ipProtocol"],
            from_port=resource["fromPort"],
            to_port=resource["toPort"],
            addresses=_named(resource.properties, "cidrIpv4", "cidrIpv6"),
            prefix_lists=_named(resource.properties, "prefixListId"),
            groups=tuple(items(resource["referencedSecurityGroupId"])),
            description=resource["description"],
        )


def _block(path: str, direction: Direction, rule: Value, groups: str) -> SecurityGroupRule:
    return SecurityGroupRule(
        path=path,
        direction=direction,
        protocol=get(rule, "protocol"),
        from_port=get(rule, "fromPort"),
        to_port=get(rule, "toPort"),
        addresses=_named(rule, "cidrBlocks", "ipv6CidrBlocks"),
        prefix_lists=_named(rule, "prefixListIds"),
        groups=tuple(items(get(rule, groups))),
        description=get(rule, "description"),
    )


def _named(rule: Value, *names: str) -> tuple[tuple[str, Value], ...]:
    return tuple((name, value) for name in names for value in items(get(rule, name)))
