"""Fixtures shared by the tests of single verbs."""

import json
from pathlib import Path

import pytest

from operations.aws.clients import AwsClients
from operations.context import Context
from operations.outputs import parse_outputs
from tests.operations.defects.deployed import Deployed


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Run commands in a folder of their own, into which they may write."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture(scope="package", autouse=True)
def extension(deployed: Deployed) -> None:
    with deployed.superuser() as connection:
        connection.execute("CREATE EXTENSION IF NOT EXISTS pg_stat_statements")


def context(deployed: Deployed) -> Context:
    parsed = parse_outputs(deployed.outputs, "the test")
    return Context("dev", parsed, AwsClients(parsed.region))


def passwords(deployed: Deployed) -> list[str]:
    secrets = deployed.client("secretsmanager")
    return [
        json.loads(
            secrets.get_secret_value(SecretId=deployed.secret, VersionStage=stage)["SecretString"]
        )["password"]
        for stage in ("AWSCURRENT", "AWSPREVIOUS", "PULUMI_INITIAL")
    ]
