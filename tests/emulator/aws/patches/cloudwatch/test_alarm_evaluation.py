"""How states follow from data, case by case; no AWS is needed."""

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


@pytest.mark.parametrize(
    ("values", "missing", "breaching", "not_breaching", "ignore"),
    [
        # What the four treatments make of three periods, two of which must breach; before: OK.
        ((9, 9, 9), ALARM, ALARM, ALARM, ALARM),
        ((9, 9, 1), ALARM, ALARM, ALARM, ALARM),
        ((9, 1, 1), OK, OK, OK, OK),
        ((9, None, 9), ALARM, ALARM, ALARM, ALARM),
        ((9, None, 1), OK, ALARM, OK, OK),
        ((None, None, 1), OK, ALARM, OK, OK),
        ((9, None, None), OK, ALARM, OK, OK),
        ((None, None, None), INSUFFICIENT_DATA, ALARM, OK, OK),
    ],
)
def test_a_state_follows_from_periods_and_from_what_silence_means(
    values: tuple[float | None, ...], missing: str, breaching: str, not_breaching: str, ignore: str
) -> None:
    found = [
        state(watch(treatment), points(*values), NOW, OK)
        for treatment in ("missing", "breaching", "notBreaching", "ignore")
    ]
    assert found == [missing, breaching, not_breaching, ignore]


def test_ignored_missing_data_keeps_the_state() -> None:
    silent = points(None, None, None)
    assert state(watch("ignore"), silent, NOW, ALARM) == ALARM


def test_the_period_that_is_not_over_does_not_count() -> None:
    early = [Point(10 * MINUTE, 9), *points(1, 1, 1)]
    assert state(watch(needed=1), early, NOW, OK) == OK


def test_data_before_the_evaluated_periods_does_not_count() -> None:
    assert state(watch(needed=1), points(9, 1, 1, 1), NOW, OK) == OK


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
