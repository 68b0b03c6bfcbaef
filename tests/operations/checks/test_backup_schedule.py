"""Times of the cron expressions of AWS Backup."""

from datetime import UTC, datetime

import pytest

from operations.checks.backup_schedule import last_run

FRIDAY = datetime(2026, 11, 27, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("schedule", "expected"),
    [
        ("cron(0 5 ? * * *)", "2026-11-27 05:00"),
        ("cron(30 12 ? * * *)", "2026-11-26 12:30"),
        ("cron(0 12 ? * * *)", "2026-11-26 12:00"),
        ("cron(15 0/6 * * ? *)", "2026-11-27 06:15"),
        ("cron(0 9,17 ? * MON-THU *)", "2026-11-26 17:00"),
        ("cron(0 1-3 ? * * *)", "2026-11-27 03:00"),
        ("cron(0 5 ? * SUN *)", "2026-11-22 05:00"),
        ("cron(0 5 ? * 1 *)", "2026-11-22 05:00"),
        ("cron(0 5 ? * L *)", "2026-11-21 05:00"),
        ("cron(0 5 ? * FRI-SUN *)", "2026-11-27 05:00"),
        ("cron(0 5 ? * SAT-MON *)", "2026-11-23 05:00"),
        ("cron(0 5 ? * 6#2 *)", "2026-11-13 05:00"),
        ("cron(0 5 ? * 5L *)", "2026-11-26 05:00"),
        ("cron(0 5 1 * ? *)", "2026-11-01 05:00"),
        ("cron(0 5 L * ? *)", "2026-10-31 05:00"),
        ("cron(0 5 LW * ? *)", "2026-10-30 05:00"),
        ("cron(0 5 15W * ? *)", "2026-11-16 05:00"),
        ("cron(0 5 1W AUG ? *)", "2026-08-03 05:00"),
        ("cron(0 5 29 2 ? *)", "2024-02-29 05:00"),
        ("cron(0 5 1 JAN,JUL ? 2025-2026)", "2026-07-01 05:00"),
    ],
)
def test_the_last_run_is_the_latest_scheduled_time_before(schedule: str, expected: str) -> None:
    assert last_run(schedule, FRIDAY) == datetime.fromisoformat(f"{expected}+00:00")


def test_a_schedule_of_the_future_had_no_run() -> None:
    assert last_run("cron(0 5 1 1 ? 2027)", FRIDAY) is None


@pytest.mark.parametrize("schedule", ["rate(1 day)", "cron(0 5 ? * *)", "cron(0 5 ? * NOT *)"])
def test_anything_else_is_not_a_schedule(schedule: str) -> None:
    with pytest.raises(ValueError, match=r"cron expression|invalid literal"):
        last_run(schedule, FRIDAY)
