"""Patches of moto's IAM."""
