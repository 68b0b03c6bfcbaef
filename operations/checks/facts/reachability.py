"""Facts about the network path from this machine to the database, without a login."""

import socket
import ssl
from contextlib import closing
from dataclasses import dataclass

from operations.checks.facts.reading import Facts
from operations.database.login import certificates, connect_seconds

_SSL_REQUEST = bytes.fromhex("0000000804d2162f")
"""PostgreSQL's request for TLS (protocol, SSLRequest)."""
_ACCEPTED = b"S"


@dataclass(frozen=True)
class Reachability:
    """The result of an attempt to connect.

    Attributes:
        address: Host and port.
        tcp: Why there is no TCP connection; None if there is one.
        tls: Why there is no verified TLS; None if there is.
    """

    address: str
    tcp: str | None
    tls: str | None


def reachability(facts: Facts) -> Reachability:
    """Connect to the writer endpoint and verify its certificate."""
    host, port = facts.outputs.cluster_endpoint, facts.outputs.port
    address, timeout = f"{host}:{port}", connect_seconds(facts.outputs)
    try:
        connection = socket.create_connection((host, port), timeout=timeout)
    except OSError as error:
        return Reachability(address, str(error), "no TCP connection")
    with closing(connection):
        try:
            connection.sendall(_SSL_REQUEST)
            if connection.recv(1) != _ACCEPTED:
                return Reachability(address, None, "the server does not offer TLS")
            trusted = ssl.create_default_context(cafile=str(certificates()))
            with trusted.wrap_socket(connection, server_hostname=host):
                return Reachability(address, None, None)
        except OSError as error:
            return Reachability(address, None, str(error))
