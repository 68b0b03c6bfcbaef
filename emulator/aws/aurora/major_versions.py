"""Support dates of each major version of Aurora PostgreSQL.

The table is data/aurora_postgresql_major_versions.csv: the majors of the table of minor versions in
AWS's "Release calendar for Aurora PostgreSQL major versions" (a copy of August 2026). Extended
support starts the day after standard support ends.
"""

import csv
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files


@dataclass(frozen=True)
class MajorVersion:
    """One major version.

    Attributes:
        name: `17`.
        released: The day of its first Aurora release.
        standard_support_until: The last day of standard support.
        extended_support_until: The last day of RDS Extended Support.
    """

    name: str
    released: date
    standard_support_until: date
    extended_support_until: date


@cache
def major_versions() -> tuple[MajorVersion, ...]:
    """Return every major version of the table, oldest first."""
    data = files("emulator.aws.aurora") / "data" / "aurora_postgresql_major_versions.csv"
    days = ("released", "standard_support_until", "extended_support_until")
    return tuple(
        MajorVersion(row["version"], *(date.fromisoformat(row[day]) for day in days))
        for row in csv.DictReader(data.read_text().splitlines())
    )
