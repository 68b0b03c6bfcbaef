"""Windows: when they are, and which ones overlap."""

import pytest

from policy_pack.aurora_policies.reading.values import Value
from policy_pack.aurora_policies.reading.windows import Window, window

DAY, WEEK = 1440, 10080


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("03:00-04:00", Window(180, 60, DAY)),
        ("00:00-23:59", Window(0, 1439, DAY)),
        ("23:30-00:30", Window(1410, 60, DAY)),
        ("mon:01:02-mon:03:04", Window(62, 122, WEEK)),
        ("Sun:23:30-MON:00:30", Window(6 * DAY + 1410, 60, WEEK)),
        ("tue:23:00-wed:01:00", Window(DAY + 1380, 120, WEEK)),
    ],
)
def test_a_window_is_read_in_minutes_of_the_week(text: str, expected: Window) -> None:
    assert window(text, weekly=text[0].isalpha()) == expected


@pytest.mark.parametrize("weekly", [True, False])
def test_another_value_is_not_a_window(*, weekly: bool) -> None:
    values: list[Value] = [
        *("sun:03:00-04:00", "03:00-sun:04:00", "24:00-25:00", "03:60-04:00", "3-4", "sunday", ""),
        *(None, 7, ["03:00-04:00"], {}),
    ]
    assert [value for value in values if window(value, weekly=weekly) is not None] == []


def test_a_backup_window_is_daily_and_a_maintenance_window_weekly() -> None:
    assert window("03:00-04:00", weekly=True) is None
    assert window("sun:03:00-sun:04:00", weekly=False) is None


@pytest.mark.parametrize(
    ("daily", "weekly", "expected"),
    [
        ("03:00-04:00", "sun:04:00-sun:05:00", False),
        ("03:00-04:00", "sun:03:59-sun:05:00", True),
        ("03:00-04:00", "sun:02:00-sun:03:00", False),
        ("03:00-04:00", "sun:02:00-sun:03:01", True),
        ("03:00-04:00", "mon:03:00-mon:03:30", True),
        ("23:30-00:30", "mon:00:29-mon:01:00", True),
        ("23:30-00:30", "mon:00:30-mon:01:00", False),
        ("00:00-00:30", "sun:23:30-mon:00:00", False),
        ("00:00-00:30", "sun:23:30-mon:00:01", True),
    ],
)
def test_windows_overlap_if_they_have_a_minute_in_common(
    daily: str, weekly: str, *, expected: bool
) -> None:
    first, second = window(daily, weekly=False), window(weekly, weekly=True)
    assert first is not None
    assert second is not None
    assert first.overlaps(second) is expected
    assert second.overlaps(first) is expected
