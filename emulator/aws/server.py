"""Corrected moto on a loopback port, inside this process."""

import logging
import threading
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass

from emulator.aws import moto_internals, registry
from rehearsal import landing_zone

LOOPBACK = "127.0.0.1"
DEFAULT_REGION = "us-east-2"


@dataclass(frozen=True)
class RunningServer:
    """A server that answers now.

    Attributes:
        url: Where every AWS service answers, `http://127.0.0.1:PORT`.
        region: The first region that the landing zone was seeded in.
        account_id: The account of every caller, whatever its credentials.
    """

    url: str
    region: str
    account_id: str


@contextmanager
def serve(
    port: int = 0, *, regions: tuple[str, ...] = (DEFAULT_REGION,)
) -> Generator[RunningServer]:
    """Serve the emulated AWS on 127.0.0.1 until the context ends.

    Moto's state belongs to the process: a second server in the same process sees the same account.

    Args:
        port: TCP port; 0 takes a free one.
        regions: Where the landing zone is seeded, at least one.

    Raises:
        MotoVersionError: another moto than the pinned one is installed.
        ValueError: a region without a landing zone.
        OSError: the port is taken.
    """
    registry.apply_all()
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    for region in regions:
        landing_zone.seed(region)
    server = moto_internals.make_server(LOOPBACK, port)
    thread = threading.Thread(target=server.serve_forever, name="emulated-aws", daemon=True)
    thread.start()
    try:
        yield RunningServer(
            url=f"http://{LOOPBACK}:{server.port}",
            region=regions[0],
            account_id=landing_zone.ACCOUNT_ID,
        )
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
