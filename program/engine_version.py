"""Engine version of a new cluster: the requested one, or the closest that AWS still creates."""

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from typing import Annotated

import pulumi
import pulumi_aws as aws

from components.aurora_data_platform import PlatformSettings
from components.aurora_data_platform.aurora import engine_versions
from components.aurora_data_platform.settings.types import SettingsGroup, setting
from program.existing_clusters import ExistingClusters
from program.lookup_errors import LookupErrors
from program.restore_source import Source


class EngineVersionFallback(StrEnum):
    """Fallback if AWS no longer creates clusters on the requested engine version."""

    CLOSEST_MINOR = "closest-minor"
    NONE = "none"


class EngineVersionLookup(SettingsGroup):
    """Lookup of the engine version."""

    engine_version_fallback: Annotated[EngineVersionFallback, setting("closest-minor or none")] = (
        EngineVersionFallback.CLOSEST_MINOR
    )
    """What to do if AWS no longer creates clusters on engineVersion: use the closest later minor
    version of the same major version, or fail."""


def find_engine_version(
    errors: LookupErrors,
    settings: PlatformSettings,
    fallback: EngineVersionFallback,
    clusters: ExistingClusters,
    source: Source | None,
    opts: pulumi.InvokeOptions | None = None,
) -> str:
    """Return the engine version of a new cluster.

    An existing cluster keeps its version, on which AWS may no longer create clusters. Only its
    upgrade needs one that AWS offers.

    Args:
        errors: Collects the issue if there is none.
        settings: The platform's settings.
        fallback: What to do if AWS no longer creates clusters on the requested version.
        clusters: The clusters that exist.
        source: Source of a restored cluster, whose version is the earliest possible one.
        opts: Options of the lookup.
    """
    if source is not None and not source.may_be_later:
        return source.engine_version
    version = settings.engine_version
    keeps_its_version = clusters.own is not None and not settings.allow_engine_upgrade
    if keeps_its_version and fallback is EngineVersionFallback.NONE:
        return version
    wanted: Sequence[str] = [version]
    if fallback is EngineVersionFallback.CLOSEST_MINOR:
        # AWS would upgrade a cluster with automatic minor upgrades away from an LTS version.
        wanted = engine_versions.minor_candidates(
            version, long_term_support=not settings.auto_minor_version_upgrade
        )
    if source is not None:
        oldest = engine_versions.parse(source.engine_version)
        wanted = [each for each in wanted if engine_versions.parse(each) >= oldest] or [
            source.engine_version
        ]
    return errors.collect(
        lambda: (
            aws.rds.get_engine_version(
                engine=engine_versions.ENGINE, preferred_versions=wanted, opts=opts
            ).version_actual
        ),
        version,
        key="engineVersion",
        value=version,
        expected="a version on which AWS creates clusters"
        + (", or engineVersionFallback: closest-minor" if len(wanted) == 1 else ""),
    )


def warn_about_version(requested: str, chosen: str) -> None:
    """Log a warning if a version is not the requested one.

    Args:
        requested: The setting.
        chosen: The version of a new cluster.
    """
    if chosen != requested:
        row = engine_versions.CALENDAR.get(requested)
        ended = f" (end of standard support {row.end_of_standard_support})" if row else ""
        pulumi.log.warn(
            f"engineVersion {requested}{ended}: AWS no longer creates clusters on it; a new "
            f"cluster gets {chosen}, the closest later minor version"
        )


def warn_about_support(version: str, settings: PlatformSettings, today: date) -> None:
    """Log a warning if the support of a version ends soon.

    Args:
        version: The version of a new cluster.
        settings: The platform's settings.
        today: Day from which the support is counted.
    """
    warning = engine_versions.support_warning(
        version, today, long_term_support=not settings.auto_minor_version_upgrade
    )
    if warning is not None:
        pulumi.log.warn(warning)
