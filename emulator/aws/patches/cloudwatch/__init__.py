"""Patches of moto's CloudWatch."""
