"""A generated day of a serverless workload, minute by minute, with incidents.

The values are invented; `test_metrics.py` checks that AWS publishes the metrics.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache

from components.aurora_data_platform.observability.alarms.thresholds import BYTES_PER_ACU
from components.aurora_data_platform.observability.metrics import Metric, MetricSource
from components.aurora_data_platform.settings.model import PlatformSettings

MINUTES = 24 * 60
Value = float | None
_OF_THE_DATABASE = (
    MetricSource.CLUSTER,
    MetricSource.WRITER,
    MetricSource.READERS,
    MetricSource.INSTANCE,
)
Series = Callable[[PlatformSettings, int], Value]


@cache
def at(text: str) -> int:
    """Return the minute of the day of `HH:MM`."""
    hour, minute = text.split(":")
    return int(hour) * 60 + int(minute)


def _between(start: str, end: str) -> Callable[[int], bool]:
    first, after = at(start), at(end)
    return lambda minute: first <= minute < after


@cache
def _activity(minute: int) -> float:
    """Return the share of the daily peak: close to zero at night, one at two in the afternoon."""
    return max(0.02, math.sin(math.pi * (minute - 6 * 60) / (16 * 60)))


def _capacity(s: PlatformSettings, minute: int) -> float:
    return max(s.aurora_min_capacity, 0.5 * s.aurora_max_capacity * _activity(minute))


def _idle_or(busy: Series) -> Series:
    """Omit values while there is no load, as AWS does."""
    return lambda s, minute: busy(s, minute) if _activity(minute) > 0.1 else None


QUIET: Mapping[tuple[str, MetricSource], Series] = {
    ("EngineUptime", MetricSource.WRITER): lambda _, minute: 1e6 + minute * 60,
    ("ServerlessDatabaseCapacity", MetricSource.WRITER): _capacity,
    ("ServerlessDatabaseCapacity", MetricSource.READERS): _capacity,
    ("CPUUtilization", MetricSource.WRITER): lambda _, minute: 45 * _activity(minute),
    ("FreeableMemory", MetricSource.WRITER): lambda s, minute: (
        (s.aurora_max_capacity - 0.7 * _capacity(s, minute)) * BYTES_PER_ACU
    ),
    ("DatabaseConnections", MetricSource.WRITER): lambda s, minute: (
        0.4 * s.effective_connections * _activity(minute)
    ),
    ("DatabaseConnections", MetricSource.READERS): lambda s, minute: (
        0.2 * s.effective_connections * _activity(minute)
    ),
    ("MaximumUsedTransactionIDs", MetricSource.WRITER): lambda _, minute: 2e8 + minute * 1e4,
    ("VolumeBytesUsed", MetricSource.CLUSTER): lambda _, minute: 5e11 + minute * 1e6,
    ("DBLoad", MetricSource.INSTANCE): _idle_or(
        lambda s, minute: 0.4 * s.aurora_max_capacity / 4 * _activity(minute)
    ),
    ("CommitLatency", MetricSource.WRITER): _idle_or(lambda _, minute: 4 + 3 * _activity(minute)),
    ("AuroraReplicaLag", MetricSource.READERS): lambda _, minute: 15 + 20 * _activity(minute),
    ("Deadlocks", MetricSource.WRITER): lambda _, minute: 1 / 60 if minute == at("11:07") else 0,
    ("LoginFailures", MetricSource.LOG): lambda _, minute: 1 if minute % 97 == 0 else 0,
    ("FatalErrors", MetricSource.LOG): lambda _, minute: 1 if minute % 41 == 0 else 0,
    # The day's rotation: the first of its four steps is retried once.
    ("Errors", MetricSource.FUNCTION): lambda _, minute: 1 if minute == at("00:31") else None,
    ("ApproximateNumberOfMessagesVisible", MetricSource.DEAD_LETTERS): lambda _, minute: (
        0 if minute % 5 == 0 else None
    ),
    ("Errors", MetricSource.SETUP_FUNCTION): lambda _, minute: 0 if minute == at("14:12") else None,
    ("RepairedDifferences", MetricSource.SETUP_LOG): lambda _, minute: (
        0 if minute == at("14:12") else None
    ),
    ("DaysSinceRotation", MetricSource.ROTATION_LOG): lambda _, minute: (
        12 + minute / MINUTES if minute in (at("05:20"), at("17:20")) else None
    ),
}
"""A day without alarms."""


@dataclass(frozen=True)
class Scenario:
    """A day with an incident.

    Attributes:
        description: What happens, in one sentence.
        during: Whether the incident is in progress in a minute.
        changes: Metrics that then differ from the quiet day; None for no data.
        nothing_is_published: Whether the database then publishes no metrics.
    """

    description: str
    during: Callable[[int], bool]
    changes: Mapping[tuple[str, MetricSource], Series] = field(
        default_factory=dict[tuple[str, MetricSource], Series]
    )
    nothing_is_published: bool = False

    def values(self, metric: Metric) -> Series:
        """Return the values of a metric; None in a minute in which none is published."""
        key = (metric.name, metric.source)
        quiet = QUIET.get(key, _nothing)
        changed = self.changes.get(key)
        if self.nothing_is_published and metric.source in _OF_THE_DATABASE:
            changed = _nothing
        if changed is None:
            return quiet
        return lambda s, minute: changed(s, minute) if self.during(minute) else quiet(s, minute)


def _nothing(_s: PlatformSettings, _minute: int) -> Value:
    return None


def _constant(value: float) -> Series:
    return lambda _s, _minute: value


SCENARIOS: Mapping[str, Scenario] = {
    "quiet": Scenario("A normal day, for comparison with the others.", lambda _: False),
    "paused at night": Scenario(
        "Until 06:00 the database publishes nothing, as if it were paused. prod never pauses.",
        lambda minute: minute < at("06:00"),
        nothing_is_published=True,
    ),
    "ramp to the ceiling": Scenario(
        "From 09:00 on, load grows until the capacity has reached its maximum; it ends at 11:00.",
        _between("09:00", "11:00"),
        {
            ("ServerlessDatabaseCapacity", MetricSource.WRITER): lambda s, minute: (
                s.aurora_max_capacity * min(1.0, 0.5 + (minute - at("09:00")) / 60)
            ),
            ("ServerlessDatabaseCapacity", MetricSource.READERS): lambda s, minute: (
                s.aurora_max_capacity * min(1.0, 0.5 + (minute - at("09:00")) / 60)
            ),
            ("CPUUtilization", MetricSource.WRITER): lambda _, minute: min(
                98, 50 + (minute - at("09:00"))
            ),
            ("DBLoad", MetricSource.INSTANCE): lambda s, minute: (
                s.aurora_max_capacity / 4 * (minute - at("09:00")) / 60
            ),
            ("CommitLatency", MetricSource.WRITER): lambda _, minute: 2.0 * (minute - at("09:00")),
            ("FreeableMemory", MetricSource.WRITER): lambda s, minute: (
                max(0.02, 0.5 - (minute - at("09:00")) / 120)
                * s.aurora_max_capacity
                * BYTES_PER_ACU
            ),
        },
    ),
    "connection storm": Scenario(
        "From 12:02 to 12:34 clients hold nearly all connections, and further logins fail.",
        _between("12:02", "12:34"),
        {
            ("DatabaseConnections", MetricSource.WRITER): lambda s, _: (
                0.97 * s.effective_connections
            ),
            ("DatabaseConnections", MetricSource.READERS): lambda s, _: (
                0.91 * s.effective_connections
            ),
            ("FatalErrors", MetricSource.LOG): _constant(40),
        },
    ),
    "one busy minute": Scenario(
        "One minute of extreme values, which must not raise an alarm.",
        _between("12:00", "12:01"),
        {
            ("DatabaseConnections", MetricSource.WRITER): lambda s, _: (
                0.97 * s.effective_connections
            ),
            ("CPUUtilization", MetricSource.WRITER): _constant(100),
            ("AuroraReplicaLag", MetricSource.READERS): _constant(9000),
            ("CommitLatency", MetricSource.WRITER): _constant(400),
        },
    ),
    "wraparound creep": Scenario(
        "Transaction IDs are used up faster than vacuum frees them.",
        lambda _: True,
        {
            ("MaximumUsedTransactionIDs", MetricSource.WRITER): lambda _, minute: (
                4e8 + minute * 5e5
            ),
        },
    ),
    "failover": Scenario(
        "Two minutes without metrics.", _between("14:00", "14:02"), nothing_is_published=True
    ),
    "outage": Scenario(
        "Forty minutes without metrics.", _between("14:00", "14:40"), nothing_is_published=True
    ),
    "lagging reader": Scenario(
        "From 15:00 to 15:30 the reader is five seconds behind.",
        _between("15:00", "15:30"),
        {("AuroraReplicaLag", MetricSource.READERS): _constant(5000)},
    ),
    "password guessed": Scenario(
        "Three minutes of rejected logins.",
        _between("03:00", "03:03"),
        {
            ("LoginFailures", MetricSource.LOG): _constant(9),
            ("FatalErrors", MetricSource.LOG): _constant(9),
        },
    ),
    "lock order": Scenario(
        "From 10:00 to 10:20 transactions wait for each other.",
        _between("10:00", "10:20"),
        {("Deadlocks", MetricSource.WRITER): _constant(0.05)},
    ),
    "full volume": Scenario(
        "From 18:00 on, the volume is nearly as large as a volume can be.",
        _between("18:00", "24:00"),
        {("VolumeBytesUsed", MetricSource.CLUSTER): _constant(1.2e14)},
    ),
    "forgotten slot": Scenario(
        "From 18:00 on, an inactive replication slot retains WAL. Logical replication is off in "
        "prod, so there is no alarm for it.",
        _between("18:00", "24:00"),
        {
            ("ReplicationSlotDiskUsage", MetricSource.WRITER): lambda _, minute: (
                1e8 * (minute - 1080)
            )
        },
    ),
    "failed rotation": Scenario(
        "The nightly rotation fails, and so do Secrets Manager's retries.",
        _between("00:30", "00:50"),
        {
            ("Errors", MetricSource.FUNCTION): lambda _, minute: 1 if minute % 5 == 0 else None,
            ("TriggeredRules", MetricSource.FAILED_ROTATIONS): lambda _, minute: (
                1 if minute == at("00:46") else None
            ),
        },
    ),
    "forgotten rotation": Scenario(
        "No rotation has happened for longer than `rotationDays`.",
        lambda _: True,
        {
            ("DaysSinceRotation", MetricSource.ROTATION_LOG): lambda s, minute: (
                s.rotation_days + 1.5 + minute / MINUTES
                if minute in (at("05:20"), at("17:20"))
                else None
            )
        },
    ),
    "privilege granted by hand": Scenario(
        "The daily check finds privileges that were granted by hand, and revokes them.",
        lambda minute: minute == at("14:12"),
        {("RepairedDifferences", MetricSource.SETUP_LOG): _constant(3)},
    ),
    "check without a master password": Scenario(
        "The daily check cannot log in.",
        lambda minute: minute == at("14:12"),
        {("Errors", MetricSource.SETUP_FUNCTION): _constant(1)},
    ),
    "throttled function": Scenario(
        "The rotation function is throttled, and its events end in the dead-letter queue.",
        _between("00:30", "00:50"),
        {
            ("Throttles", MetricSource.FUNCTION): lambda _, minute: 1 if minute % 5 == 0 else None,
            ("ApproximateNumberOfMessagesVisible", MetricSource.DEAD_LETTERS): _constant(2),
        },
    ),
}
