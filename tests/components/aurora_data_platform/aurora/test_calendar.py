"""Engine versions by date: the program succeeds on every day until 2030."""

from datetime import date, timedelta
from typing import Any

import pytest

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


@pytest.mark.parametrize("stack", ["dev", "prod"])
@pytest.mark.parametrize("today", [day for day in DAYS if day <= date(2027, 12, 1)])
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


@pytest.mark.parametrize("today", DAYS)
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
