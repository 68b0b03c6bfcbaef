"""Patched moto on a loopback port, inside this process."""

import logging
import threading
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.moto_api._internal.models import moto_api_backend

from emulator.aws import registry
from emulator.aws.moto_adapter import http_server, in_process
from emulator.provider.aws_connection import answered_in_process

__all__ = ["RunningServer", "serve"]

LOOPBACK = "127.0.0.1"


@dataclass(frozen=True)
class RunningServer:
    """A server that accepts requests.

    Attributes:
        url: Where every AWS service answers, in every region: `http://127.0.0.1:PORT`.
        account_id: The account of every caller, whatever its credentials.
    """

    url: str
    account_id: str


@contextmanager
def serve(port: int = 0) -> Generator[RunningServer]:
    """Serve the emulated AWS on 127.0.0.1 until the context ends.

    Moto's state belongs to the process: a second server in the same process has the same account,
    which is emptied when a server ends.

    Args:
        port: TCP port; 0 chooses a free one.

    Raises:
        MotoVersionError: the installed moto is not the pinned one.
        OSError: the port is in use.
    """
    registry.apply_all()
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = http_server.make_server(LOOPBACK, port)
    thread = threading.Thread(target=server.serve_forever, name="emulated-aws", daemon=True)
    thread.start()
    url = f"http://{LOOPBACK}:{server.port}"
    try:
        with answered_in_process(url, partial(in_process.answer, server)):
            yield RunningServer(url, DEFAULT_ACCOUNT_ID)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        moto_api_backend.reset()
