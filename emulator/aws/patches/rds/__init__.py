"""Patches of moto's RDS."""
