"""The Aurora PostgreSQL versions that are available on a given day.

The table is data/aurora_postgresql_versions.csv: versions, release days and ends of standard
support from AWS's "Release calendars for Aurora PostgreSQL" (copies of January and August 2026; a
date given as a month is that month's last day); 17.11 and 18.6, which are newer than those copies,
from cfn-lint 1.58's schema of 2026-10-20, hence without an end. Which minor is the default of its
major is available only from the API; the table uses the LTS minor, or the newest minor, instead.
"""

import csv
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from importlib.resources import files

ENGINE = "aurora-postgresql"
TODAY_VARIABLE = "EMULATOR_TODAY"

EXPORTABLE_LOG_TYPES = ("iam-db-auth-error", "instance", "postgresql")
"""RDS API reference, CreateDBCluster, EnableCloudwatchLogsExports, Aurora PostgreSQL."""

SERVERLESS_CAPACITY = (0.0, 256.0)
"""ACUs; Aurora user guide, "Serverless v2 capacity": 16.3 and later, hence all of the table."""


@dataclass(frozen=True)
class EngineVersion:
    """One minor version.

    Attributes:
        name: `17.4`.
        released: The day from which AWS creates clusters of it.
        standard_support_until: The last day on which AWS creates clusters of it; None if unknown.
        default_of_major: Whether it is the default minor version of its major version.
    """

    name: str
    released: date
    standard_support_until: date | None
    default_of_major: bool

    @property
    def major(self) -> str:
        """`17` of `17.4`."""
        return self.name.partition(".")[0]

    @property
    def family(self) -> str:
        """The parameter group family."""
        return f"{ENGINE}{self.major}"

    @property
    def order(self) -> tuple[int, ...]:
        """Sorts 17.10 after 17.9."""
        return tuple(int(part) for part in self.name.split("."))

    def is_offered(self, day: date) -> bool:
        """Return whether AWS creates new clusters of it on `day`."""
        until = self.standard_support_until
        return self.released <= day and (until is None or day <= until)


def today() -> date:
    """Return the emulator's date: EMULATOR_TODAY (YYYY-MM-DD) if set, otherwise today in UTC.

    Raises:
        ValueError: the variable is not a date.
    """
    chosen = os.environ.get(TODAY_VARIABLE)
    return date.fromisoformat(chosen) if chosen else datetime.now(UTC).date()


@cache
def table() -> Mapping[str, EngineVersion]:
    """Return every version of the table by its name, oldest first."""
    text = (files("emulator.aws.aurora") / "data" / "aurora_postgresql_versions.csv").read_text()
    versions = [
        EngineVersion(
            name=row["version"],
            released=date.fromisoformat(row["released"]),
            standard_support_until=_day_or_none(row["standard_support_until"]),
            default_of_major=row["default_of_major"] == "true",
        )
        for row in csv.DictReader(text.splitlines())
    ]
    return {version.name: version for version in sorted(versions, key=lambda found: found.order)}


def _day_or_none(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def offered(day: date) -> list[EngineVersion]:
    """Return the versions that AWS creates clusters of on `day`, oldest first."""
    return [version for version in table().values() if version.is_offered(day)]


def resolve(requested: str | None, day: date) -> EngineVersion | None:
    """Return the version of a new cluster, or None if AWS rejects the request.

    Args:
        requested: `17.4`, a major version, or None for the default.
        day: The day of creation.
    """
    if requested is not None and "." in requested:
        return next((found for found in offered(day) if found.name == requested), None)
    candidates = [
        found
        for found in offered(day)
        if requested in (None, found.major) and found.default_of_major
    ]
    return candidates[-1] if candidates else None


def upgrade_targets(version: EngineVersion, day: date) -> list[EngineVersion]:
    """Return the upgrade targets of a version: higher ones that were not released before it."""
    return [
        target
        for target in offered(day)
        if target.order > version.order
        and (target.major == version.major or target.released >= version.released)
    ]
