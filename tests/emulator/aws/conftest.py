"""One served AWS per module, and clients that can reach nothing else."""

from collections.abc import Callable, Iterator
from typing import Any, cast

import boto3
import pytest
from botocore.config import Config

from emulator.aws.server import RunningServer, serve


@pytest.fixture(scope="module")
def server() -> Iterator[RunningServer]:
    with serve() as running:
        yield running


@pytest.fixture(scope="module")
def client(server: RunningServer) -> Callable[[str], Any]:
    session = cast(
        "Any",
        boto3.Session(
            aws_access_key_id="rehearsal",
            aws_secret_access_key="rehearsal",
            region_name=server.region,
        ),
    )
    clients: dict[str, Any] = {}

    def get(service: str) -> Any:
        if service not in clients:
            clients[service] = session.client(
                service, endpoint_url=server.url, config=Config(retries={"max_attempts": 1})
            )
        return clients[service]

    return get
