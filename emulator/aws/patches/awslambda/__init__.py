"""Patches of moto's Lambda."""
