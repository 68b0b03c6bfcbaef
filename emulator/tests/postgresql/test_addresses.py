"""Loopback addresses of servers."""

import socket

import pytest

from emulator.postgresql.addresses import free_address
from emulator.postgresql.errors import AddressError

PORT = 15432


def test_a_name_always_gets_the_same_free_address() -> None:
    assert free_address("orders", PORT) == free_address("orders", PORT)
    assert free_address("orders", PORT) != free_address("trials", PORT)


def test_an_address_in_use_is_not_returned() -> None:
    address = free_address("orders", PORT)
    with socket.create_server((address, PORT)):
        assert free_address("orders", PORT) != address
        assert free_address("orders", PORT + 1) == address, "another port of the address is free"


def test_a_port_in_use_on_all_addresses_is_reported_with_a_way_to_find_its_process() -> None:
    with (
        socket.create_server(("0.0.0.0", PORT)),  # noqa: S104 - as another database would
        pytest.raises(AddressError) as caught,
    ):
        free_address("orders", PORT)
    assert str(caught.value) == (
        "port 15432 is in use on every loopback address: another process listens on it on all "
        "addresses of this machine (`ss -ltnp 'sport = :15432'` shows which)"
    )
