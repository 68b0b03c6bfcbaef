"""What tells people how the database is: alarms, notifications, a dashboard."""

from components.aurora_data_platform.observability.observability import Observability

__all__ = ["Observability"]
