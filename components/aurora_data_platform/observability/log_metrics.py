"""Metrics counted from the lines of PostgreSQL's log.

Aurora writes `time:client:user@database:[process]:SEVERITY:  message`; its prefix cannot be changed
(Amazon Aurora User Guide, PostgreSQL database log files). Patterns: CloudWatch Logs user guide,
Filter pattern syntax; terms side by side must all be there, of terms after `?` one.
"""

from dataclasses import dataclass

from components.aurora_data_platform.observability.metrics import Metric, Scope


@dataclass(frozen=True)
class LogMetric:
    """Lines that are counted.

    Attributes:
        key: Stable part of the filter's name.
        metric: What they are counted as.
        pattern: Which lines.
        meaning: What they say, for the dashboard.
    """

    key: str
    metric: Metric
    pattern: str
    meaning: str


FATAL_ERRORS = LogMetric(
    "fatal-errors", Metric("FatalErrors", Scope.LOG), '"]:FATAL:"', "sessions ended or refused"
)
ERRORS = LogMetric("errors", Metric("Errors", Scope.LOG), '"]:ERROR:"', "statements failed")
LOGIN_FAILURES = LogMetric(
    "login-failures",
    Metric("LoginFailures", Scope.LOG),
    '?"password authentication failed for user" ?"PAM authentication failed for user" '
    '?"no pg_hba.conf entry for"',
    "logins refused",
)
DEADLOCKS = LogMetric(
    "deadlocks",
    Metric("DeadlocksLogged", Scope.LOG),
    '"]:ERROR:" "deadlock detected"',
    "deadlocks",
)
SLOW_STATEMENTS = LogMetric(
    "slow-statements",
    Metric("SlowStatements", Scope.LOG),
    '"]:LOG:" "duration:" "plan:"',
    "plans logged by auto_explain",
)

LOG_METRICS = (FATAL_ERRORS, ERRORS, LOGIN_FAILURES, DEADLOCKS, SLOW_STATEMENTS)
