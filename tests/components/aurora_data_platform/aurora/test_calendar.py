"""Engine versions by date: the program succeeds on every day until 2030."""

from datetime import date, timedelta
from typing import Any

import pulumi
import pytest

from components import aurora_data_platform
from components.aurora_data_platform import AuroraDataPlatformArgs
from components.aurora_data_platform.aurora.engine_versions import CALENDAR, parse
from tools.testing.programs import run_program

FIRST, LAST = date(2026, 11, 1), date(2030, 3, 1)
DAYS = sorted(
    day
    for day in {FIRST, *(row.end_of_standard_support + timedelta(1) for row in CALENDAR.values())}
    if FIRST <= day <= LAST
)
"""The first day, and every later one on which AWS creates fewer versions."""
LOOKUP = "aws:rds/getEngineVersion:getEngineVersion"


def creatable(today: date) -> Any:
    """Return a lookup that finds the first candidate still in standard support, as AWS does."""

    def answer(arguments: dict[str, Any]) -> dict[str, Any]:
        for version in arguments["preferredVersions"]:
            row = CALENDAR.get(version)
            if row is not None and today <= row.end_of_standard_support:
                return {"versionActual": version}
        message = "no matching version"
        raise LookupError(message)

    return answer


class Platform:
    """Stands in for the platform, whose cluster gets the version of its arguments."""

    def __init__(self, name: str, args: AuroraDataPlatformArgs) -> None:
        self.version = args.engine_version

    def outputs(self) -> dict[str, str | None]:
        return {"engineVersion": self.version}


@pytest.fixture(autouse=True)
def platform(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(aurora_data_platform, "AuroraDataPlatform", Platform)


def deployed(stack: str, today: date, **changes: Any) -> str:
    """Return the version that the program creates, or why it creates none."""
    try:
        recording = run_program(stack, answers={LOOKUP: creatable(today)}, **changes)
    except (pulumi.RunError, LookupError) as error:
        return str(error)
    return recording.exports["engineVersion"]


def supported(today: date) -> list[str]:
    """Return the supported minor versions of 17."""
    return [
        version
        for version in sorted(CALENDAR, key=parse)
        if parse(version)[0] == 17 and today <= CALENDAR[version].end_of_standard_support
    ]


@pytest.mark.parametrize("stack", ["dev", "prod"])
def test_a_stack_with_automatic_minor_upgrades_gets_the_closest_supported_minor(stack: str) -> None:
    days = [day for day in DAYS if day <= date(2027, 12, 1)]
    assert {day: deployed(stack, day) for day in days} == {
        day: next(each for each in supported(day) if not CALENDAR[each].long_term_support)
        for day in days
    }


def test_a_stack_without_automatic_minor_upgrades_reaches_the_lts_version() -> None:
    days = [day for day in DAYS if supported(day)]
    assert {day: deployed("dev", day, autoMinorVersionUpgrade=False) for day in days} == {
        day: supported(day)[0] for day in days
    }
