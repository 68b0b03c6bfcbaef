"""Warnings about valid settings that are rarely intended; they never stop a deployment."""

from collections import Counter
from collections.abc import Callable, Sequence

from components.aurora_data_platform.aurora import max_connections
from components.aurora_data_platform.aurora.extensions import LIBRARIES
from components.aurora_data_platform.aurora.parameters import CATALOGUE, CONFIG_KEY
from components.aurora_data_platform.settings.custom_endpoints import CustomEndpointType
from components.aurora_data_platform.settings.environments import is_production
from components.aurora_data_platform.settings.model import PlatformSettings

PERFORMANCE_INSIGHTS_ACU = 2
"""Minimum capacity that AWS recommends with Performance Insights (Amazon Aurora User Guide)."""
CHECKED_MAJOR_VERSION = 17
"""Major version against which the parameter catalogue was checked."""
PRODUCTION_ZONES = 3
POLICIES_PER_ROLE = 10
"""Default quota of managed policies attached to a role (IAM and AWS STS quotas)."""


def warnings_for(
    s: PlatformSettings, availability_zones: Sequence[str], topics: Sequence[object] = ()
) -> list[str]:
    """Return one sentence per doubtful choice.

    Args:
        s: Valid settings.
        availability_zones: Zones of the subnets; empty if unknown.
        topics: SNS topics that the program passes; those of the settings count as recipients too.
    """
    recipients = [*s.notification_emails, *s.notification_topic_arns, *topics]
    found = [_unsafe_production(s, has_recipients=bool(recipients))]
    found += [warning(s) for warning in WARNINGS]
    if is_production(s.environment) and 0 < len(set(availability_zones)) < PRODUCTION_ZONES:
        found.append(f"production stack: fewer than {PRODUCTION_ZONES} Availability Zones")
    return [sentence for sentence in found if sentence is not None]


def _unsafe_production(s: PlatformSettings, *, has_recipients: bool) -> str | None:
    if not is_production(s.environment):
        return None
    choices = [
        text
        for text, chosen in (
            (
                "instanceCount below 2 (the loss of one Availability Zone stops the database)",
                s.instance_count < 2,
            ),
            ("enableDeletionProtection off", not s.enable_deletion_protection),
            ("protectResources off", not s.protect_resources),
            ("skipFinalSnapshot on", s.skip_final_snapshot),
            ("deleteAutomatedBackups on", s.delete_automated_backups),
            ("no alarm recipients (notificationEmails, notificationTopicArns)", not has_recipients),
        )
        if chosen
    ]
    return f"production stack: {', '.join(choices)}" if choices else None


def _performance_insights(s: PlatformSettings) -> str | None:
    if not s.performance_insights_enabled or s.aurora_min_capacity >= PERFORMANCE_INSIGHTS_ACU:
        return None
    return (
        f"auroraMinCapacity {s.aurora_min_capacity:g} with Performance Insights: AWS recommends at "
        f"least {PERFORMANCE_INSIGHTS_ACU} ACU, because collecting the data uses memory"
    )


def _connections(s: PlatformSettings) -> str | None:
    requested = max_connections.requested_connections(s.cluster_parameters)
    derived = max_connections.derived_connections(s.aurora_max_capacity)
    if requested is None or requested <= derived:
        return None
    return (
        f"{CONFIG_KEY}.max_connections {requested}: AWS would derive about {derived} from "
        f"auroraMaxCapacity {s.aurora_max_capacity:g}; more connections can exhaust the memory"
    )


def _fixed_capacity(s: PlatformSettings) -> str | None:
    if s.aurora_min_capacity != s.aurora_max_capacity:
        return None
    return "auroraMinCapacity equals auroraMaxCapacity: the cluster cannot scale"


def _auto_pause(s: PlatformSettings) -> str | None:
    if s.aurora_min_capacity > 0:
        return None
    return (
        "auroraMinCapacity 0: the cluster pauses when idle, and the next connection waits 15 "
        "seconds or more"
    )


def _statement_log(s: PlatformSettings) -> str | None:
    if s.all_parameters["log_statement"] != "all":
        return None
    return (
        f"{CONFIG_KEY}.log_statement 'all': every statement is logged with its literals, including "
        "personal data and the passwords of CREATE ROLE and ALTER ROLE"
    )


def _libraries(s: PlatformSettings) -> str | None:
    loaded = s.preloaded_libraries
    optional = CATALOGUE[LIBRARIES].allowed
    without_effect = sorted(
        name
        for name in s.all_parameters
        if (library := name.partition(".")[0]) in optional and library not in loaded
    )
    if not without_effect:
        return None
    return f"{', '.join(without_effect)}: has no effect, because the library is not in {LIBRARIES}"


def _statement_statistics(s: PlatformSettings) -> str | None:
    loaded = s.preloaded_libraries
    if not s.performance_insights_enabled or "pg_stat_statements" in loaded:
        return None
    return (
        f"{CONFIG_KEY}.{LIBRARIES} without pg_stat_statements: Performance Insights cannot show "
        "statistics per statement"
    )


def _major_version(s: PlatformSettings) -> str | None:
    if s.major_version == CHECKED_MAJOR_VERSION:
        return None
    return (
        f"engineVersion {s.engine_version}: the parameter catalogue was checked against PostgreSQL "
        f"{CHECKED_MAJOR_VERSION} only"
    )


def _irreversible_lock(s: PlatformSettings) -> str | None:
    lock = s.backup_plan.vault_lock
    if lock.changeable_for_days == 0:
        return None
    return (
        f"backupPlan.vaultLock.changeableForDays {lock.changeable_for_days}: compliance mode. "
        f"{lock.changeable_for_days} days after the lock is created, nobody can remove it, shorten "
        "a retention period or delete a recovery point early, not even AWS; only closing the "
        "account ends the cost"
    )


def _superfluous_backups(s: PlatformSettings) -> str | None:
    plan = s.backup_plan
    if not plan.is_given or plan.copy_to or plan.retention_days > s.backup_retention_days:
        return None
    return (
        f"backupPlan.retentionDays {plan.retention_days} without copyTo: point-in-time recovery "
        f"covers the same {s.backup_retention_days} days"
    )


def _single_readers(s: PlatformSettings) -> str | None:
    names = [
        name
        for name, endpoint in s.custom_endpoints.items()
        if endpoint.type is CustomEndpointType.READER
        and len(endpoint.members(s.instance_count)) == 1
    ]
    if not names:
        return None
    return (
        f"customEndpoints {', '.join(names)}: type READER with one member; nobody can connect to "
        "it while that instance is the writer"
    )


def _policies_of_roles(s: PlatformSettings) -> str | None:
    counts = Counter(
        role for user in s.users.values() for role in {*user.task_roles, *user.execution_roles}
    )
    crowded = [
        f"{role} ({count})" for role, count in sorted(counts.items()) if count > POLICIES_PER_ROLE
    ]
    if not crowded:
        return None
    return (
        f"users: {', '.join(crowded)}: a role gets one policy per user, and AWS attaches at most "
        f"{POLICIES_PER_ROLE} to a role unless the quota is raised"
    )


WARNINGS: Sequence[Callable[[PlatformSettings], str | None]] = (
    _performance_insights,
    _connections,
    _fixed_capacity,
    _auto_pause,
    _statement_log,
    _libraries,
    _statement_statistics,
    _major_version,
    _irreversible_lock,
    _superfluous_backups,
    _single_readers,
    _policies_of_roles,
)
