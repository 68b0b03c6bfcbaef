"""Isolation from the user's accounts and proxies."""

import pytest

from emulator.isolation import exempt_loopback_from_proxies, scrub_environment

LOOPBACK = "127.0.0.1,::1,localhost"


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, {"no_proxy": LOOPBACK, "NO_PROXY": LOOPBACK}),
        (
            {"no_proxy": "example.com"},
            {"no_proxy": f"example.com,{LOOPBACK}", "NO_PROXY": f"example.com,{LOOPBACK}"},
        ),
        (
            {"NO_PROXY": "a.example, 127.0.0.1", "no_proxy": "b.example"},
            {
                "no_proxy": "b.example,a.example,127.0.0.1,::1,localhost",
                "NO_PROXY": "b.example,a.example,127.0.0.1,::1,localhost",
            },
        ),
        (
            {"no_grpc_proxy": "example.com"},
            {
                "no_grpc_proxy": f"example.com,{LOOPBACK}",
                "no_proxy": LOOPBACK,
                "NO_PROXY": LOOPBACK,
            },
        ),
    ],
)
def test_loopback_is_reached_without_a_proxy_in_every_spelling(
    given: dict[str, str], expected: dict[str, str]
) -> None:
    exempt_loopback_from_proxies(given)
    assert given == expected


def test_exempting_twice_changes_nothing() -> None:
    environment = {"no_proxy": "example.com"}
    exempt_loopback_from_proxies(environment)
    once = dict(environment)
    exempt_loopback_from_proxies(environment)
    assert environment == once


def test_a_proxy_of_the_user_stays_configured_for_other_hosts() -> None:
    environment = {"http_proxy": "http://proxy.example:3128"}
    scrub_environment(environment)
    assert environment["http_proxy"] == "http://proxy.example:3128"
    assert environment["no_proxy"] == LOOPBACK
