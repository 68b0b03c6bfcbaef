"""Series as CloudWatch returns them: in pages, unordered, with gaps, of a cluster that pauses.

Expected values are computed by hand.
"""

import copy
from datetime import timedelta
from typing import Any

import pytest

from operations.aws.metrics import Metric, read_series
from operations.context import Context
from operations.outputs import parse_outputs
from operations.reports.cost.estimate import Load, estimate
from operations.reports.cost.load import load_of, read_load
from operations.reports.status.facts import capacity_since, read_capacity
from tests.operations.cloudwatch import START, clients, hour, result
from tests.operations.examples import CLUSTER, OUTPUTS

OUTPUT = parse_outputs(OUTPUTS, "the test")
ACU, BYTES, READS, WRITES = range(4)
CAPACITY = Metric("ServerlessDatabaseCapacity", "Average", "DBClusterIdentifier", CLUSTER)


def context(*pages: list[dict[str, Any]]) -> Context:
    return Context("dev", OUTPUT, clients(*pages))


def test_a_series_is_merged_from_all_pages_and_ordered_by_time() -> None:
    pages = (
        [result(0, [(hour(2), 3.0), (hour(0), 1.0)], "PartialData"), result(1, [])],
        [result(0, [(hour(1), 2.0)]), result(1, [(hour(5), 9.0)])],
    )
    found = read_series(
        clients(*pages),
        {"a": CAPACITY, "b": CAPACITY},
        start=START,
        end=hour(6),
        period_seconds=3600,
    )
    assert found == {
        "a": [(hour(0), 1.0), (hour(1), 2.0), (hour(2), 3.0)],
        "b": [(hour(5), 9.0)],
    }


def test_a_paused_night_counts_with_zero_capacity() -> None:
    """Sixteen hours at 3 ACU, eight at 0: 2 ACU on average."""
    day = [(hour(number), 0.0 if number >= 16 else 3.0) for number in range(24)]
    load = read_load(context([result(ACU, day), *(result(n, []) for n in (BYTES, READS, WRITES))]))
    assert load == Load(2.0, None, None, 24)


def test_a_gap_in_the_capacity_is_not_counted_as_zero() -> None:
    points = [(hour(number), 4.0) for number in range(24) if not 6 <= number < 12]
    rows = [result(ACU, points), *(result(n, []) for n in (BYTES, READS, WRITES))]
    assert read_load(context(rows)) == Load(4.0, None, None, 18)


def test_requests_are_extrapolated_from_the_measured_hours() -> None:
    """While the cluster is paused there are no requests: 12 million in 24 hours."""
    capacity = [(hour(number), 1.0 if number < 12 else 0.0) for number in range(24)]
    reads = [(hour(number), 750_000.0) for number in reversed(range(12))]
    writes = [(hour(number), 250_000.0) for number in range(12)]
    stored = [(hour(1), 30e9), (hour(23), 20e9), (hour(0), 25e9)]
    rows = [
        *(result(ACU, capacity), result(BYTES, stored)),
        *(result(READS, reads), result(WRITES, writes)),
    ]
    load = read_load(context(rows))
    assert load == Load(0.5, 20.0, 12 / 24 * 730, 24)
    found = estimate(OUTPUT, load)
    assert found.expected == pytest.approx(0.5 * 0.12 * 730)
    assert found.storage == pytest.approx(2.0)
    assert found.io == pytest.approx(365 * 0.20)
    # 73 of 43.8 + 2 + 73
    assert found.advice == (
        "I/O is 61% of the Aurora spend of 24 hours: consider storageType aurora-iopt1"
    )


def test_two_weeks_on_several_pages_are_one_load() -> None:
    hours = range(14 * 24)
    first = [result(ACU, [(hour(number), 2.0) for number in reversed(hours[100:])])]
    second = [
        result(ACU, [(hour(number), 2.0) for number in reversed(hours[:100])]),
        result(BYTES, [(hour(number), 50e9) for number in hours]),
    ]
    third = [result(READS, [(hour(number), 100_000.0) for number in hours]), result(WRITES, [])]
    load = read_load(context(first, second, third))
    assert (load.average_acu, load.storage_gb, load.hours) == (2.0, 50.0, 336)
    assert load.io_millions == pytest.approx(0.1 * 730)
    assert load.duration == "14 days"


def test_without_data_nothing_is_measured() -> None:
    rows = [result(number, []) for number in (ACU, BYTES, READS, WRITES)]
    load = read_load(context(rows))
    assert load == Load(None, None, None, 0)
    assert estimate(OUTPUT, load).advice == "not enough measurements to compare I/O-Optimized"


def test_a_cluster_that_was_always_paused_costs_nothing_to_compute() -> None:
    series = {
        "acu": [(hour(number), 0.0) for number in range(48)],
        "bytes": [(hour(0), 0.0)],
        "reads": [(hour(0), 0.0)],
        "writes": [(hour(0), 0.0)],
    }
    found = estimate(OUTPUT, load_of(series))
    assert (found.expected, found.storage, found.io) == (0.0, 0.0, 0.0)
    assert found.advice == "nothing was spent on Aurora in 2 days"


INSTANCES = [{"DBInstanceIdentifier": f"{CLUSTER}-1"}, {"DBInstanceIdentifier": f"{CLUSTER}-2"}]


def instances_context(monkeypatch: pytest.MonkeyPatch, *pages: list[dict[str, Any]]) -> Context:
    made = context(*pages)
    metrics = made.aws.pages

    def pages_of(service: str, operation: str, member: str, **members: object) -> list[Any]:
        if operation == "describe_db_instances":
            return copy.deepcopy(INSTANCES)
        return metrics(service, operation, member, **members)

    monkeypatch.setattr(made.aws, "pages", pages_of)
    return made


def test_the_current_capacity_is_the_latest_of_the_highest_instance(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The writer's latest point is on the second page, its older one on the first."""
    rows = [
        [result(0, [(hour(0), 8.0)]), result(1, []), result(2, [(hour(1), 0.5)]), result(3, [])],
        [result(0, [(hour(1), 2.0)])],
    ]
    assert read_capacity(instances_context(monkeypatch, *rows)) == 2.0


def test_the_capacity_of_a_period_is_that_of_the_highest_instance(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rows = [result(0, [(hour(2), 1.0), (hour(0), 4.0)]), result(1, [(hour(2), 6.0)])]
    assert capacity_since(instances_context(monkeypatch, rows), START) == [
        (hour(0), 4.0),
        (hour(0) + timedelta(hours=2), 6.0),
    ]
