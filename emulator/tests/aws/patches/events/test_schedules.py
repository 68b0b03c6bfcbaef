from typing import Any

import pytest

from emulator.tests.aws.requests import Rejection, rejection

pytestmark = pytest.mark.emulator


@pytest.mark.parametrize(
    "schedule",
    [
        *("cron(99 99 * * ? *)", "cron(0 6 * * * *)", "cron(0 6 ? * ? *)", "cron(0 6 * * ?)"),
        *("cron(0 6 1 * 2 *)", "cron(0 6 32 * ? *)", "cron(0 6 ? 13 1 *)", "cron(0 6 ? * 8 *)"),
        *("rate(1 days)", "rate(0 days)", "every day"),
    ],
)
def test_a_schedule_that_eventbridge_cannot_run_is_rejected(
    events: Any, name: str, schedule: str
) -> None:
    assert rejection(events.put_rule, Name=name, ScheduleExpression=schedule) == Rejection(
        "ValidationException", "Parameter ScheduleExpression is not valid."
    )


@pytest.mark.parametrize(
    "schedule",
    [
        *("cron(0 10 * * ? *)", "cron(15 12 * * ? *)", "cron(0 18 ? * MON-FRI *)"),
        *("cron(0 8 1 * ? *)", "cron(0/15 * * * ? *)", "cron(0/10 * ? * MON-FRI *)"),
        *("cron(0/5 8-17 ? * MON-FRI *)", "cron(30 0-2,20-23 ? * MON *)", "cron(0 9 ? * 2#1 *)"),
        *("cron(0 6 L * ? *)", "rate(1 day)", "rate(6 hours)"),
    ],
)
def test_the_schedules_of_the_user_guide_are_accepted(
    events: Any, name: str, schedule: str
) -> None:
    events.put_rule(Name=name, ScheduleExpression=schedule)
    assert events.describe_rule(Name=name)["ScheduleExpression"] == schedule
