"""PostgreSQL 17 servers behind the endpoints of emulated clusters."""

from emulator.postgresql.accounts import set_password, superuser
from emulator.postgresql.addresses import free_address
from emulator.postgresql.certificate_authority import (
    AUTHORITY_CERTIFICATE,
    ServerCertificateAuthority,
)
from emulator.postgresql.errors import AddressError, PostgresqlError
from emulator.postgresql.programs import why_unavailable
from emulator.postgresql.server import PostgresServer

__all__ = [
    "AUTHORITY_CERTIFICATE",
    "AddressError",
    "PostgresServer",
    "PostgresqlError",
    "ServerCertificateAuthority",
    "free_address",
    "set_password",
    "superuser",
    "why_unavailable",
]
