"""The judgement of a scaling drill on series that arrive late and incomplete."""

from datetime import UTC, datetime, timedelta

import pytest

from operations.drill.scaling import ScalingDrill

START = datetime(2026, 11, 27, 12, 0, 30, tzinfo=UTC)
END = START + timedelta(minutes=2)
PERIOD = timedelta(minutes=1)


def at(minute: int) -> datetime:
    return datetime(2026, 11, 27, 12, minute, tzinfo=UTC)


def drill(*points: tuple[int, float], before: float | None = 0.5) -> ScalingDrill:
    """Return a drill from 12:00:30 to 12:02:30, with points of whole minutes."""
    made = ScalingDrill(before)
    made.measure([(at(minute), acu) for minute, acu in points], (START, END), PERIOD)
    return made


def test_the_peak_and_the_end_are_told_apart_by_their_times() -> None:
    made = drill((0, 2.0), (1, 6.0), (2, 8.0), (3, 4.0))
    assert (made.peak, made.after) == (8.0, 4.0)
    assert made.samples == [(-30.0, 2.0), (30.0, 6.0), (90.0, 8.0), (150.0, 4.0)]
    assert (made.problems(), made.is_decided) == ([], True)


def test_points_that_are_not_published_yet_decide_nothing() -> None:
    made = drill((0, 0.5))
    assert (made.peak, made.after, made.is_decided) == (0.5, None, False)


def test_a_peak_that_is_published_after_the_load_counts() -> None:
    assert drill((0, 0.5), (2, 8.0), (3, 8.0)).is_decided is False
    assert drill((0, 0.5), (2, 8.0), (3, 8.0), (4, 3.0)).problems() == []


def test_a_gap_under_load_is_no_scale_down() -> None:
    made = drill((0, 4.0), (2, 4.0))
    assert made.problems() == [
        "CloudWatch has no capacity from after the load: increase --cool-down"
    ]


@pytest.mark.parametrize(
    ("made", "problem"),
    [
        (drill((0, 0.5), (1, 0.5), (3, 0.5)), "no scale-up: 0.5 ACU before, at most 0.5 ACU"),
        (drill((1, 8.0), (3, 8.0)), "no scale-down: still 8 ACU"),
        (drill(), "CloudWatch has no capacity from before the load, or under load"),
        (
            drill((1, 8.0), (3, 4.0), before=None),
            "CloudWatch has no capacity from before the load, or under load",
        ),
        (drill((3, 4.0)), "CloudWatch has no capacity from before the load, or under load"),
    ],
)
def test_a_problem_is_named(made: ScalingDrill, problem: str) -> None:
    assert made.problems() == [problem]


def test_without_a_scale_up_nobody_waits_for_the_scale_down() -> None:
    assert drill((0, 0.5), (1, 0.5), (3, 0.5)).is_decided is True


def test_a_paused_cluster_scales_from_zero() -> None:
    made = drill((0, 0.0), (1, 2.0), (3, 1.0), before=0.0)
    assert made.problems() == []


def test_failed_sessions_are_a_problem_of_their_own() -> None:
    made = drill((1, 8.0), (3, 4.0))
    made.errors = 2
    assert made.problems() == ["2 sessions failed"]
