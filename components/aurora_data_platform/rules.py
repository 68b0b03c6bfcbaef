"""Rules between settings, and advice about legal but doubtful ones.

A rule states what AWS would refuse later, or what would cost data; a row of advice states what
works but is seldom meant. Rules stop the deployment, advice is printed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from components.aurora_data_platform import engine_versions, windows
from components.aurora_data_platform.faults import Fault
from components.aurora_data_platform.parameters import CATALOGUE, ParameterValue, convert
from components.aurora_data_platform.validation import Rule
from components.rotation_function.settings import ALTERNATING_USERS, CLONE_SUFFIX

if TYPE_CHECKING:
    from components.aurora_data_platform.settings import PlatformSettings

CONNECTIONS_CAP = 5000
"""Most connections that AWS derives for any capacity (Aurora User Guide, max_connections)."""
CONNECTIONS_CAP_BELOW_ONE_ACU = 2000
"""Cap while the least capacity is 0 or 0.5 ACU (same page)."""
CONNECTIONS_BY_MAX_ACU = ((1, 189), (4, 823), (8, 1669), (16, 3360), (32, CONNECTIONS_CAP))
"""max_connections that AWS derives from the greatest capacity (same page)."""
PERFORMANCE_INSIGHTS_ACU = 2
"""Least capacity that AWS advises with Performance Insights (same guide)."""
IDENTIFIER_LENGTH = 63
"""RDS API, DBClusterIdentifier and DBInstanceIdentifier."""
CHECKED_MAJOR = 17
"""Major version that the parameter catalogue was checked against."""


def _capacity_order(s: PlatformSettings) -> Iterable[Fault]:
    if s.aurora_min_capacity > s.aurora_max_capacity:
        yield Fault(
            "auroraMinCapacity",
            s.aurora_min_capacity,
            f"at most auroraMaxCapacity ({s.aurora_max_capacity:g} ACU)",
            "the least capacity cannot exceed the greatest",
        )


def _capacity_of_version(s: PlatformSettings) -> Iterable[Fault]:
    limits = engine_versions.capacity_range(s.engine_version)
    if limits is None:
        yield Fault(
            "engineVersion",
            s.engine_version,
            "13.6 or later, 14.3 or later, 15.2 or later, 16.1 or later, any 17 or 18",
            "Serverless v2 is not offered for it",
        )
        return
    span = f"{limits.minimum:g} to {limits.maximum:g} ACU"
    for key, capacity in (
        ("auroraMinCapacity", s.aurora_min_capacity),
        ("auroraMaxCapacity", s.aurora_max_capacity),
    ):
        if not limits.minimum <= capacity <= limits.maximum:
            yield Fault(
                key, capacity, span, f"Aurora PostgreSQL {s.engine_version} offers no other"
            )


def _auto_pause(s: PlatformSettings) -> Iterable[Fault]:
    default = type(s).model_fields["seconds_until_auto_pause"].default
    if s.aurora_min_capacity > 0 and s.seconds_until_auto_pause != default:
        yield Fault(
            "secondsUntilAutoPause",
            s.seconds_until_auto_pause,
            f"left out, or {default}, unless auroraMinCapacity is 0",
            f"a cluster pauses only from 0 ACU; auroraMinCapacity is {s.aurora_min_capacity:g}",
        )


def _long_term_support(s: PlatformSettings) -> Iterable[Fault]:
    if engine_versions.is_long_term_support(s.engine_version) and s.auto_minor_version_upgrade:
        yield Fault(
            "autoMinorVersionUpgrade",
            s.auto_minor_version_upgrade,
            f"false with the LTS version {s.engine_version}",
            "AWS moves a cluster with automatic minor upgrades off its LTS version, and the next "
            "deployment would ask for a downgrade",
        )


def _windows_apart(s: PlatformSettings) -> Iterable[Fault]:
    if windows.overlap(s.backup_window, s.maintenance_window):
        yield Fault(
            "maintenanceWindow",
            s.maintenance_window,
            f"a window that does not meet backupWindow ({s.backup_window})",
            "AWS refuses overlapping windows",
        )


def _parameters_convert(s: PlatformSettings) -> Iterable[Fault]:
    return convert(s.all_parameters)[1]


def _max_connections(s: PlatformSettings) -> Iterable[Fault]:
    connections = _number_of(s.parameters, "max_connections")
    if connections is None:
        return
    low = s.aurora_min_capacity < 1
    cap = CONNECTIONS_CAP_BELOW_ONE_ACU if low else CONNECTIONS_CAP
    if connections > cap:
        yield Fault(
            "parameters.max_connections",
            s.parameters["max_connections"],
            f"at most {cap}" + (" while auroraMinCapacity is below 1" if low else ""),
            "AWS caps the connections of Aurora Serverless v2 there",
        )


def _zones_differ(s: PlatformSettings) -> Iterable[Fault]:
    if s.availability_zones and len(set(s.availability_zones)) < 2:
        yield Fault(
            "availabilityZones",
            list(s.availability_zones),
            "at least two different availability zones",
            "Aurora needs subnets in two zones (DBSubnetGroupDoesNotCoverEnoughAZs)",
        )


def _identifiers_fit(s: PlatformSettings) -> Iterable[Fault]:
    longest = s.names.instance(s.instance_count)
    if len(longest) > IDENTIFIER_LENGTH:
        yield Fault(
            "platformName",
            s.platform_name,
            f"short enough for instance identifiers of {IDENTIFIER_LENGTH} characters",
            f"{longest!r} has {len(longest)} (RDS API, DBInstanceIdentifier)",
        )
    if re.search(r"-[A-Za-z0-9]{6}$", s.names.secret):
        yield Fault(
            "platformName",
            s.platform_name,
            "a name that does not make the secret's name end in a hyphen and six characters",
            "Secrets Manager appends such a suffix to ARNs and then mistakes one for the other",
        )


def _users_differ(s: PlatformSettings) -> Iterable[Fault]:
    if s.database_user == s.master_username:
        yield Fault(
            "databaseUser",
            s.database_user,
            "another name than masterUsername",
            "IAM login is granted by rds_iam, which would disable the master user's password",
        )


def _application_user_differs(s: PlatformSettings) -> Iterable[Fault]:
    others = {"masterUsername": s.master_username, "databaseUser": s.database_user}
    own = (s.application_user, s.application_user + CLONE_SUFFIX)
    taken = [key for key, user in others.items() if user in own]
    if s.rotation_strategy == ALTERNATING_USERS and taken:
        yield Fault(
            "applicationUser",
            s.application_user,
            f"another name than {' and '.join(taken)}, with {CLONE_SUFFIX} at its end or not",
            "the function sets the passwords of this user and its clone, and rds_iam would disable "
            "them",
        )


def _logs_distinct(s: PlatformSettings) -> Iterable[Fault]:
    if len(set(s.log_exports)) < len(s.log_exports):
        yield Fault(
            "logExports",
            [str(log) for log in s.log_exports],
            "each log once",
            "each log has one log group",
        )


def _rule(check: Callable[[PlatformSettings], Iterable[Fault]], *reads: str) -> Rule:
    return Rule(frozenset(reads), check)


_NAMED = ("environment", "platform_name", "region", "engine_version")

RULES: Sequence[Rule] = (
    _rule(_capacity_order, "aurora_min_capacity", "aurora_max_capacity"),
    _rule(_capacity_of_version, "aurora_min_capacity", "aurora_max_capacity", "engine_version"),
    _rule(_auto_pause, "aurora_min_capacity", "seconds_until_auto_pause"),
    _rule(_long_term_support, "engine_version", "auto_minor_version_upgrade"),
    _rule(_windows_apart, "backup_window", "maintenance_window"),
    _rule(_parameters_convert, "parameters"),
    _rule(_max_connections, "parameters", "aurora_min_capacity"),
    _rule(_zones_differ, "availability_zones"),
    _rule(_identifiers_fit, "instance_count", *_NAMED),
    _rule(_users_differ, "database_user", "master_username"),
    _rule(
        _application_user_differs,
        *("application_user", "database_user", "master_username", "rotation_strategy"),
    ),
    _rule(_logs_distinct, "log_exports"),
)


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
    connections = _number_of(s.parameters, "max_connections")
    if connections is None:
        return None
    derived = max(
        (count for acu, count in CONNECTIONS_BY_MAX_ACU if acu <= s.aurora_max_capacity), default=0
    )
    if connections <= derived:
        return None
    return (
        f"parameters.max_connections {connections}: AWS would derive about {derived} from "
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


def _number_of(parameters: Mapping[str, ParameterValue], name: str) -> int | None:
    text = str(parameters.get(name, ""))
    return int(text) if text.isascii() and text.isdigit() else None
