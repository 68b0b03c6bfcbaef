"""Alarms, notifications and the dashboard."""

from components.aurora_data_platform.observability.observability import Observability

__all__ = ["Observability"]
