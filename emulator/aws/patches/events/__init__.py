"""Patches of moto's EventBridge."""
