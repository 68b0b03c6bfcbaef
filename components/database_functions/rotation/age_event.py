"""The event that requests the age of a secret, and the log line that reports it."""

CHECK = "RotationAge"
"""Value of `Check` in the event."""
EVENT = "rotation_age"
"""Value of `event` in the log line."""
DAYS = "days"
"""Member of the log line with the days since the last rotation."""
