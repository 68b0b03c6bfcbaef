"""How the age of a secret is asked for, and told: what the function and its surroundings share."""

CHECK = "RotationAge"
"""Value of `Check` in the event that asks."""
EVENT = "rotation age"
"""Value of `event` in the line of the log that tells."""
DAYS = "days"
"""Member of that line with the days since the last rotation."""
