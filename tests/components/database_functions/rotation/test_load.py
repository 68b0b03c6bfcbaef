"""Fifty rotations under load, with clients that read the secret again and clients that do not.

The function runs in this process, against a real database. Times depend on the machine, so
`make bench` measures them.
"""

import psycopg
import pytest

from components.database_functions.rotation.settings import ALTERNATING_USERS, SINGLE_USER
from tests.components.database_functions.rotation.rotations import MakeBench
from tools.testing.rotation_load import (
    CACHING_CLIENTS,
    CLIENTS,
    Client,
    current,
    rotate_under_late_load,
    rotate_under_load,
)

ROTATIONS = 50


def test_clients_that_read_the_secret_again_lose_no_transaction(make_bench: MakeBench) -> None:
    clients = rotate_under_load(make_bench(SINGLE_USER), ROTATIONS)
    assert [failure for client in clients for failure in client.failures] == []
    assert len(clients) == CLIENTS
    assert min(client.transactions for client in clients) > 0
    assert sum(client.rejected_logins for client in clients) > 0, "no login was rejected"


def test_with_alternating_users_a_secret_is_valid_for_a_whole_further_period(
    make_bench: MakeBench,
) -> None:
    bench = make_bench(ALTERNATING_USERS)
    clients = rotate_under_late_load(bench, ROTATIONS)
    assert [failure for client in clients for failure in client.failures] == []
    assert [client.rejected_logins for client in clients] == [0] * CACHING_CLIENTS


def test_with_one_user_an_outdated_secret_is_rejected_permanently(make_bench: MakeBench) -> None:
    bench = make_bench(SINGLE_USER)
    outdated = current(bench)
    bench.rotate()
    client = Client(lambda: outdated, str(bench.under_test.certificates))
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        client.transact(patience=0.1)


def test_a_connection_outlives_rotations(make_bench: MakeBench) -> None:
    bench = make_bench(SINGLE_USER)
    client = Client(lambda: current(bench), str(bench.under_test.certificates))
    with client.connection() as connection:
        for _ in range(3):
            bench.rotate()
            assert connection.execute("SELECT 1").fetchall() == [(1,)]
