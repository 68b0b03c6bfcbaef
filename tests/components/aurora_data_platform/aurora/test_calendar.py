"""Engine versions by date: the program succeeds on every day until 2030."""

from datetime import date
from typing import Any

import pytest

from components.aurora_data_platform.aurora.engine_versions import CALENDAR, parse
from tools.testing.programs import run_program

MONTHS = [date(year, month, 1) for year in range(2026, 2031) for month in range(1, 13)][10:51]
"""From November 2026 to March 2030."""
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


@pytest.mark.parametrize("stack", ["dev", "prod"])
@pytest.mark.parametrize("today", [day for day in MONTHS if day <= date(2027, 12, 1)])
def test_a_stack_with_automatic_minor_upgrades_gets_the_closest_supported_minor(
    stack: str, today: date
) -> None:
    expected = next(
        version
        for version in sorted(CALENDAR, key=parse)
        if parse(version)[0] == 17
        and not CALENDAR[version].long_term_support
        and today <= CALENDAR[version].end_of_standard_support
    )
    recording = run_program(stack, answers={LOOKUP: creatable(today)})
    assert recording.only(":Cluster").inputs["engineVersion"] == expected


@pytest.mark.parametrize("today", MONTHS)
def test_a_stack_without_automatic_minor_upgrades_reaches_the_lts_version(today: date) -> None:
    expected = next(
        (
            version
            for version in sorted(CALENDAR, key=parse)
            if parse(version)[0] == 17 and today <= CALENDAR[version].end_of_standard_support
        ),
        None,
    )
    if expected is None:
        return
    recording = run_program(
        "dev", answers={LOOKUP: creatable(today)}, autoMinorVersionUpgrade=False
    )
    assert recording.only(":Cluster").inputs["engineVersion"] == expected
