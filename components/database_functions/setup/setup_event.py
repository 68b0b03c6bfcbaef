"""The events of the setup function, and the log line that reports a setup."""

APPLY, CHECK, PLAN = "apply", "check", "plan"
MODES = (APPLY, CHECK, PLAN)
DECLARATION_FILE = "declaration.json"
"""In the deployment package, next to the handler, for checks: EventBridge sends at most 8,192
characters to a target (EventBridge API, Target, Input)."""
EVENT = "setup"
"""Value of `event` in the log line."""
REPAIRED = "repaired"
"""Member of the log line with the number of differences that a check repaired."""
