"""Patches of moto's CloudWatch Logs."""
