"""Rules between settings: what AWS would refuse later, or what would cost data.

A broken rule stops the deployment; `advice` has what works but is seldom meant.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

from components.aurora_data_platform.aurora import engine_versions, max_connections, windows
from components.aurora_data_platform.aurora.parameters import convert
from components.aurora_data_platform.errors import Fault
from components.aurora_data_platform.settings.validation import Rule
from components.database_functions.rotation.settings import ALTERNATING_USERS, CLONE_SUFFIX

if TYPE_CHECKING:
    from components.aurora_data_platform.settings.model import PlatformSettings


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
    requested, cap = (
        max_connections.requested(s.parameters),
        max_connections.cap(s.aurora_min_capacity),
    )
    if requested is not None and requested > cap:
        low = " while auroraMinCapacity is below 1" if s.aurora_min_capacity < 1 else ""
        yield Fault(
            "parameters.max_connections",
            s.parameters["max_connections"],
            f"at most {cap}{low}",
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


RULES: Sequence[Rule] = (
    _rule(_capacity_order, "aurora_min_capacity", "aurora_max_capacity"),
    _rule(_capacity_of_version, "aurora_min_capacity", "aurora_max_capacity", "engine_version"),
    _rule(_auto_pause, "aurora_min_capacity", "seconds_until_auto_pause"),
    _rule(_long_term_support, "engine_version", "auto_minor_version_upgrade"),
    _rule(_windows_apart, "backup_window", "maintenance_window"),
    _rule(_parameters_convert, "parameters"),
    _rule(_max_connections, "parameters", "aurora_min_capacity"),
    _rule(_zones_differ, "availability_zones"),
    _rule(_users_differ, "database_user", "master_username"),
    _rule(
        _application_user_differs,
        *("application_user", "database_user", "master_username", "rotation_strategy"),
    ),
    _rule(_logs_distinct, "log_exports"),
)
