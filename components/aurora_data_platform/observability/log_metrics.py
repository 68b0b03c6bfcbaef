"""Metrics extracted from logs, most of them counted from lines of the PostgreSQL log.

Aurora writes `time:client:user@database:[process]:SEVERITY:  message`; the prefix cannot be changed
(Amazon Aurora User Guide, PostgreSQL database log files). Patterns: CloudWatch Logs user guide,
"Filter pattern syntax"; all adjacent terms must match, or one of those after `?`. A term starts
with the end of the prefix, because with log_statement the log also contains what users write.
"""

from dataclasses import dataclass

from components.aurora_data_platform.observability.metrics import Metric, MetricSource


@dataclass(frozen=True)
class LogMetric:
    """A metric that counts lines of the PostgreSQL log.

    Attributes:
        key: Stable part of the filter's name.
        metric: The metric.
        pattern: Filter pattern of the lines.
        meaning: What the lines mean, for the dashboard.
    """

    key: str
    metric: Metric
    pattern: str
    meaning: str


FATAL_ERRORS = LogMetric(
    "fatal-errors",
    Metric("FatalErrors", MetricSource.LOG),
    '"]:FATAL:"',
    "sessions ended or rejected",
)
ERRORS = LogMetric("errors", Metric("Errors", MetricSource.LOG), '"]:ERROR:"', "failed statements")
LOGIN_FAILURES = LogMetric(
    "login-failures",
    Metric("LoginFailures", MetricSource.LOG),
    '?"]:FATAL:  password authentication failed" ?"]:FATAL:  PAM authentication failed" '
    '?"]:FATAL:  no pg_hba.conf entry"',
    "failed logins",
)
DEADLOCKS = LogMetric(
    "deadlocks",
    Metric("DeadlocksLogged", MetricSource.LOG),
    '"]:ERROR:  deadlock detected"',
    "deadlocks",
)
SLOW_STATEMENTS = LogMetric(
    "slow-statements",
    Metric("SlowStatements", MetricSource.LOG),
    '"]:LOG:  duration: " " ms  plan:"',
    "plans logged by auto_explain",
)

DAYS_SINCE_ROTATION = Metric("DaysSinceRotation", MetricSource.ROTATION_LOG)
"""Extracted from the log of the rotation function."""

REPAIRS = Metric("RepairedDifferences", MetricSource.SETUP_LOG)
"""Extracted from the log of the setup function."""

LOG_METRICS = (FATAL_ERRORS, ERRORS, LOGIN_FAILURES, DEADLOCKS, SLOW_STATEMENTS)
