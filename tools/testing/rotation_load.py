"""Clients that query without pause while passwords are rotated, and how they fare."""

import threading
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field

import psycopg
from psycopg.conninfo import make_conninfo

from components.database_functions.rotation.credential import Credential
from tests.components.database_functions.rotation.rotations import Bench

CLIENTS = 8
PATIENCE = 20.0
"""Seconds after which a client gives a transaction up."""
_PAUSE = 0.005


@dataclass
class Client:
    """Logs in anew for every transaction, and reads the secret again when a login is refused.

    Attributes:
        read: Reads the secret.
        secret: What it said when it was last read.
        transactions: How many were done.
        refused: How many logins were refused.
        failures: Why transactions failed; a refused login that is tried again is none.
        longest_stall: Seconds between the first refusal of a transaction's login and its success.
    """

    read: Callable[[], Credential]
    certificates: str
    secret: Credential = field(init=False)
    transactions: int = 0
    refused: int = 0
    failures: list[str] = field(default_factory=list[str])
    longest_stall: float = 0.0

    def __post_init__(self) -> None:
        self.secret = self.read()

    def run(self, stop: threading.Event) -> None:
        while not stop.is_set():
            try:
                self.transact()
            except Exception as failure:  # whatever it is, the test tells it
                self.failures.append(f"{type(failure).__name__}: {failure}")
            else:
                self.transactions += 1

    def transact(self, patience: float = PATIENCE) -> None:
        """Do one transaction, with as many logins as it takes."""
        began = time.monotonic()
        refused = 0
        while True:
            try:
                with self.connection() as connection:
                    connection.execute("SELECT 1")
            except psycopg.OperationalError as failure:
                if "password authentication failed" not in str(failure):
                    raise
                if time.monotonic() - began > patience:
                    raise
                refused += 1
                time.sleep(_PAUSE)
                self.secret = self.read()
            else:
                break
        if refused:
            self.refused += refused
            self.longest_stall = max(self.longest_stall, time.monotonic() - began)

    def connection(self) -> psycopg.Connection:
        secret = self.secret
        return psycopg.connect(
            make_conninfo(
                host=secret.host,
                port=secret.port,
                user=secret.username,
                password=secret.password,
                dbname=secret.database,
                sslmode="verify-full",
                sslrootcert=self.certificates,
                connect_timeout=10,
            )
        )


@contextmanager
def running(clients: list[Client]) -> Generator[None]:
    """Let clients query for as long as the context lasts."""
    stop = threading.Event()
    threads = [threading.Thread(target=client.run, args=(stop,)) for client in clients]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join()


def current(bench: Bench) -> Credential:
    """Return what the secret says now."""
    found = bench.credential("AWSCURRENT")
    if found is None:
        message = "the secret has no current version"
        raise LookupError(message)
    return found


def rotate_under_load(bench: Bench, rotations: int) -> list[Client]:
    """Rotate while clients that read the secret again after a refusal query; return them."""
    clients = [
        Client(lambda: current(bench), str(bench.under_test.certificates)) for _ in range(CLIENTS)
    ]
    with running(clients):
        for _ in range(rotations):
            bench.rotate()
    return clients


def rotate_under_late_load(bench: Bench, rotations: int) -> list[Client]:
    """Rotate while clients that keep a secret for a whole period query; return them.

    Each reads the secret just before a rotation and uses it during this one and after it, until
    just before the next.
    """
    clients = [
        Client(lambda: current(bench), str(bench.under_test.certificates)) for _ in range(CLIENTS)
    ]
    with running(clients):
        for _ in range(rotations):
            secret = current(bench)
            for client in clients:
                client.secret = secret
            _await_a_transaction(clients)
            bench.rotate()
            _await_a_transaction(clients)
    return clients


def _await_a_transaction(clients: list[Client]) -> None:
    """Return when each client has begun and ended a transaction after this call."""
    # The one that runs may have begun with another secret.
    wanted = [client.transactions + 2 for client in clients]
    deadline = time.monotonic() + PATIENCE
    while any(
        client.transactions < number and not client.failures
        for client, number in zip(clients, wanted, strict=True)
    ):
        if time.monotonic() > deadline:
            message = f"no transaction was done in {PATIENCE:.0f} s"
            raise TimeoutError(message)
        time.sleep(_PAUSE)
