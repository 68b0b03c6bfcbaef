"""A server's configuration files, from the parameters of an emulated parameter group."""

import getpass
import re
from collections.abc import Mapping
from pathlib import Path

from emulator.postgresql.errors import StartError

SUPERUSER = "rdsadmin"
"""Who owns an instance of RDS; only this machine's user becomes it, over the Unix socket."""
_FORCE_SSL = "rds.force_ssl"
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)?")
_DEFAULTS = {
    # RDS's own, by which its logs are read.
    "log_line_prefix": "%t:%r:%u@%d:[%p]:",
    # A rehearsal need not survive a power failure.
    "fsync": "off",
}
_TRUE = ("ON", "1", "TRUE", "YES")


def server_settings(
    parameters: Mapping[str, str], *, address: str, port: int, socket_folder: Path
) -> str:
    """Return `postgresql.conf`: the parameters as they are, and where this server listens.

    RDS writes numbers in the parameter's base unit, which is how PostgreSQL reads them. What only
    RDS knows (`rds.`) is left out.

    Raises:
        StartError: a name that could not be a parameter's.
    """
    own = {
        "listen_addresses": address,
        "port": str(port),
        "unix_socket_directories": str(socket_folder),
        "ssl": "on",
        "ssl_cert_file": "server.crt",
        "ssl_key_file": "server.key",
    }
    given = {name: value for name, value in parameters.items() if not name.startswith("rds.")}
    for name in given:
        if _NAME.fullmatch(name) is None:
            message = f"{name!r} is no name of a parameter"
            raise StartError(message)
    # The last line of a name counts.
    return "".join(
        f"{name} = '{_escaped(value)}'\n"
        for part in (_DEFAULTS, given, own)
        for name, value in part.items()
    )


def host_access(parameters: Mapping[str, str]) -> str:
    """Return `pg_hba.conf`: passwords by SCRAM, and over TLS unless the parameters allow less."""
    forced = parameters.get(_FORCE_SSL, "1").upper() in _TRUE
    return (
        f"local all         {SUPERUSER} peer map=machine\n"
        f"local replication {SUPERUSER} peer map=machine\n"
        f"{'hostssl' if forced else 'host'} all all 127.0.0.0/8 scram-sha-256\n"
    )


def identities(server_user: str) -> str:
    """Return `pg_ident.conf`: who on this machine is the superuser."""
    users = dict.fromkeys((getpass.getuser(), server_user))
    return "".join(f"machine {user} {SUPERUSER}\n" for user in users)


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace("'", "''")
