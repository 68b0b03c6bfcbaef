"""Metrics made from logs, above all counted from the lines of PostgreSQL's.

Aurora writes `time:client:user@database:[process]:SEVERITY:  message`; its prefix cannot be changed
(Amazon Aurora User Guide, PostgreSQL database log files). Patterns: CloudWatch Logs user guide,
Filter pattern syntax; terms side by side must all be there, of terms after `?` one. A term begins
with the end of the prefix, because with log_statement the log also holds what people write.
"""

from dataclasses import dataclass

from components.aurora_data_platform.observability.metrics import Metric
from components.aurora_data_platform.observability.scopes import Scope


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
    '?"]:FATAL:  password authentication failed" ?"]:FATAL:  PAM authentication failed" '
    '?"]:FATAL:  no pg_hba.conf entry"',
    "logins refused",
)
DEADLOCKS = LogMetric(
    "deadlocks",
    Metric("DeadlocksLogged", Scope.LOG),
    '"]:ERROR:  deadlock detected"',
    "deadlocks",
)
SLOW_STATEMENTS = LogMetric(
    "slow-statements",
    Metric("SlowStatements", Scope.LOG),
    '"]:LOG:  duration: " " ms  plan:"',
    "plans logged by auto_explain",
)

DAYS_SINCE_ROTATION = Metric("DaysSinceRotation", Scope.ROTATION_LOG)
"""Told by the rotation function's own log."""

LOG_METRICS = (FATAL_ERRORS, ERRORS, LOGIN_FAILURES, DEADLOCKS, SLOW_STATEMENTS)
