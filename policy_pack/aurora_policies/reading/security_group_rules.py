"""Security group rules in one shape, whichever of the provider's three shapes declared them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

from .resource_types import EGRESS_RULE, INGRESS_RULE, SECURITY_GROUP, SECURITY_GROUP_RULE
from .resources import Resource
from .values import UNKNOWN, Value, get, items, number

Direction: TypeAlias = Literal["ingress", "egress"]

_TCP = 6
_STANDALONE: dict[str, Direction] = {INGRESS_RULE: "ingress", EGRESS_RULE: "egress"}


@dataclass(frozen=True)
class SecurityRule:
    """A rule of a security group.

    Attributes:
        path: Path of its property, ending with a dot; empty when the resource is the rule.
        addresses: Property and value of every address range on its other side.
        prefix_lists: The same of every prefix list.
        groups: Security groups on its other side, its own excepted where `self` says so.
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
        """Properties that hold every IPv4 or IPv6 address."""
        return [
            name for name, cidr in self.addresses if isinstance(cidr, str) and cidr.endswith("/0")
        ]

    @property
    def all_protocols(self) -> bool:
        """Whether it is known to let every protocol through."""
        return self.protocol == "all" or number(self.protocol) == -1

    def one_tcp_port_of(self, ports: frozenset[float]) -> bool:
        """Whether it opens a single tcp port, one of these, or may turn out to."""
        if self.protocol not in (UNKNOWN, "tcp") and number(self.protocol) != _TCP:
            return False
        known = {number(port) for port in (self.from_port, self.to_port) if port is not UNKNOWN}
        return len(known) <= 1 and known <= ports


def security_rules(resource: Resource, direction: Direction) -> Iterator[SecurityRule]:
    """Rules of one direction that a resource declares."""
    if resource.type == SECURITY_GROUP:
        for index, rule in enumerate(items(resource[direction])):
            if isinstance(rule, dict):
                yield _block(f"{direction}[{index}].", direction, rule, "securityGroups")
    elif resource.type == SECURITY_GROUP_RULE:
        if resource["type"] == direction:
            yield _block("", direction, resource.properties, "sourceSecurityGroupId")
    elif _STANDALONE.get(resource.type) == direction:
        yield SecurityRule(
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


def _block(path: str, direction: Direction, rule: Value, groups: str) -> SecurityRule:
    return SecurityRule(
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
