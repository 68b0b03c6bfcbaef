"""Patches of moto's SNS."""
