"""Aurora PostgreSQL versions: support dates, capacity limits and the choice of a creatable one.

`engine_versions.json` is a dated copy of AWS's release calendar; it names its sources. A minor
version that the calendar did not list yet is legal: AWS is the judge of what exists.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

_DATA = json.loads((Path(__file__).parent / "engine_versions.json").read_text(encoding="utf-8"))

ENGINE = "aurora-postgresql"
SUPPORT_WARNING_DAYS = 90
LATER_MINORS_ASKED = 30
"""How many minors after the requested one `candidates` names; AWS made eight in two years."""


@dataclass(frozen=True)
class MinorVersion:
    """A row of AWS's release calendar.

    Attributes:
        end_of_standard_support: Last day on which AWS creates new clusters of this version.
        long_term_support: True for an LTS minor, which AWS keeps until the end of the major.
    """

    end_of_standard_support: date
    long_term_support: bool


@dataclass(frozen=True)
class CapacityRange:
    """ACU that Serverless v2 offers for an engine version; 1 ACU is about 2 GiB of memory."""

    minimum: float
    maximum: float


CALENDAR: dict[str, MinorVersion] = {
    version: MinorVersion(
        date.fromisoformat(row["end_of_standard_support"]), row["long_term_support"]
    )
    for version, row in _DATA["minor_versions"].items()
}


def parse(version: str) -> tuple[int, int]:
    """Split `17.4` into (17, 4).

    Raises:
        ValueError: The text is not MAJOR.MINOR.
    """
    major, dot, minor = version.partition(".")
    if not (dot and major.isascii() and minor.isascii() and major.isdigit() and minor.isdigit()):
        msg = f"{version!r} is not of the form MAJOR.MINOR"
        raise ValueError(msg)
    return int(major), int(minor)


def family(version: str) -> str:
    """Parameter group family of an engine version, for example `aurora-postgresql17`."""
    return f"{ENGINE}{parse(version)[0]}"


def capacity_range(version: str) -> CapacityRange | None:
    """ACU limits of an engine version.

    Returns:
        The limits, or None when Serverless v2 does not offer the version.
    """
    wanted = parse(version)
    for row in _DATA["capacity_ranges_acu"]:
        if parse(row["from"]) <= wanted < parse(row["before"]):
            return CapacityRange(row["minimum"], row["maximum"])
    return None


def is_long_term_support(version: str) -> bool:
    """Whether the calendar lists the minor as LTS."""
    row = CALENDAR.get(version)
    return row is not None and row.long_term_support


def candidates(version: str) -> Sequence[str]:
    """The version itself, then the later minors of its major, nearest first."""
    major, minor = parse(version)
    return [f"{major}.{minor + step}" for step in range(LATER_MINORS_ASKED + 1)]


def support_advice(version: str, today: date) -> str | None:
    """What to tell about the support that is left.

    Args:
        version: Engine version that will be created, MAJOR.MINOR.
        today: The day to count from.

    Returns:
        A sentence when fewer than 90 days of standard support are left or it has ended, else None.
    """
    row = CALENDAR.get(version)
    if row is None:
        return None
    days = (row.end_of_standard_support - today).days
    if days >= SUPPORT_WARNING_DAYS:
        return None
    until = row.end_of_standard_support.isoformat()
    if days < 0:
        return (
            f"Aurora PostgreSQL {version} has been out of standard support since {until}; "
            f"AWS upgrades running clusters by itself. {_recommendation(version)}"
        )
    return (
        f"Aurora PostgreSQL {version} has {days} days of standard support left (until {until}); "
        f"afterwards AWS refuses new clusters on it. {_recommendation(version)}"
    )


def _recommendation(version: str) -> str:
    later = [
        other
        for other in CALENDAR
        if parse(other)[0] == parse(version)[0] and parse(other) > parse(version)
    ]
    best = max(later, key=lambda other: CALENDAR[other].end_of_standard_support, default=None)
    if best is None:
        return "Set engineVersion to a newer major."
    until = CALENDAR[best].end_of_standard_support.isoformat()
    return f"Set engineVersion to {best}, supported until {until}."
