"""The model of an alarm, and the alarms of a platform."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from components.aurora_data_platform.observability.metrics import Metric, MetricTarget
from components.aurora_data_platform.settings.model import PlatformSettings
from components.aurora_data_platform.settings.types import AlarmProfile

Threshold = Callable[[PlatformSettings], float]
Condition = Callable[[PlatformSettings], bool]


class Severity(StrEnum):
    """Urgency of an alarm."""

    CRITICAL = "critical"
    """Act at once: the database rejects work, or soon will."""
    WARNING = "warning"
    """Act on the next working day."""


class Comparison(StrEnum):
    """Comparison of a value with the threshold (CloudWatch API, ComparisonOperator)."""

    AT_LEAST = "GreaterThanOrEqualToThreshold"
    ABOVE = "GreaterThanThreshold"
    BELOW = "LessThanThreshold"


class MissingData(StrEnum):
    """Treatment of missing data (CloudWatch API, TreatMissingData)."""

    NOT_BREACHING = "notBreaching"
    """Most metrics are published only while there is something to report."""
    BREACHING = "breaching"
    """Missing data raises the alarm."""
    MISSING = "missing"
    """Missing data moves the alarm to INSUFFICIENT_DATA, which notifies too. A new alarm starts in
    that state without a notification."""


@dataclass(frozen=True, kw_only=True)
class Alarm:
    """A row of the catalogue.

    Attributes:
        key: Stable part of the alarm's name, and of its runbook page's unless `runbook` is given.
        title: What is wrong; `{secret}` is replaced by the secret of a rotation.
        metric: Metric of the alarm.
        statistic: Statistic over a period.
        threshold: Threshold, computed from the settings.
        severity: How urgent it is.
        comparison: Comparison of a value with the threshold.
        period_seconds: Length of a period.
        periods: Number of periods that are evaluated.
        breaching: Number of periods that must breach; None for all.
        missing_data: Treatment of missing data.
        notifies_on_ok: Whether a return to OK is worth a notification. Counts of events return by
            themselves while the cause remains.
        in_development: Whether the development profile includes it.
        applies: Whether a platform with these settings can have it.
        runbook: Page in `docs/runbooks/alarms` that several alarms share.
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
    missing_data: MissingData = MissingData.NOT_BREACHING
    notifies_on_ok: bool = True
    in_development: bool = False
    applies: Condition = lambda _: True
    runbook: str = ""

    @property
    def in_composite(self) -> bool:
        """Whether it is part of the composite alarm: critical, and in ALARM while it is true."""
        return self.severity is Severity.CRITICAL and self.notifies_on_ok

    @property
    def pages_directly(self) -> bool:
        """Whether it notifies the paging topic itself instead of through the composite alarm."""
        return self.severity is Severity.CRITICAL and not self.in_composite

    @property
    def notifies_on_missing_data(self) -> bool:
        """Whether INSUFFICIENT_DATA is worth a notification."""
        return self.missing_data is MissingData.MISSING

    @property
    def page(self) -> str:
        """File name of the runbook page."""
        return f"{self.runbook or self.key}.md"


@dataclass(frozen=True)
class PlatformAlarm:
    """An alarm of one platform: a row of the catalogue with the platform's values.

    Attributes:
        row: Row of the catalogue.
        name: Name in CloudWatch.
        target: Resource that it monitors.
        threshold: Threshold.
        dimensions: Dimensions of the metric.
        namespace: Namespace of the metric.
        description: Text of the notification.
    """

    row: Alarm
    name: str
    target: MetricTarget
    threshold: float
    dimensions: Mapping[str, str]
    namespace: str
    description: str

    @property
    def logical_suffix(self) -> str:
        """Suffix of the logical name."""
        return _key(self.row, self.target)

    @property
    def datapoints_to_alarm(self) -> int:
        """Number of periods that must breach."""
        return self.row.periods if self.row.breaching is None else self.row.breaching


def alarms_for(catalogue: tuple[Alarm, ...], s: PlatformSettings) -> list[PlatformAlarm]:
    """Return the alarms of a platform, in the catalogue's order.

    Args:
        catalogue: All alarms.
        s: The platform's settings.
    """
    production = s.alarm_profile is AlarmProfile.PRODUCTION
    return [
        _alarm(row, s, target)
        for row in catalogue
        if row.applies(s) and (production or row.in_development)
        for target in row.metric.targets(s)
    ]


def composite_rule(alarms: list[PlatformAlarm]) -> str:
    """Return the rule of the composite alarm (CloudWatch user guide, "Combining alarms")."""
    return " OR ".join(f'ALARM("{alarm.name}")' for alarm in alarms if alarm.row.in_composite)


def runbook_url(page: str, s: PlatformSettings) -> str:
    """Return the URL of a runbook page, or its path in the repository if no URL is configured."""
    return f"{s.runbook_base_url or 'docs/runbooks/alarms/'}{page}"


def _key(row: Alarm, target: MetricTarget) -> str:
    return f"{target.prefix}{row.key}{target.suffix}"


def _alarm(row: Alarm, s: PlatformSettings, target: MetricTarget) -> PlatformAlarm:
    secret = target.rotation.secret if target.rotation else ""
    return PlatformAlarm(
        row,
        s.names.alarm(_key(row, target)),
        target,
        row.threshold(s),
        row.metric.dimensions(s.names, target),
        row.metric.namespace(s.names, target),
        f"{row.severity}: {row.title.format(secret=secret)}. Runbook: {runbook_url(row.page, s)}",
    )
