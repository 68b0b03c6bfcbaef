"""Advice about settings that are legal but seldom meant; it is printed and stops nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from components.aurora_data_platform.aurora import max_connections
from components.aurora_data_platform.aurora.parameters import CATALOGUE

if TYPE_CHECKING:
    from components.aurora_data_platform.settings.model import PlatformSettings

PERFORMANCE_INSIGHTS_ACU = 2
"""Least capacity that AWS advises with Performance Insights (Amazon Aurora User Guide)."""
CHECKED_MAJOR = 17
"""Major version that the parameter catalogue was checked against."""


def advice(s: PlatformSettings) -> list[str]:
    """What works but is seldom meant.

    Args:
        s: Valid settings.

    Returns:
        One sentence per doubtful choice, in the order of `ADVICE`.
    """
    return [sentence for row in ADVICE for sentence in [row(s)] if sentence is not None]


def _advise_performance_insights(s: PlatformSettings) -> str | None:
    if not s.performance_insights_enabled or s.aurora_min_capacity >= PERFORMANCE_INSIGHTS_ACU:
        return None
    return (
        f"auroraMinCapacity {s.aurora_min_capacity:g} with Performance Insights on: AWS advises at "
        f"least {PERFORMANCE_INSIGHTS_ACU} ACU, because collecting takes memory"
    )


def _advise_connections(s: PlatformSettings) -> str | None:
    requested = max_connections.requested(s.parameters)
    derived = max_connections.derived(s.aurora_max_capacity)
    if requested is None or requested <= derived:
        return None
    return (
        f"parameters.max_connections {requested}: AWS would derive about {derived} from "
        f"auroraMaxCapacity {s.aurora_max_capacity:g}; more connections can exhaust the memory"
    )


def _advise_fixed_capacity(s: PlatformSettings) -> str | None:
    if s.aurora_min_capacity != s.aurora_max_capacity:
        return None
    return "auroraMinCapacity equals auroraMaxCapacity: the cluster cannot scale"


def _advise_auto_pause(s: PlatformSettings) -> str | None:
    if s.aurora_min_capacity > 0:
        return None
    return (
        "auroraMinCapacity 0: the cluster pauses when idle, and the first connection afterwards "
        "waits 15 seconds or more"
    )


def _advise_statement_log(s: PlatformSettings) -> str | None:
    if s.all_parameters["log_statement"] != "all":
        return None
    return (
        "parameters.log_statement 'all': every statement is logged with its literals, personal "
        "data and passwords in CREATE ROLE or ALTER ROLE included"
    )


def _advise_auto_explain(s: PlatformSettings) -> str | None:
    libraries = str(s.all_parameters["shared_preload_libraries"]).split(",")
    idle = sorted(
        name
        for name in s.parameters
        if "." in name
        and (library := name.partition(".")[0]) in CATALOGUE["shared_preload_libraries"].allowed
        and library not in libraries
    )
    if not idle:
        return None
    return f"{', '.join(idle)}: without effect, the library is not in shared_preload_libraries"


def _advise_production(s: PlatformSettings) -> str | None:
    if s.environment != "prod":
        return None
    weak = [
        text
        for text, chosen in (
            (
                "instanceCount below 2 (an outage of one zone stops the database)",
                s.instance_count < 2,
            ),
            ("enableDeletionProtection off", not s.enable_deletion_protection),
            ("protectResources off", not s.protect_resources),
            ("skipFinalSnapshot on", s.skip_final_snapshot),
            ("deleteAutomatedBackups on", s.delete_automated_backups),
            (
                "fewer than three availability zones",
                0 < len(set(s.availability_zones)) < 3,
            ),
            (
                "nobody who hears of alarms (notificationEmails, notificationTopicArns)",
                not (s.notification_emails or s.notification_topic_arns),
            ),
        )
        if chosen
    ]
    return f"this is prod with {', '.join(weak)}" if weak else None


def _advise_major(s: PlatformSettings) -> str | None:
    if s.major_version == CHECKED_MAJOR:
        return None
    return (
        f"engineVersion {s.engine_version}: the parameter catalogue was checked against PostgreSQL "
        f"{CHECKED_MAJOR} only"
    )


ADVICE: Sequence[Callable[[PlatformSettings], str | None]] = (
    _advise_production,
    _advise_performance_insights,
    _advise_connections,
    _advise_fixed_capacity,
    _advise_auto_pause,
    _advise_statement_log,
    _advise_auto_explain,
    _advise_major,
)
