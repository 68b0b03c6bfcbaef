"""Source of a new cluster's data."""

import re
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from components.aurora_data_platform.settings.types import SettingsObject, parsed_by, setting

LATEST = "latest"
_RESOURCE_ID = re.compile(r"cluster-[A-Z0-9]+")
_ARN = r"arn:aws[a-z-]*:rds:[a-z0-9-]+:[0-9]{12}"


class RestoreMethod(StrEnum):
    """Restore type (RDS API, RestoreType)."""

    FULL_COPY = "full-copy"
    COPY_ON_WRITE = "copy-on-write"


def _time(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        msg = "no time zone"
        raise ValueError(msg)
    return moment.astimezone(UTC)


class RestoreSource(SettingsObject):
    """A snapshot, or another cluster as of a time."""

    snapshot: Annotated[
        str,
        Field(pattern=rf"^(|({_ARN}:cluster-snapshot:)?[A-Za-z][A-Za-z0-9:-]{{0,254}})$"),
        setting(
            "the name or ARN of a DB cluster snapshot in this region",
            "RDS API, RestoreDBClusterFromSnapshot",
        ),
    ] = ""
    """Cluster snapshot to restore."""
    cluster: Annotated[
        str,
        Field(pattern=rf"^(|({_ARN}:cluster:)?[a-z](-?[a-z0-9]){{0,62}}|{_RESOURCE_ID.pattern})$"),
        setting(
            "the identifier or ARN of a cluster in this region, or the resource ID (cluster- and "
            "capital letters) of a deleted one",
            "RDS API, RestoreDBClusterToPointInTime",
        ),
    ] = ""
    """Cluster to restore to a point in time, or to clone."""
    time: Annotated[
        str,
        parsed_by(lambda text: None if text == LATEST else _time(text)),
        setting(
            "latest, or a time with its time zone in quotes, for example '2026-11-27T09:00:00Z'",
            "RDS API, RestoreToTime",
        ),
    ] = LATEST
    """Point in time; with cluster only."""
    method: Annotated[RestoreMethod, setting("full-copy or copy-on-write")] = (
        RestoreMethod.FULL_COPY
    )
    """full-copy is independent of its source; copy-on-write (a clone) shares its pages until they
    change, and is ready in minutes. With cluster only."""

    @property
    def is_given(self) -> bool:
        """Whether a new cluster is restored from a source."""
        return bool(self.snapshot or self.cluster)

    @property
    def resource_id(self) -> str:
        """Resource ID of the source; empty if the source is named otherwise."""
        return self.cluster if _RESOURCE_ID.fullmatch(self.cluster) else ""

    @property
    def moment(self) -> datetime | None:
        """The point in time, in UTC; None for the latest."""
        return None if self.time == LATEST else _time(self.time)
