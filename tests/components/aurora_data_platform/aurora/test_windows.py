"""Backup and maintenance windows."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.aurora_data_platform.aurora.windows import (
    DAYS,
    MINUTES_PER_DAY,
    backup_minutes,
    maintenance_minutes,
    windows_overlap,
)

MINUTE = st.integers(0, MINUTES_PER_DAY - 1)


def clock(minute: int) -> str:
    return f"{minute // 60 % 24:02}:{minute % 60:02}"


def moment(minute: int) -> str:
    return f"{DAYS[minute // MINUTES_PER_DAY % 7]}:{clock(minute % MINUTES_PER_DAY)}"


@pytest.mark.parametrize(
    ("window", "minutes"),
    [("03:00-04:00", (180, 240)), ("23:45-00:15", (1425, 1455)), ("00:00-00:30", (0, 30))],
)
def test_a_backup_window_is_parsed(window: str, minutes: tuple[int, int]) -> None:
    assert backup_minutes(window) == minutes


@pytest.mark.parametrize(
    "window", ["3:00-4:00", "03:00-03:29", "03:00-03:00", "24:00-25:00", "03:00", "03:60-04:30"]
)
def test_a_malformed_or_short_backup_window_is_rejected(window: str) -> None:
    with pytest.raises(ValueError, match=r"not of the form|less than 30"):
        backup_minutes(window)


@pytest.mark.parametrize(
    ("window", "minutes"),
    [
        ("mon:00:00-mon:00:30", (0, 30)),
        ("tue:02:03-tue:05:07", (1563, 1747)),
        ("sun:23:30-mon:00:30", (10050, 10110)),
    ],
)
def test_a_maintenance_window_is_parsed(window: str, minutes: tuple[int, int]) -> None:
    assert maintenance_minutes(window) == minutes


@pytest.mark.parametrize("window", ["Sun:04:00-Sun:05:00", "sun:04:00-sun:04:10", "04:00-05:00"])
def test_a_malformed_or_short_maintenance_window_is_rejected(window: str) -> None:
    with pytest.raises(ValueError, match=r"not of the form|less than 30"):
        maintenance_minutes(window)


def test_a_short_window_is_rejected_with_its_length() -> None:
    with pytest.raises(ValueError, match=r"^'03:00-03:29' lasts 29 minutes, less than 30$"):
        backup_minutes("03:00-03:29")


OVERLAPS = {
    ("03:00-04:00", "sun:04:00-sun:05:00"): False,
    ("03:00-04:01", "sun:04:00-sun:05:00"): True,
    ("05:00-06:00", "sun:04:00-sun:05:00"): False,
    ("04:59-06:00", "sun:04:00-sun:05:00"): True,
    ("23:30-00:30", "sun:23:00-sun:23:31"): True,
    ("05:00-06:00", "sun:23:00-sun:22:30"): True,
    ("23:30-00:30", "mon:00:00-mon:00:30"): True,
    ("00:00-00:30", "sun:23:30-mon:00:10"): True,
    ("12:00-12:30", "mon:13:00-tue:11:00"): False,
    ("12:00-12:30", "mon:13:00-tue:12:10"): True,
}
"""Whether a backup and a maintenance window overlap."""


def test_windows_overlap_only_when_they_share_a_minute() -> None:
    assert {windows: windows_overlap(*windows) for windows in OVERLAPS} == OVERLAPS


@given(MINUTE, st.integers(30, 600), st.integers(0, 7 * MINUTES_PER_DAY - 1), st.integers(30, 3000))
def test_the_overlap_agrees_with_counting_every_minute_of_the_week(
    backup_start: int, backup_length: int, start: int, length: int
) -> None:
    backup = f"{clock(backup_start)}-{clock(backup_start + backup_length)}"
    maintenance = f"{moment(start)}-{moment(start + length)}"
    backed_up = {(backup_start + minute) % MINUTES_PER_DAY for minute in range(backup_length)}
    maintained = {(start + minute) % MINUTES_PER_DAY for minute in range(length)}
    assert windows_overlap(backup, maintenance) is bool(backed_up & maintained)
