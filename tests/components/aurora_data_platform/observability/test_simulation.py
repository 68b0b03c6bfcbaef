"""Simulated days, and the times at which each alarm of the catalogue is in the ALARM state.

Alarms are evaluated by `emulator.aws.patches.cloudwatch.alarm_evaluation`, which documents how it
differs from CloudWatch.
"""

from collections.abc import Mapping
from pathlib import Path

import pytest
import yaml

from components.aurora_data_platform.observability.alarms.alarm import PlatformAlarm, alarms_for
from components.aurora_data_platform.observability.alarms.catalogue import ALARM_CATALOGUE
from components.aurora_data_platform.settings.model import PlatformSettings
from emulator.aws.patches.cloudwatch.alarm_evaluation import ALARM, OK, Point, Watch, state
from tests.components.aurora_data_platform.observability.workload import (
    MINUTES,
    SCENARIOS,
    Scenario,
)
from tools.reference.stacks import STACKS, settings_of

EXPECTED: Mapping[str, Mapping[str, Mapping[str, list[str]]]] = yaml.safe_load(
    Path(__file__).with_name("timelines.yaml").read_text(encoding="utf-8")
)
STEP = 5
"""Minutes between evaluations; every period is a multiple of it."""


def evaluated(alarm: PlatformAlarm) -> Watch:
    row = alarm.row
    return Watch(
        row.statistic,
        str(row.comparison),
        alarm.threshold,
        row.period_seconds,
        row.periods,
        alarm.datapoints_to_alarm,
        alarm.row.missing_data,
    )


def times_on(alarm: PlatformAlarm, scenario: Scenario, settings: PlatformSettings) -> list[str]:
    """Return `HH:MM-HH:MM` for each time in ALARM, after a day without any."""
    watch = evaluated(alarm)
    reach = watch.period * watch.evaluation_periods // 60
    # The previous day is the quiet one.
    values = {
        minute: SCENARIOS["quiet"].value(alarm.row.metric, settings, minute % MINUTES)
        if minute < 0
        else scenario.value(alarm.row.metric, settings, minute)
        for minute in range(-2 * reach, MINUTES)
    }
    found: list[str] = []
    before, since = OK, 0
    for now in range(0, MINUTES + 1, STEP):
        window = range(max(-2 * reach, now - 2 * reach), now)
        points = [
            Point(minute * 60, value) for minute in window if (value := values[minute]) is not None
        ]
        after = state(watch, points, now * 60, before)
        if after == ALARM != before:
            since = now
        if before == ALARM != after:
            found.append(f"{clock(since)}-{clock(now)}")
        before = after
    return found if before != ALARM else [*found, f"{clock(since)}-"]


def clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def timeline(scenario: str, settings: PlatformSettings) -> dict[str, list[str]]:
    alarms = alarms_for(ALARM_CATALOGUE, settings)
    found = {
        alarm.logical_suffix: times_on(alarm, SCENARIOS[scenario], settings) for alarm in alarms
    }
    return {name: times for name, times in found.items() if times}


@pytest.mark.parametrize("stack", STACKS)
@pytest.mark.parametrize("scenario", SCENARIOS)
def test_a_day_raises_exactly_the_expected_alarms(scenario: str, stack: str) -> None:
    assert timeline(scenario, settings_of(stack)) == EXPECTED[scenario].get(stack, {})


@pytest.mark.parametrize("stack", STACKS)
def test_no_alarm_is_raised_on_the_quiet_day(stack: str) -> None:
    assert timeline("quiet", settings_of(stack)) == {}


def test_a_paused_cluster_raises_no_alarm_by_missing_data() -> None:
    pausing = settings_of("prod").model_copy(update={"aurora_min_capacity": 0.0})
    assert timeline("paused at night", pausing) == {}


def test_logical_replication_adds_an_alarm_for_its_slots() -> None:
    replicating = settings_of("prod").model_copy(
        update={"cluster_parameters": {"rds.logical_replication": True}}
    )
    assert timeline("forgotten slot", replicating) == {"replication-slot": ["20:00-"]}


def test_every_alarm_of_the_catalogue_is_raised_on_some_day() -> None:
    raised = {name for stacks in EXPECTED.values() for name in stacks.get("prod", {})} | {
        "replication-slot"
    }
    keys = {alarm.key for alarm in ALARM_CATALOGUE}
    assert {key for key in keys if not any(name.startswith(key) for name in raised)} == set()
