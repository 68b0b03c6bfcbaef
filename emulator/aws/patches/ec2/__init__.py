"""Patches of moto's EC2."""
