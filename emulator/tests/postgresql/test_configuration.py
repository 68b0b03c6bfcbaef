"""PostgreSQL configuration files from the values of a parameter group."""

import getpass
import os
import pwd
from pathlib import Path

import pytest

from emulator.postgresql import configuration
from emulator.postgresql.errors import StartError


def settings(**parameters: str) -> dict[str, str]:
    """Return the effective settings: the last line of each name."""
    text = configuration.server_settings(
        parameters, address="127.1.2.3", port=6432, socket_folder=Path("/sockets")
    )
    lines = (line.partition(" = ") for line in text.splitlines())
    return {name: value for name, _, value in lines}


def test_values_are_written_as_rds_stores_them() -> None:
    assert settings(work_mem="8192")["work_mem"] == "'8192'"
    assert settings(log_line_prefix="a'b\\c")["log_line_prefix"] == "'a''b\\\\c'"


def test_parameters_that_only_rds_has_are_omitted() -> None:
    text = configuration.server_settings(
        {"rds.force_ssl": "1"}, address="127.1.2.3", port=1, socket_folder=Path("/")
    )
    assert "rds." not in text


def test_a_parameter_cannot_change_where_the_server_listens() -> None:
    got = settings(listen_addresses="*", port="1", ssl="off", unix_socket_directories="/x")
    assert (got["listen_addresses"], got["port"]) == ("'127.1.2.3'", "'6432'")
    assert (got["ssl"], got["unix_socket_directories"]) == ("'on'", "'/sockets'")


def test_a_parameter_name_that_could_inject_a_line_is_rejected() -> None:
    with pytest.raises(StartError, match=r"^\"work_mem = '1'\\nfsync\" is not a parameter name$"):
        configuration.server_settings(
            {"work_mem = '1'\nfsync": "on"}, address="", port=1, socket_folder=Path("/")
        )


@pytest.mark.parametrize(
    ("value", "kind"), [("1", "hostssl"), ("ON", "hostssl"), ("0", "host"), (None, "hostssl")]
)
def test_connections_without_tls_are_accepted_only_if_enabled_and_never_with_a_token(
    value: str | None, kind: str
) -> None:
    parameters = {} if value is None else {"rds.force_ssl": value}
    lines = configuration.host_access(parameters).splitlines()
    assert [line for line in lines if not line.startswith("local ")] == [
        "hostssl all +emulated_iam_token 127.0.0.0/8 scram-sha-256",
        f"{kind} all +rds_superuser 127.0.0.0/8 scram-sha-256",
        "host all +rds_iam 127.0.0.0/8 reject",
        f"{kind} all all 127.0.0.0/8 scram-sha-256",
    ]


def test_only_the_local_user_can_log_in_as_superuser() -> None:
    me = getpass.getuser()
    assert configuration.identities("nobody") == (
        f"machine {me} rdsadmin\nmachine nobody rdsadmin\n"
    )
    assert configuration.identities(me) == f"machine {me} rdsadmin\n"


def test_identities_use_the_effective_user_regardless_of_the_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for variable in ("USER", "LOGNAME", "LNAME", "USERNAME"):
        monkeypatch.setenv(variable, "left-over")
    own = pwd.getpwuid(os.geteuid()).pw_name
    assert (
        configuration.identities("postgres")
        == f"machine {own} rdsadmin\nmachine postgres rdsadmin\n"
    )
