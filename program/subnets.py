"""Private subnets of the VPC: found by ID or tags, and private by route."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import pulumi_aws as aws

from components.aurora_data_platform.args import MIN_AVAILABILITY_ZONES
from components.aurora_data_platform.errors import ConfigIssue
from program.lookup_errors import LookupErrors
from program.lookup_settings import LookupSettings

DEFAULT_ROUTES = frozenset({"0.0.0.0/0", "::/0"})
UNSUPPORTED_ZONE_IDS = frozenset({"use1-az3"})
"""Zones in which Lambda does not support VPC access (AWS re:Post, "Why can't I create a Lambda
function in use1-az3")."""


@dataclass(frozen=True)
class Subnets:
    """The subnets of the platform.

    Attributes:
        zones_by_id: Availability Zone of each subnet.
    """

    zones_by_id: Mapping[str, str]

    @property
    def ids(self) -> Sequence[str]:
        """Subnet IDs, sorted."""
        return sorted(self.zones_by_id)

    @property
    def zones(self) -> Sequence[str]:
        """Availability Zones, sorted."""
        return sorted(set(self.zones_by_id.values()))

    @property
    def one_per_zone(self) -> Sequence[str]:
        """The first subnet of each Availability Zone."""
        first = {self.zones_by_id[subnet]: subnet for subnet in reversed(self.ids)}
        return sorted(first.values())


def find_subnets(
    errors: LookupErrors, lookups: LookupSettings, vpc_id: str, *, needs_ipv6: bool
) -> Subnets:
    """Look up the subnets and check that the platform can use them.

    Args:
        errors: Collects every issue.
        lookups: IDs or tags of the subnets.
        vpc_id: Their VPC.
        needs_ipv6: Whether every subnet must have an IPv6 range.
    """
    key, value = (
        ("subnetIds", list(lookups.subnet_ids))
        if lookups.subnet_ids
        else ("subnetTags", dict(lookups.subnet_tags))
    )
    expected = (
        f"private subnets of {vpc_id} in at least {MIN_AVAILABILITY_ZONES} Availability Zones"
    )

    def lookup() -> list[aws.ec2.GetSubnetResult]:
        return [aws.ec2.get_subnet(id=each) for each in _ids(lookups, vpc_id)]

    found = errors.collect(lookup, None, key=key, value=value, expected=expected)
    if found is None:
        return Subnets({})
    public = errors.collect(
        lambda: _public_by_route(vpc_id, [each.id for each in found]),
        {},
        key=key,
        value=value,
        expected=expected,
    )
    errors.issues += [
        ConfigIssue(key, value, expected, reason) for reason in _problems(found, vpc_id, public)
    ]
    if needs_ipv6:
        errors.issues += [
            ConfigIssue("networkType", "DUAL", "IPV4", f"{each.id} has no IPv6 range")
            for each in found
            if not each.ipv6_cidr_block
        ]
    return Subnets({each.id: each.availability_zone for each in found})


def _ids(lookups: LookupSettings, vpc_id: str) -> Sequence[str]:
    if lookups.subnet_ids:
        return lookups.subnet_ids
    ids = aws.ec2.get_subnets(
        filters=[{"name": "vpc-id", "values": [vpc_id]}], tags=lookups.subnet_tags
    ).ids
    if not ids:
        msg = f"0 subnets matched {dict(lookups.subnet_tags)} in {vpc_id}; list them in subnetIds"
        raise LookupError(msg)
    return ids


def _problems(
    subnets: Sequence[aws.ec2.GetSubnetResult], vpc_id: str, public: Mapping[str, str]
) -> Iterator[str]:
    for subnet in sorted(subnets, key=lambda each: each.id):
        if subnet.vpc_id != vpc_id:
            yield f"{subnet.id}: in {subnet.vpc_id}, not in {vpc_id}"
        elif subnet.map_public_ip_on_launch:
            yield f"{subnet.id}: public subnet (auto-assigns public IPv4 addresses)"
        elif subnet.id in public:
            yield f"{subnet.id}: public subnet ({public[subnet.id]})"
        if subnet.availability_zone_id in UNSUPPORTED_ZONE_IDS:
            yield f"{subnet.id}: Lambda has no VPC access in {subnet.availability_zone_id}"
    zones = sorted({subnet.availability_zone for subnet in subnets})
    if len(zones) < MIN_AVAILABILITY_ZONES:
        yield (
            f"found {len(subnets)} in {', '.join(zones)}; Aurora requires at least two "
            "Availability Zones"
        )


def _public_by_route(vpc_id: str, subnet_ids: Sequence[str]) -> Mapping[str, str]:
    """Return the reason for each subnet with a default route to an internet gateway.

    A subnet without a route table of its own uses the VPC's main one (Amazon VPC user guide,
    "Subnet route tables").
    """
    main: str | None = None
    explicit: dict[str, str] = {}
    gateways: dict[str, str] = {}
    for table_id in aws.ec2.get_route_tables(vpc_id=vpc_id).ids:
        table = aws.ec2.get_route_table(route_table_id=table_id)
        for association in table.associations:
            if association.main:
                main = table_id
            elif association.subnet_id:
                explicit[association.subnet_id] = table_id
        for route in table.routes:
            destination = {route.cidr_block, route.ipv6_cidr_block} & DEFAULT_ROUTES
            if destination and (route.gateway_id or "").startswith("igw-"):
                gateways[table_id] = f"{destination.pop()} to {route.gateway_id} in {table_id}"
    tables = {each: explicit.get(each, main) for each in subnet_ids}
    return {
        subnet: gateways[table] for subnet, table in tables.items() if table and table in gateways
    }
