"""Loopback addresses, one per server, so that all servers can use their own port."""

import hashlib
import socket

from emulator.postgresql.errors import AddressError


def free_address(name: str, port: int) -> str:
    """Return an address 127.x.y.z with a free `port`; a name usually keeps its address.

    Raises:
        AddressError: none of a thousand addresses has a free port.
    """
    digest = int.from_bytes(hashlib.sha256(name.encode()).digest()[:3], "big")
    for step in range(1000):
        number = (digest + step) % 2**24
        # These are the network, the host itself and the broadcast address.
        address = f"127.{number >> 16}.{number >> 8 & 255}.{number & 255}"
        if address not in {"127.0.0.0", "127.0.0.1", "127.255.255.255"} and _is_free(address, port):
            return address
    message = (
        f"port {port} is in use on every loopback address: another process listens on it on all "
        f"addresses of this machine (`ss -ltnp 'sport = :{port}'` shows which)"
    )
    raise AddressError(message)


def _is_free(address: str, port: int) -> bool:
    with socket.socket() as probe:
        # As the server does: an address with lingering connections is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except OSError:
            return False
    return True
