"""Simulated days of a platform, and what its alarms and charts show on each."""
