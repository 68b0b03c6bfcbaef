"""Cron expressions of EventBridge."""

import pytest

from components.aurora_data_platform.settings.schedules import is_cron


@pytest.mark.parametrize(
    "text",
    [
        *("cron(0 10 * * ? *)", "cron(0 18 ? * MON-FRI *)", "cron(0 8 1 * ? *)"),
        *("cron(0/15 * * * ? *)", "cron(30 0-2,20-23 ? * MON *)", "cron(0 9 ? * 2#1 *)"),
        *("cron(0 6 L * ? *)", "cron(0 6 15W * ? *)", "cron(0 6 ? JAN,jul 6L 2026-2030)"),
    ],
)
def test_a_cron_expression_of_eventbridge_is_accepted(text: str) -> None:
    assert is_cron(text)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("cron(60 6 * * ? *)", id="minute"),
        pytest.param("cron(0 24 * * ? *)", id="hour"),
        pytest.param("cron(0 6 32 * ? *)", id="day"),
        pytest.param("cron(0 6 * 13 ? *)", id="month"),
        pytest.param("cron(0 6 ? * 8 *)", id="weekday"),
        pytest.param("cron(0 6 * * ? 1969)", id="year"),
        pytest.param("cron(0 6 * * * *)", id="no question mark"),
        pytest.param("cron(0 6 ? * ? *)", id="two question marks"),
        pytest.param("cron(0 6 1 * 2 *)", id="day and weekday"),
        pytest.param("cron(? 6 * * ? *)", id="question mark in another field"),
        pytest.param("cron(0 6 * * ?)", id="five fields"),
        pytest.param("cron(*-5 6 * * ? *)", id="range from every value"),
        pytest.param("cron(0 ٦ * * ? *)", id="digit outside ASCII"),
        pytest.param("0 6 * * ? *", id="without cron"),
    ],
)
def test_another_text_is_rejected(text: str) -> None:
    assert not is_cron(text)
