"""Alarm states by the tables of the CloudWatch user guide; no AWS is needed.

Alarm evaluation, "How alarm state is evaluated when data is missing" and "Avoiding premature
transitions to alarm state".
"""

import pytest

from emulator.aws.patches.cloudwatch.alarm_evaluation import (
    ALARM,
    INSUFFICIENT_DATA,
    OK,
    Point,
    Watch,
    state,
)

MINUTE = 60
NOW = 10 * MINUTE + 1


def watch(treatment: str = "missing", needed: int = 2, **changes: object) -> Watch:
    members = {
        "statistic": "Average",
        "comparison_operator": "GreaterThanThreshold",
        "threshold": 5.0,
        "period": MINUTE,
        "evaluation_periods": 3,
        "datapoints_to_alarm": needed,
        "treat_missing_data": treatment,
        **changes,
    }
    return Watch(**members)  # pyright: ignore[reportArgumentType]


def points(*values: float | None) -> list[Point]:
    """One value a minute, the last in the last whole minute before NOW."""
    first = 10 - len(values)
    return [
        Point((first + index) * MINUTE + 1, value)
        for index, value in enumerate(values)
        if value is not None
    ]


TREATMENTS = ("missing", "ignore", "breaching", "notBreaching")
RETAIN = "retain the current state"
FIGURES = {"0": 1.0, "X": 9.0, "-": None}


def periods(row: str) -> list[Point]:
    """Return the points of a row of the guide: 0 is not breaching, X breaching and - missing."""
    return points(*(FIGURES[mark] for mark in row.split()))


TABLES: dict[tuple[int, str], tuple[str, ...]] = {
    # Datapoints to Alarm and Evaluation Periods are both 3.
    (3, "0 - X - X"): (OK, OK, OK, OK),
    (3, "0 - - - -"): (OK, OK, OK, OK),
    (3, "- - - - -"): (INSUFFICIENT_DATA, RETAIN, ALARM, OK),
    (3, "0 X X - X"): (ALARM, ALARM, ALARM, ALARM),
    (3, "- - X - -"): (ALARM, RETAIN, ALARM, OK),
    # Premature transitions are avoided.
    (3, "- - - - X"): (RETAIN, RETAIN, ALARM, OK),
    (3, "- - - X -"): (RETAIN, RETAIN, ALARM, OK),
    # 2 out of 3.
    (2, "0 - X - X"): (ALARM, ALARM, ALARM, ALARM),
    (2, "0 0 X 0 X"): (ALARM, ALARM, ALARM, ALARM),
    (2, "0 - X - -"): (OK, OK, ALARM, OK),
    (2, "- - - - 0"): (OK, OK, ALARM, OK),
    (2, "- - - X -"): (ALARM, RETAIN, ALARM, OK),
}
"""States by treatment, by Datapoints to Alarm and row."""


@pytest.mark.parametrize("before", [OK, ALARM, INSUFFICIENT_DATA])
def test_a_state_follows_the_tables_of_the_guide(before: str) -> None:
    found = {
        (needed, row): tuple(
            state(watch(treatment, needed), periods(row), NOW, before) for treatment in TREATMENTS
        )
        for needed, row in TABLES
    }
    assert found == {
        case: tuple(before if expected == RETAIN else expected for expected in states)
        for case, states in TABLES.items()
    }


def test_the_current_period_does_not_count() -> None:
    early = [Point(10 * MINUTE, 9), *points(1, 1, 1)]
    assert state(watch(needed=1), early, NOW, OK) == OK


def test_data_before_the_evaluation_range_does_not_count() -> None:
    assert state(watch(), periods("X - - - - -"), NOW, OK) == INSUFFICIENT_DATA


@pytest.mark.parametrize(
    ("statistic", "alarm"),
    [("Average", OK), ("Maximum", ALARM), ("Minimum", OK), ("Sum", ALARM), ("SampleCount", OK)],
)
def test_the_points_of_a_period_become_one_value(statistic: str, alarm: str) -> None:
    two = [Point(9 * MINUTE + 1, 1), Point(9 * MINUTE + 2, 6)]
    assert state(watch(needed=1, statistic=statistic), two, NOW, OK) == alarm


@pytest.mark.parametrize(
    ("operator", "alarms"),
    [
        ("GreaterThanOrEqualToThreshold", [False, True, True]),
        ("GreaterThanThreshold", [False, False, True]),
        ("LessThanOrEqualToThreshold", [True, True, False]),
        ("LessThanThreshold", [True, False, False]),
    ],
)
def test_a_value_is_compared_by_the_operator(operator: str, alarms: list[bool]) -> None:
    found = [
        state(watch(needed=1, comparison_operator=operator), points(value), NOW, OK) == ALARM
        for value in (4, 5, 6)
    ]
    assert found == alarms
