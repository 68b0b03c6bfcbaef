"""Clients that query continuously during rotations, and their results."""

import threading
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field

import psycopg
from psycopg.conninfo import make_conninfo

from components.database_functions.credential import Credential
from tests.components.database_functions.rotation.rotations import Bench

CLIENTS = 8
CACHING_CLIENTS = 2
"""Clients that each use one secret for a whole period. They wait for one another before and after
each rotation, so more of them take longer, and none of them uses another secret."""
PATIENCE = 20.0
"""Seconds after which a client abandons a transaction."""
_PAUSE = 0.005


@dataclass
class Client:
    """A client that logs in for every transaction and reads the secret again on a rejected login.

    Attributes:
        read: Function that reads the secret.
        secret: Credentials as last read.
        transactions: Number of completed transactions.
        rejected_logins: Number of rejected logins.
        failures: Errors of failed transactions; a rejected login that is retried is not one.
        longest_stall: Longest duration of a transaction with rejected logins, in seconds.
    """

    read: Callable[[], Credential]
    certificates: str
    secret: Credential = field(init=False)
    transactions: int = 0
    rejected_logins: int = 0
    failures: list[str] = field(default_factory=list[str])
    longest_stall: float = 0.0

    def __post_init__(self) -> None:
        self.secret = self.read()

    def run(self, stop: threading.Event) -> None:
        while not stop.is_set():
            try:
                self.transact()
            except Exception as failure:  # reported by the test, whatever it is
                self.failures.append(f"{type(failure).__name__}: {failure}")
            else:
                self.transactions += 1

    def transact(self, patience: float = PATIENCE) -> None:
        """Execute a transaction, with as many logins as it requires."""
        began = time.monotonic()
        rejected = 0
        while True:
            try:
                with self.connection() as connection:
                    connection.execute("SELECT 1")
            except psycopg.OperationalError as failure:
                if "password authentication failed" not in str(failure):
                    raise
                if time.monotonic() - began > patience:
                    raise
                rejected += 1
                time.sleep(_PAUSE)
                self.secret = self.read()
            else:
                break
        if rejected:
            self.rejected_logins += rejected
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
    """Let clients query until the context exits."""
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
    """Return the current credentials of the secret."""
    found = bench.credential("AWSCURRENT")
    if found is None:
        message = "the secret has no current version"
        raise LookupError(message)
    return found


def rotate_under_load(bench: Bench, rotations: int) -> list[Client]:
    """Rotate under load of clients that read the secret again on a rejected login; return them."""
    clients = [
        Client(lambda: current(bench), str(bench.under_test.certificates)) for _ in range(CLIENTS)
    ]
    with running(clients):
        for _ in range(rotations):
            bench.rotate()
    return clients


def rotate_under_late_load(bench: Bench, rotations: int) -> list[Client]:
    """Rotate under load of clients that cache the secret for a whole period; return them.

    Each reads the secret just before a rotation and uses it until just before the next one.
    """
    clients = [
        Client(lambda: current(bench), str(bench.under_test.certificates))
        for _ in range(CACHING_CLIENTS)
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
    """Wait until each client has started and completed a transaction."""
    # The transaction in progress may have started with another secret.
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
