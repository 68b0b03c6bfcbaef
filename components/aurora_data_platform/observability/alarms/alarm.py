"""What an alarm is, and which alarms a platform has."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from components.aurora_data_platform.observability.metrics import Metric
from components.aurora_data_platform.observability.subjects import Subject, subjects
from components.aurora_data_platform.settings.model import PlatformSettings
from components.aurora_data_platform.settings.types import AlarmProfile

Threshold = Callable[[PlatformSettings], float]
Condition = Callable[[PlatformSettings], bool]


class Severity(StrEnum):
    """What an alarm asks of people."""

    CRITICAL = "critical"
    """Somebody gets up: the database refuses work, or soon will."""
    WARNING = "warning"
    """Somebody looks on the next working day."""


class Comparison(StrEnum):
    """How a value meets the threshold (CloudWatch API, ComparisonOperator)."""

    AT_LEAST = "GreaterThanOrEqualToThreshold"
    ABOVE = "GreaterThanThreshold"
    BELOW = "LessThanThreshold"


@dataclass(frozen=True, kw_only=True)
class Alarm:
    """A row of the catalogue.

    Attributes:
        key: Stable part of its name; a runbook page of that name unless `runbook` names another.
        title: What is wrong, in a few words; `{secret}` stands for the secret of a rotation.
        metric: What is watched.
        statistic: CloudWatch's statistic over a period.
        threshold: Where it begins, from the settings.
        severity: What it asks of people.
        comparison: How a value meets the threshold.
        period_seconds: Length of a period.
        periods: Periods that are looked at.
        breaching: How many of them must meet the threshold; None for all.
        missing_breaches: Whether silence is the alarm. Otherwise a period without data is well:
            most metrics are published only while there is something to tell.
        recovers: Whether its end is news. A count of events ends by itself, and whatever failed is
            still broken.
        in_development: Whether the development profile has it.
        applies: Whether a platform with these settings can have it.
        runbook: Page of `docs/runbooks/alarms`, for one that several alarms share.
    """

    key: str
    title: str
    metric: Metric
    statistic: str
    threshold: Threshold
    severity: Severity
    comparison: Comparison = Comparison.AT_LEAST
    period_seconds: int = 300
    periods: int = 3
    breaching: int | None = None
    missing_breaches: bool = False
    recovers: bool = True
    in_development: bool = False
    applies: Condition = lambda _: True
    runbook: str = ""

    @property
    def is_state(self) -> bool:
        """Whether it is part of `in-trouble`: critical, and on for as long as it is true."""
        return self.severity is Severity.CRITICAL and self.recovers

    @property
    def pages_by_itself(self) -> bool:
        """Whether it wakes somebody without `in-trouble`, which it would let end too early."""
        return self.severity is Severity.CRITICAL and not self.recovers

    @property
    def page(self) -> str:
        """Its runbook page."""
        return f"{self.runbook or self.key}.md"


@dataclass(frozen=True)
class PlatformAlarm:
    """An alarm of one platform: the row with the platform's figures.

    Attributes:
        row: The row of the catalogue.
        name: CloudWatch's name.
        subject: Which one of several it watches.
        threshold: Where it begins.
        dimensions: Dimensions of its metric.
        namespace: Namespace of its metric.
        description: What the notification says.
    """

    row: Alarm
    name: str
    subject: Subject
    threshold: float
    dimensions: Mapping[str, str]
    namespace: str
    description: str

    @property
    def logical_suffix(self) -> str:
        """End of its logical name."""
        return _key(self.row, self.subject)

    @property
    def treat_missing_data(self) -> str:
        """CloudWatch's word for what a period without data means."""
        return "breaching" if self.row.missing_breaches else "notBreaching"

    @property
    def datapoints_to_alarm(self) -> int:
        """Periods that must meet the threshold."""
        return self.row.periods if self.row.breaching is None else self.row.breaching


def of_platform(catalogue: tuple[Alarm, ...], s: PlatformSettings) -> list[PlatformAlarm]:
    """The alarms of a platform, in the catalogue's order.

    Args:
        catalogue: All alarms there are.
        s: The platform's settings.
    """
    everything = s.alarm_profile is AlarmProfile.PRODUCTION
    return [
        _alarm(row, s, subject)
        for row in catalogue
        if row.applies(s) and (everything or row.in_development)
        for subject in subjects(row.metric.scope, s)
    ]


def trouble_rule(alarms: list[PlatformAlarm]) -> str:
    """Rule of the composite alarm (CloudWatch user guide, Composite alarms)."""
    return " OR ".join(f'ALARM("{alarm.name}")' for alarm in alarms if alarm.row.is_state)


def _key(row: Alarm, subject: Subject) -> str:
    return f"{subject.before}{row.key}{subject.after}"


def _alarm(row: Alarm, s: PlatformSettings, subject: Subject) -> PlatformAlarm:
    secret = subject.rotation.secret if subject.rotation else ""
    return PlatformAlarm(
        row,
        s.names.alarm(_key(row, subject)),
        subject,
        row.threshold(s),
        row.metric.dimensions(s.names, subject),
        row.metric.namespace(s.names, subject),
        f"{row.severity}: {row.title.format(secret=secret)}. Runbook: {page_address(row.page, s)}",
    )


def page_address(page: str, s: PlatformSettings) -> str:
    """Where a runbook page is published; its place in the repository, if that is not set."""
    return f"{s.runbook_base_url or 'docs/runbooks/alarms/'}{page}"
