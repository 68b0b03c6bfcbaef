"""Address ranges: what counts as a substantial part of the public address space."""

from ipaddress import IPv4Address, summarize_address_range

import pytest

from policy_pack.aurora_policies.reading.addresses import are_public


def test_these_ranges_are_public() -> None:
    lists: list[list[str]] = [
        ["0.0.0.0/0"],
        ["1.2.3.4/0"],
        ["0.0.0.0/0.0.0.0"],
        ["0.0.0.0/1"],
        ["128.0.0.0/1"],
        ["192.0.0.0/2"],
        ["52.0.0.0/8"],
        ["8.0.0.0/7"],
        ["52.0.0.0/9", "53.0.0.0/9"],
        ["::/0"],
        ["0::0/0"],
        ["::/1"],
        ["2000::/3"],
        ["2600::/11"],
        ["10.0.0.0/8", "::/0"],
        ["everywhere"],
        [""],
        ["10.0.0.0/33"],
    ]
    assert [ranges for ranges in lists if not are_public(ranges)] == []


def test_these_ranges_are_not_public() -> None:
    lists: list[list[str]] = [
        [],
        ["10.0.0.0/8"],
        ["10.0.0.1/8"],
        ["172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"],
        ["203.0.113.7"],
        ["203.0.113.0/24"],
        ["52.0.0.0/9"],
        ["52.0.0.0/10", "52.64.0.0/10"],
        ["fc00::/7"],
        ["fe80::/10"],
        ["2001:db8::/32"],
        ["2600::/12"],
    ]
    assert [ranges for ranges in lists if are_public(ranges)] == []


@pytest.mark.parametrize(("last", "public"), [("52.255.255.254", False), ("52.255.255.255", True)])
def test_the_limit_is_exact_to_one_address(last: str, *, public: bool) -> None:
    ranges = summarize_address_range(IPv4Address("52.0.0.0"), IPv4Address(last))
    assert are_public(str(each) for each in ranges) is public
