"""`connect`: by password, by IAM token, directly and through a tunnel."""

import copy
import json
import os
import re
import sys
from pathlib import Path

import psycopg
import pytest

from tests.engine.operations.conftest import Command
from tests.engine.operations.verbs.conftest import passwords
from tests.operations.defects.deployed import Deployed
from tests.operations.session_manager import install


def test_a_connection_is_printed_without_its_password(command: Command, deployed: Deployed) -> None:
    host = deployed.outputs["clusterEndpoint"]
    environment = command("connect", "--print", "env", "--user", "master")
    assert environment.out.splitlines()[:5] == [
        f"export PGHOST={host}",
        "export PGPORT=5432",
        "export PGDATABASE=trialfinder",
        "export PGUSER=aurora_master",
        "export PGSSLMODE=verify-full",
    ]
    assert environment.err == "the password or token is left out; --show prints it\n"
    assert command("connect", "--print", "pgpass").code == 3
    assert command("connect", "--print", "jdbc", "--via", "ssm").code == 2


def test_a_user_connects_to_a_database_of_its_own(command: Command, deployed: Deployed) -> None:
    """PostgreSQL would deny the initial database to a user that is declared for another one."""
    secrets = deployed.client("secretsmanager")
    content = {"username": "reports", "password": "of-reports", "dbname": "orders"}
    arn = secrets.create_secret(Name="/dev/reports", SecretString=json.dumps(content))["ARN"]
    outputs = copy.deepcopy(deployed.outputs)
    outputs["users"]["trialfinder_app"]["databases"] = ["billing", "trialfinder"]
    outputs["users"]["reports"] = {
        **{"authentication": "password", "access": "readonly", "databases": ["orders"]},
        **{"connectionString": None, "connectPolicyArn": None, "secretArn": arn},
    }
    found: dict[str, str] = {}
    try:
        for user in ("trialfinder_app", "reports", "master"):
            ended = command("connect", "--print", "env", "--user", user, outputs=outputs)
            (found[user],) = re.findall(r"^export PGDATABASE=(.*)$", ended.out, re.MULTILINE)
    finally:
        secrets.delete_secret(SecretId=arn, ForceDeleteWithoutRecovery=True)
    assert found == {"trialfinder_app": "billing", "reports": "orders", "master": "trialfinder"}


def test_a_printed_url_logs_in(command: Command) -> None:
    ended = command("connect", "--print", "url", "--user", "master", "--show")
    with psycopg.connect(ended.out.strip()) as connection:
        assert connection.pgconn.ssl_in_use


def test_a_token_is_signed_for_the_endpoint_also_through_a_tunnel(
    command: Command, deployed: Deployed
) -> None:
    ended = command(
        *("connect", "--print", "env", "--show", "--via", "ssm", "--target", "i-0123"),
        *("--local-port", "6000"),
    )
    host = deployed.outputs["clusterEndpoint"]
    assert f"PGPASSWORD='{host}:5432/?Action=connect&DBUser=trialfinder_app" in ended.out
    assert "export PGHOSTADDR=127.0.0.1" in ended.out
    assert "export PGPORT=6000" in ended.out
    assert ended.err == (
        "in another terminal: aws ssm start-session --region us-east-2 --target i-0123 "
        "--document-name AWS-StartPortForwardingSessionToRemoteHost "
        f"--parameters host={host},portNumber=5432,localPortNumber=6000\n"
    )


PSQL = f"""#!{sys.executable}
import pathlib, psycopg
with psycopg.connect() as connection:
    info = connection.info
    pathlib.Path("session").write_text(
        f"{{info.user}} {{info.host}} {{info.hostaddr}} {{connection.pgconn.ssl_in_use}}"
    )
"""


def test_psql_logs_in_through_a_tunnel_and_verifies_the_endpoints_own_name(
    command: Command, folder: Path, monkeypatch: pytest.MonkeyPatch, deployed: Deployed
) -> None:
    install(folder)
    (folder / "psql").write_text(PSQL)
    (folder / "psql").chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    via = ("--via", "ssm", "--target", "i-0123", "--local-port", "6001")
    ended = command("connect", "--user", "master", *via)
    assert (ended.code, ended.err) == (0, "opening a tunnel through i-0123\n")
    host = deployed.outputs["clusterEndpoint"]
    assert (folder / "session").read_text() == f"aurora_master {host} 127.0.0.1 True"
    assert f"host={host},portNumber=5432,localPortNumber=6001" in (folder / "arguments").read_text()
    assert passwords(deployed)[0] not in (folder / "arguments").read_text()


def test_a_tunnel_needs_a_target_and_a_running_task(command: Command) -> None:
    nothing = command("connect", "--via", "ssm")
    assert (nothing.code, nothing.err) == (
        2,
        "operations: --via ssm needs --target, an instance (i-...)\n",
    )
    missing = command("connect", "--via", "ecs-exec", "--target", "apps/0123")
    assert missing.code == 2
    assert missing.err.startswith("operations: ecs:DescribeTasks: ClusterNotFoundException: ")


def test_psql_receives_the_password_in_its_environment_only(
    command: Command, folder: Path, monkeypatch: pytest.MonkeyPatch, deployed: Deployed
) -> None:
    fake = folder / "psql"
    fake.write_text('#!/bin/sh\necho "$#" > arguments\nenv > environment\nexit 3\n')
    fake.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    ended = command("connect", "--user", "master")
    assert ended.code == 3
    assert (folder / "arguments").read_text() == "0\n"
    assert f"PGPASSWORD={passwords(deployed)[0]}" in (folder / "environment").read_text()
