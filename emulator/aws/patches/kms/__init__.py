"""Patches of moto's KMS."""
