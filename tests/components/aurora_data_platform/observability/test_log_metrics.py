"""Log metric patterns, matched against the log of a real PostgreSQL 17.

The tests implement the part of the pattern language that the patterns use: quoted terms that must
all occur in a line, or, after `?`, of which one must.
"""

import re
import threading
from collections.abc import Iterator

import psycopg
import pytest

from components.aurora_data_platform.observability import log_metrics
from components.aurora_data_platform.observability.log_metrics import LOG_METRICS, LogMetric
from tools.testing.databases import DATABASE, PORT, DatabaseUnderTest, running_database

pytestmark = pytest.mark.database

_TERM = re.compile(r'(\??)"([^"]+)"')


def matches(pattern: str, line: str) -> bool:
    terms = _TERM.findall(pattern)
    assert " ".join(f'{mark}"{term}"' for mark, term in terms) == pattern, "unknown syntax"
    wanted = [term in line for mark, term in terms if not mark]
    either = [term in line for mark, term in terms if mark]
    return all(wanted) and (not either or any(either))


def connect(database: DatabaseUnderTest, password: str) -> psycopg.Connection:
    return psycopg.connect(
        host=database.address,
        port=PORT,
        dbname=DATABASE,
        user=database.master.username,
        password=password,
        sslmode="verify-full",
        sslrootcert=str(database.certificates),
        autocommit=True,
    )


@pytest.fixture(scope="module")
def lines() -> Iterator[list[str]]:
    """Return the log of a server on which each event has occurred a known number of times."""
    parameters = {
        "shared_preload_libraries": "auto_explain",
        "auto_explain.log_min_duration": "100",
        "log_min_duration_statement": "100",
        "log_statement": "all",
        "deadlock_timeout": "50",
    }
    with running_database(parameters) as database:
        for _ in range(3):
            with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
                connect(database, "guessed")
        with connect(database, database.master_password) as session:
            for _ in range(2):
                with pytest.raises(psycopg.errors.UndefinedTable):
                    session.execute("SELECT * FROM nothing_there")
            session.execute("SELECT pg_sleep(0.15)")
            session.execute("CREATE TABLE rows AS SELECT n FROM generate_series(1, 2) AS n")
            # The text of a statement must not be counted.
            session.execute(
                "SELECT 'ERROR:  deadlock detected', 'FATAL:  duration: 9 ms  plan:',"
                " 'FATAL:  password authentication failed for user'"
            )
        deadlock(database)
        yield database.server.log.read_text(encoding="utf-8").splitlines()


def deadlock(database: DatabaseUnderTest) -> None:
    """Lock two rows in different orders in two sessions, of which PostgreSQL cancels one."""
    both_hold_one = threading.Barrier(2)
    cancelled: list[str] = []

    def lock(first: int, second: int) -> None:
        with connect(database, database.master_password) as session:
            try:
                with session.transaction():
                    session.execute("SELECT FROM rows WHERE n = %s FOR UPDATE", (first,))
                    both_hold_one.wait(10)
                    session.execute("SELECT FROM rows WHERE n = %s FOR UPDATE", (second,))
            except psycopg.errors.DeadlockDetected as error:
                cancelled.append(str(error))

    threads = [threading.Thread(target=lock, args=order) for order in ((1, 2), (2, 1))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(cancelled) == 1


@pytest.mark.parametrize(
    ("metric", "expected"),
    [
        (log_metrics.FATAL_ERRORS, 3),
        (log_metrics.LOGIN_FAILURES, 3),
        (log_metrics.ERRORS, 3),
        (log_metrics.DEADLOCKS, 1),
    ],
    ids=lambda value: value.key if isinstance(value, LogMetric) else str(value),
)
def test_a_pattern_counts_exactly_its_events(
    lines: list[str], metric: LogMetric, expected: int
) -> None:
    assert len([line for line in lines if matches(metric.pattern, line)]) == expected


def test_the_plan_of_a_slow_statement_counts_and_its_duration_alone_does_not(
    lines: list[str],
) -> None:
    found = [line for line in lines if matches(log_metrics.SLOW_STATEMENTS.pattern, line)]
    # The session that survived the deadlock also waited for a lock.
    assert 1 <= len(found) <= 2
    assert all(line.endswith(" ms  plan:") for line in found)
    assert len([line for line in lines if "]:LOG:  duration: " in line]) > len(found)


@pytest.mark.parametrize("metric", LOG_METRICS, ids=lambda each: each.key)
def test_a_pattern_is_within_the_limits_of_cloudwatch(metric: LogMetric) -> None:
    """CloudWatch Logs API reference, PutMetricFilter; terms with and without `?` do not mix."""
    assert len(metric.pattern) <= 1024
    marks = {mark for mark, _ in _TERM.findall(metric.pattern)}
    assert len(marks) == 1
