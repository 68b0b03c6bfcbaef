"""A loopback address per server, so that every one of them listens on the port it declares."""

import hashlib
import socket


def free_address(name: str, port: int) -> str:
    """Return an address 127.x.y.z that no one listens on at `port`; a name tends to keep its own.

    Raises:
        OSError: none of a thousand is free.
    """
    digest = int.from_bytes(hashlib.sha256(name.encode()).digest()[:3], "big")
    for step in range(1000):
        number = (digest + step) % 2**24
        # The first and the last of the block are for this host itself and for broadcasts.
        address = f"127.{number >> 16}.{number >> 8 & 255}.{number & 255}"
        if address not in {"127.0.0.0", "127.0.0.1", "127.255.255.255"} and _is_free(address, port):
            return address
    message = f"no loopback address has a free port {port}"
    raise OSError(message)


def _is_free(address: str, port: int) -> bool:
    with socket.socket() as probe:
        # As the server does: an address whose connections only linger is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except OSError:
            return False
    return True
