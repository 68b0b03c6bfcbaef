"""Patches to RDS: backups, point-in-time recovery and maintenance."""
