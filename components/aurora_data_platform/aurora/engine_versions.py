"""Aurora PostgreSQL versions: support dates, capacity limits and later minor versions.

`engine_versions.json` is a dated copy of AWS's release calendar and names its sources. A minor
version that the calendar does not list yet is accepted; AWS decides whether it exists.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

_DATA = json.loads((Path(__file__).parent / "engine_versions.json").read_text(encoding="utf-8"))

ENGINE = "aurora-postgresql"
SUPPORT_WARNING_DAYS = 90
MAX_LATER_MINORS = 30
"""Number of later minors that `minor_candidates` considers; AWS released eight in two years."""


@dataclass(frozen=True)
class MinorVersion:
    """A row of AWS's release calendar.

    Attributes:
        end_of_standard_support: Last day on which AWS creates clusters of this version.
        long_term_support: True for an LTS minor, which AWS supports until the end of the major.
    """

    end_of_standard_support: date
    long_term_support: bool


@dataclass(frozen=True)
class CapacityRange:
    """Capacity limits of an engine version, in ACU (1 ACU is about 2 GiB of memory)."""

    minimum: float
    maximum: float


CALENDAR: dict[str, MinorVersion] = {
    version: MinorVersion(
        date.fromisoformat(row["end_of_standard_support"]), row["long_term_support"]
    )
    for version, row in _DATA["minor_versions"].items()
}


def parse(version: str) -> tuple[int, int]:
    """Parse `17.4` into (17, 4).

    Raises:
        ValueError: The text is not MAJOR.MINOR.
    """
    major, dot, minor = version.partition(".")
    if not (dot and major.isascii() and minor.isascii() and major.isdigit() and minor.isdigit()):
        msg = f"{version!r} is not of the form MAJOR.MINOR"
        raise ValueError(msg)
    return int(major), int(minor)


def family(version: str) -> str:
    """Return the parameter group family of an engine version (`aurora-postgresql17`)."""
    return f"{ENGINE}{parse(version)[0]}"


def capacity_range(version: str) -> CapacityRange | None:
    """Return the capacity limits of an engine version.

    Returns:
        The limits, or None if Serverless v2 does not support the version.
    """
    wanted = parse(version)
    for row in _DATA["capacity_ranges_acu"]:
        if parse(row["from"]) <= wanted < parse(row["before"]):
            return CapacityRange(row["minimum"], row["maximum"])
    return None


def is_lts(version: str) -> bool:
    """Return whether the calendar lists the minor as LTS."""
    row = CALENDAR.get(version)
    return row is not None and row.long_term_support


def never_released(version: str) -> bool:
    """Return whether the calendar lists later minors of the version's major, but not this one.

    A minor above the last listed one may have been released since.
    """
    major, minor = parse(version)
    listed = [parse(each)[1] for each in CALENDAR if parse(each)[0] == major]
    return bool(listed) and version not in CALENDAR and minor < max(listed)


def minor_candidates(version: str, *, long_term_support: bool) -> Sequence[str]:
    """Return the version itself and the later minors of its major, closest first.

    Args:
        version: Requested version, MAJOR.MINOR.
        long_term_support: False to skip later LTS minors, which AWS would upgrade away from while
            automatic minor upgrades are on.
    """
    major, minor = parse(version)
    later = [f"{major}.{minor + step}" for step in range(1, MAX_LATER_MINORS + 1)]
    return [version, *(each for each in later if long_term_support or not is_lts(each))]


def support_warning(version: str, today: date, *, long_term_support: bool) -> str | None:
    """Return a warning about the end of standard support.

    Args:
        version: Engine version of the new cluster, MAJOR.MINOR.
        today: Day from which the remaining days are counted.
        long_term_support: False to recommend no LTS minor, which excludes automatic minor upgrades.

    Returns:
        A sentence if standard support ends in less than 90 days or has ended, otherwise None.
    """
    row = CALENDAR.get(version)
    if row is None:
        return None
    days = (row.end_of_standard_support - today).days
    if days >= SUPPORT_WARNING_DAYS:
        return None
    until = row.end_of_standard_support.isoformat()
    remedy = _recommendation(version, long_term_support=long_term_support)
    if days < 0:
        return (
            f"Standard support of Aurora PostgreSQL {version} ended on {until}; "
            f"AWS upgrades running clusters automatically. {remedy}"
        )
    return (
        f"Standard support of Aurora PostgreSQL {version} ends in {days} days ({until}); "
        f"AWS does not create clusters on it afterwards. {remedy}"
    )


def _recommendation(version: str, *, long_term_support: bool) -> str:
    later = [
        other
        for other in CALENDAR
        if parse(other)[0] == parse(version)[0]
        and parse(other) > parse(version)
        and (long_term_support or not is_lts(other))
    ]
    best = max(later, key=lambda other: CALENDAR[other].end_of_standard_support, default=None)
    if best is None:
        return "Set engineVersion to a later major version."
    until = CALENDAR[best].end_of_standard_support.isoformat()
    return f"Set engineVersion to {best}, supported until {until}."
