"""The lock that lets this process handle one request at a time.

Moto's state belongs to the process, so all servers in it share the lock.
"""

import threading
from collections.abc import Generator
from contextlib import contextmanager

_LOCK = threading.Lock()


@contextmanager
def request() -> Generator[None]:
    """Wait until no other request is being handled, and handle this one."""
    with _LOCK:
        yield


@contextmanager
def other_requests() -> Generator[None]:
    """Let other requests be handled while this request waits for something.

    The state can have changed afterwards.

    Raises:
        RuntimeError: no request is being handled.
    """
    _LOCK.release()
    try:
        yield
    finally:
        _LOCK.acquire()
