"""Clients of the emulated AWS, and what most requests need."""

from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from emulator.aws import databases
from emulator.aws.server import RunningServer
from emulator.testing.databases import open_folder
from emulator.testing.requests import create_function, create_role
from emulator.tests.aws.requests import Network, network_of

_NUMBERS = count(1)


@pytest.fixture(scope="module")
def rds(client: Callable[[str], Any]) -> Any:
    return client("rds")


@pytest.fixture(scope="module")
def backup(client: Callable[[str], Any]) -> Any:
    return client("backup")


@pytest.fixture(scope="module")
def backup_role(client: Callable[[str], Any]) -> str:
    """Return a role that AWS Backup can assume."""
    return create_role(client("iam"), f"backup-{next(_NUMBERS)}", "backup.amazonaws.com")


@pytest.fixture(scope="module")
def cloudwatch(client: Callable[[str], Any]) -> Any:
    return client("cloudwatch")


@pytest.fixture(scope="module")
def events(client: Callable[[str], Any]) -> Any:
    return client("events")


@pytest.fixture(scope="module")
def sns(client: Callable[[str], Any]) -> Any:
    return client("sns")


@pytest.fixture(scope="module")
def sqs(client: Callable[[str], Any]) -> Any:
    return client("sqs")


@pytest.fixture(scope="module")
def ec2(client: Callable[[str], Any]) -> Any:
    return client("ec2")


@pytest.fixture(scope="module")
def functions(client: Callable[[str], Any]) -> Any:
    return client("lambda")


@pytest.fixture(scope="module")
def kms(client: Callable[[str], Any]) -> Any:
    return client("kms")


@pytest.fixture(scope="module")
def logs(client: Callable[[str], Any]) -> Any:
    return client("logs")


@pytest.fixture(scope="module")
def secrets(client: Callable[[str], Any]) -> Any:
    return client("secretsmanager")


@pytest.fixture
def name() -> str:
    """Return an identifier that no other test uses, because all tests share the emulated AWS."""
    return f"test-{next(_NUMBERS)}"


@pytest.fixture
def network(ec2: Any, rds: Any, name: str) -> Network:
    return network_of(ec2, rds, name)


@pytest.fixture(scope="module")
def certificates(server: RunningServer) -> Iterator[Path]:
    """Give the clusters of a module's tests databases, and return their CA certificate."""
    with open_folder() as folder:
        databases.enable(folder)
        yield folder / "ca.pem"
        databases.disable()


@pytest.fixture(scope="module")
def idle_function(client: Callable[[str], Any]) -> str:
    """Return a function that does nothing, so a rotation stays as RotateSecret starts it."""
    return create_function(
        client, f"idle-{next(_NUMBERS)}", "def handle(event, context):\n    pass\n"
    )
