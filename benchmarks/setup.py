"""Benchmark of the setup: a cluster of many users from nothing, and its check afterwards."""

import statistics
import time

from rich.console import Console
from rich.table import Table

from tests.components.database_functions.setup.cluster import Cluster, declared
from tools.testing.databases import running_database

USERS, RUNS = 200, 5


def main() -> None:
    """Run the benchmark and print the results."""
    users = {f"user{number}": {"authentication": "iam"} for number in range(USERS)}
    declaration = declared(users)
    seconds: dict[str, list[float]] = {"setup": [], "check": []}
    with running_database({}) as database:
        cluster = Cluster(database)
        for _ in range(RUNS):
            for found in seconds.values():
                started = time.perf_counter()
                cluster.apply(declaration)
                found.append(time.perf_counter() - started)
            cluster.clean()
    table = Table(f"of {USERS} users", "median s", "min s", "max s", title="databases and users")
    for name, found in seconds.items():
        cells = (statistics.median(found), min(found), max(found))
        table.add_row(name, *(f"{cell:.2f}" for cell in cells))
    Console().print(table)


if __name__ == "__main__":
    main()
