"""IP address ranges: whether they contain a substantial part of the public address space."""

from collections.abc import Iterable
from ipaddress import IPv4Network, IPv6Network, collapse_addresses, ip_network

_IPV4_LIMIT = 2**24
"""Number of public IPv4 addresses from which on ranges count as public: 1/256 of all addresses."""
_IPV6_LIMIT = 2**117
"""The same share of the global unicast addresses."""
_PRIVATE = tuple(
    IPv4Network(each)
    for each in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "127.0.0.0/8")
)
_GLOBAL_UNICAST = IPv6Network("2000::/3")


def network(text: str) -> IPv4Network | IPv6Network | None:
    """Return the range of a text; None if it is malformed."""
    try:
        # AWS also accepts an address inside the range, such as 10.0.0.1/8.
        return ip_network(text, strict=False)
    except ValueError:
        return None


def are_public(ranges: Iterable[str]) -> bool:
    """Return whether ranges together contain a substantial part of the public address space.

    A malformed range counts as public: what it would allow is unknown.
    """
    networks = [network(each) for each in ranges]
    if None in networks:
        return True
    ipv4 = collapse_addresses(each for each in networks if isinstance(each, IPv4Network))
    ipv6 = collapse_addresses(each for each in networks if isinstance(each, IPv6Network))
    public_ipv4 = sum(
        each.num_addresses - sum(_common(each, private) for private in _PRIVATE) for each in ipv4
    )
    public_ipv6 = sum(_common(each, _GLOBAL_UNICAST) for each in ipv6)
    return public_ipv4 >= _IPV4_LIMIT or public_ipv6 >= _IPV6_LIMIT


def _common(one: IPv4Network | IPv6Network, other: IPv4Network | IPv6Network) -> int:
    """Number of common addresses: of two ranges that overlap, one contains the other."""
    return min(one.num_addresses, other.num_addresses) if one.overlaps(other) else 0
