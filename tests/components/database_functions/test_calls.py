"""Calls to Secrets Manager: how often a failing one is made."""

import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from components.database_functions.errors import SecretsManagerError
from components.database_functions.rotation.handler import handle
from emulator.isolation import NO_USER_FILES

EVENT = {
    "SecretId": "/dev/rds/aurora/master-password",
    "ClientRequestToken": "11111111-1111-4111-8111-111111111111",
    "Step": "createSecret",
}


class FailingService(ThreadingHTTPServer):
    """Secrets Manager while it fails."""

    def __init__(self) -> None:
        self.operations: list[str] = []
        super().__init__(("127.0.0.1", 0), _Answer)


class _Answer(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        assert isinstance(self.server, FailingService)
        self.server.operations.append(self.headers["X-Amz-Target"])
        self.rfile.read(int(self.headers["Content-Length"]))
        body = b'{"__type": "InternalServiceError", "Message": "as AWS reports"}'
        self.send_response(500)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Log nothing."""


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[FailingService]:
    service = FailingService()
    thread = threading.Thread(target=service.serve_forever, daemon=True)
    thread.start()
    environment = {
        "AWS_ACCESS_KEY_ID": "rehearsal",
        "AWS_SECRET_ACCESS_KEY": "rehearsal",
        "AWS_DEFAULT_REGION": "us-east-2",
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{service.server_port}",
        "NO_PROXY": "127.0.0.1",
        **NO_USER_FILES,
    }
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    yield service
    service.shutdown()
    thread.join()
    service.server_close()


def _no_pause(_: float) -> None:
    """Skip botocore's pause between two attempts."""


def test_a_failing_call_is_made_four_times(
    service: FailingService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(time, "sleep", _no_pause)
    with pytest.raises(
        SecretsManagerError, match=r"^DescribeSecret: InternalServiceError: as AWS reports$"
    ):
        handle(EVENT, None)
    assert service.operations == ["secretsmanager.DescribeSecret"] * 4
