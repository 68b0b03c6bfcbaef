"""Patches of moto's Secrets Manager."""
