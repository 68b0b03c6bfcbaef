"""Simulated days, and the times at which each alarm of the catalogue is in the ALARM state.

`docs/incident-days.md` shows them.
"""

from collections.abc import Mapping
from pathlib import Path

import pytest

from components.aurora_data_platform.observability.alarms.catalogue import ALARM_CATALOGUE
from components.aurora_data_platform.settings.model import PlatformSettings
from tools.incident_days.timelines import raised, spans
from tools.incident_days.workload import SCENARIOS
from tools.reference.stacks import STACKS, settings_of
from tools.repository import read_yaml

EXPECTED: Mapping[str, Mapping[str, Mapping[str, list[str]]]] = read_yaml(
    Path(__file__).with_name("timelines.yaml")
)


def timeline(scenario: str, settings: PlatformSettings) -> dict[str, list[str]]:
    found = raised(SCENARIOS[scenario], settings)
    return {alarm.logical_suffix: spans(times) for alarm, times in found}


@pytest.mark.parametrize("stack", STACKS)
def test_a_day_raises_exactly_the_expected_alarms(stack: str) -> None:
    settings = settings_of(stack)
    assert {scenario: timeline(scenario, settings) for scenario in SCENARIOS} == {
        scenario: EXPECTED[scenario].get(stack, {}) for scenario in SCENARIOS
    }


@pytest.mark.parametrize("stack", STACKS)
def test_no_alarm_is_raised_on_the_quiet_day(stack: str) -> None:
    assert timeline("quiet", settings_of(stack)) == {}


def test_a_paused_cluster_raises_no_alarm_because_of_missing_data() -> None:
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
