"""A server's configuration files, from the parameters of an emulated parameter group."""

import re
from collections.abc import Mapping
from pathlib import Path

from emulator.postgresql.errors import StartError
from emulator.postgresql.server_user import effective_user_name

SUPERUSER = "rdsadmin"
"""RDS's own superuser; here the local user logs in as it over the Unix socket."""
RDS_SUPERUSER, RDS_IAM = "rds_superuser", "rds_iam"
TOKEN_USERS = "emulated_iam_token"  # noqa: S105 - a role
"""Group of the users whose password is an accepted token; see `iam_tokens`."""
_FORCE_SSL = "rds.force_ssl"
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)?")
_DEFAULTS = {
    # RDS's own value, which tools for its logs expect.
    "log_line_prefix": "%t:%r:%u@%d:[%p]:",
    # The data need not survive a power failure.
    "fsync": "off",
}
_TRUE = ("ON", "1", "TRUE", "YES")


def server_settings(
    parameters: Mapping[str, str], *, address: str, port: int, socket_folder: Path
) -> str:
    """Return `postgresql.conf`: the parameters, and the address of this server.

    RDS and PostgreSQL both use a parameter's base unit for plain numbers. Parameters of RDS itself
    (`rds.`) are left out.

    Raises:
        StartError: a parameter's name is invalid.
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
            message = f"{name!r} is not a parameter name"
            raise StartError(message)
    # PostgreSQL uses the last line of a name.
    return "".join(
        f"{name} = '{_escaped(value)}'\n"
        for part in (_DEFAULTS, given, own)
        for name, value in part.items()
    )


def host_access(parameters: Mapping[str, str]) -> str:
    """Return `pg_hba.conf`: SCRAM passwords, over TLS unless rds.force_ssl is off.

    Members of rds_iam log in with a token over TLS, never with a password. PostgreSQL counts the
    creator of a member as a member too, so members of rds_superuser come before them.
    """
    forced = parameters.get(_FORCE_SSL, "1").upper() in _TRUE
    kind = "hostssl" if forced else "host"
    return (
        f"local all         {SUPERUSER} peer map=machine\n"
        f"local replication {SUPERUSER} peer map=machine\n"
        f"hostssl all +{TOKEN_USERS} 127.0.0.0/8 scram-sha-256\n"
        f"{kind} all +{RDS_SUPERUSER} 127.0.0.0/8 scram-sha-256\n"
        f"host all +{RDS_IAM} 127.0.0.0/8 reject\n"
        f"{kind} all all 127.0.0.0/8 scram-sha-256\n"
    )


def identities(server_user: str) -> str:
    """Return `pg_ident.conf`: the local users that may log in as the superuser."""
    users = dict.fromkeys((effective_user_name(), server_user))
    return "".join(f"machine {user} {SUPERUSER}\n" for user in users)


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace("'", "''")
