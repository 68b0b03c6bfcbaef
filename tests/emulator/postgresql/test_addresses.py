"""A loopback address per server."""

import socket
from collections.abc import Callable

import pytest

from emulator.postgresql.addresses import free_address


def test_a_name_keeps_its_address_while_it_is_free() -> None:
    assert free_address("cluster", 7432) == free_address("cluster", 7432)
    assert free_address("cluster", 7432) != free_address("other", 7432)


def test_an_address_that_is_in_use_is_passed_over() -> None:
    first = free_address("cluster", 7432)
    with socket.create_server((first, 7432)):
        assert free_address("cluster", 7432) != first
        assert free_address("cluster", 7433) == first, "another port of it is free"


def test_no_free_address_is_reported_with_the_port(monkeypatch: pytest.MonkeyPatch) -> None:
    def reject(*_: object) -> None:
        raise OSError

    bind: Callable[..., None] = reject
    monkeypatch.setattr(socket.socket, "bind", bind)
    with pytest.raises(OSError, match=r"^no loopback address has a free port 7432$"):
        free_address("cluster", 7432)
